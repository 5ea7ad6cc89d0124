"""Orders of operations about the daily close: how days close, leave to close one, and what becomes of what is held.

Bands are terms of a policy. A percentage is in percent, a rate is a fraction (0.04 is 4%), a yield is in percent as it
is published.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, RootModel, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.types import Day, Figure, Identifier, Message, Percent, Rate, YieldPercent

LATE_AFTER_MINUTES = 120
A_WEEK = 7 * 24 * 60
Minutes = Annotated[int, Field(ge=1, le=A_WEEK, strict=True)]
Reason = Annotated[str, Field(min_length=1, max_length=200)]
ItemName = Annotated[str, Field(min_length=1, max_length=600)]
"""The name of one held value, as its alarm and `annuity-ledger close status` give it."""


class UnitValueBand(Message):
    """How far a unit value may move against that of the last closed day, up or down, itself included, in percent.

    Without `fund` it is for every fund that has no band of its own.
    """

    fund: Identifier | None = None
    percent: Percent


class RateBand(Message):
    """From `lowest` to `highest`, both included; one that is not given is no limit."""

    lowest: Rate | None = None
    highest: Rate | None = None

    @model_validator(mode="after")
    def _limits(self) -> RateBand:
        if self.lowest is None and self.highest is None:
            raise PydanticCustomError("missing", "a band has a lowest or a highest value")
        if self.lowest is not None and self.highest is not None and self.highest < self.lowest:
            raise PydanticCustomError("invalid_value", "a band's highest value is not below its lowest")
        return self


class OptionBand(RateBand):
    """A band for rates of fixed options: of a contract's option, of a contract, of options of that name, or of all.

    Where several fit, the first of these counts.
    """

    contract_id: Identifier | None = None
    option: Identifier | None = None


class SeriesBand(RateBand):
    """A band for the guaranteed rates offered of a series; without one, of every series that has none of its own."""

    series: Identifier | None = None


class YieldBand(RateBand):
    """A band for the yields of a series, in percent; likewise."""

    series: Identifier | None = None
    lowest: YieldPercent | None = None
    highest: YieldPercent | None = None


class ClosingPolicy(Message):
    """How days close from a day on, until a later policy says otherwise; one for the same day replaces it.

    Without any policy a day closes by itself once it is complete, there are no bands, and no notice when it is late.
    """

    kind: Literal["policy"]
    effective_from: Day
    authorised_by: Identifier
    closes: Literal["automatic", "by_command"] = "automatic"
    late_after_minutes: Minutes = LATE_AFTER_MINUTES
    unit_values: tuple[UnitValueBand, ...] = ()
    declared_rates: tuple[OptionBand, ...] = ()
    one_year_minimums: tuple[OptionBand, ...] = ()
    guaranteed_rates: tuple[SeriesBand, ...] = ()
    yields: tuple[YieldBand, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> ClosingPolicy:
        of_options = ((band.contract_id, band.option) for band in self.declared_rates)
        of_minimums = ((band.contract_id, band.option) for band in self.one_year_minimums)
        of_series, of_yields = (band.series for band in self.guaranteed_rates), (band.series for band in self.yields)
        for names in ((band.fund for band in self.unit_values), of_options, of_minimums, of_series, of_yields):
            named = [*names]
            if len(set(named)) != len(named):
                raise PydanticCustomError("option_named_twice", "each band is given once")
        return self


class CloseOrder(Message):
    """Leave to close a day, where days close by command; it closes when it is complete and nothing is held."""

    kind: Literal["close"]
    date: Day
    authorised_by: Identifier


class _Judgement(Message):
    item: ItemName
    value: Figure
    authorised_by: Identifier
    reason: Reason


class ReleaseOrder(_Judgement):
    """A held value is right: it counts. Of the same item another value, which replaces it, is not released by this."""

    kind: Literal["release"]


class DiscardOrder(_Judgement):
    """A held value is wrong and nothing replaces it: the message that brought it counts as not sent."""

    kind: Literal["discard"]


class ClosingOrder(
    RootModel[Annotated[ClosingPolicy | CloseOrder | ReleaseOrder | DiscardOrder, Field(discriminator="kind")]]
):
    """One message of the topic `closing-orders`."""
