"""Charges and prices that unit values are reckoned from, and what is told of each that was (FND-1, FND-2, FND-3).

Charges are of the Separate Account's funds alone: there is no place here for one on Fixed Account 2 or on a guaranteed
term (FND-5). A charge is an annual rate as a fraction (0.0125 is 1.25%), deducted daily.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.types import (
    ChargeOfPeriod,
    Day,
    Identifier,
    InvestmentFactor,
    Message,
    MinimumRate,
    PerShare,
    Quantity,
    SharePrice,
    UnitValue,
)
from contracts_schema.written import Written

Phase = Literal["accumulation", "annuity"]
"""What a charge class is of: accumulation units, or the annuity units that variable payments are counted in."""

Way = Literal["given", "factor", "factor_inputs", "shares", "price", "first"]
"""How a unit value came: given, by a factor, or reckoned."""


class SubaccountAdjustment(Message):
    """The Subaccount Administrative Adjustment Charge of one fund; a fund that is not listed bears none (FND-2)."""

    fund: Identifier
    charge: MinimumRate


class ChargeSchedule(Message):
    """The daily charges of a charge class from a day on, until its next schedule (DAC §§1.17, 3.06, 3.07, 9.13).

    Either `daily_asset_charge`, which `additional_services` add to, with `adjustments` of listed funds; or, of
    contracts that are not on the Daily Asset Charge, `mortality_and_expense` and `administrative` (FND-3, E-FA2 §11).
    Together they are never more than `maximum`, where one is stated. A class of annuity units bears no additions and no
    adjustments, states its maximum (Contract Schedule II, FND-6), and the `assumed_rate` that its unit values are net
    of (INC-4). `first_unit_value` is where a fund begins that has had no unit value in the class.
    """

    charge_class: Identifier
    effective_from: Day
    phase: Phase = "accumulation"
    daily_asset_charge: MinimumRate | None = None
    mortality_and_expense: MinimumRate | None = None
    administrative: MinimumRate | None = None
    additional_services: MinimumRate = Decimal(0)
    adjustments: tuple[SubaccountAdjustment, ...] = ()
    maximum: MinimumRate | None = None
    assumed_rate: MinimumRate | None = None
    first_unit_value: UnitValue = Decimal("10.000000")

    @model_validator(mode="after")
    def _one_way(self) -> ChargeSchedule:
        other = (self.mortality_and_expense, self.administrative)
        if (self.daily_asset_charge is None) == (other == (None, None)):
            raise PydanticCustomError(
                "one_quantity",
                "either daily_asset_charge is given, or mortality_and_expense and administrative are (FND-3)",
            )
        additions = bool(self.additional_services) or bool(self.adjustments)
        if self.daily_asset_charge is None and additions:
            raise PydanticCustomError("invalid_value", "additions and adjustments go with a daily_asset_charge (FND-3)")
        if len({listed.fund for listed in self.adjustments}) != len(self.adjustments):
            raise PydanticCustomError("invalid_value", "each fund has one adjustment (FND-2)")
        self._check_phase(additions=additions)
        return self

    def _check_phase(self, *, additions: bool) -> None:
        annuity = self.phase == "annuity"
        if annuity and additions:
            raise PydanticCustomError("invalid_value", "annuity units bear the Daily Asset Charge only (FND-6)")
        if annuity and self.maximum is None:
            raise PydanticCustomError("missing", "charges of annuity units state their maximum (FND-6)")
        if annuity != (self.assumed_rate is not None):
            raise PydanticCustomError("invalid_value", "an assumed_rate is of annuity units, and all have one (INC-4)")

    def adjustment_of(self, fund: str) -> Decimal:
        """The adjustment charge of a fund, zero where it is not listed (FND-2)."""
        return next((listed.charge for listed in self.adjustments if listed.fund == fund), Decimal(0))


class ShareValues(Message):
    """The letters of the net investment factor but for e (FND-1, DAC §3.06), over all charge classes of a fund.

    a, b: value of the fund's shares on this and on the prior Valuation Date (dollars); c: taxes (dollars); d: value of
    accumulation and annuity units on the prior date (dollars, more than zero).
    """

    a: Quantity
    b: Quantity
    c: Quantity = Decimal(0)
    d: Quantity

    @model_validator(mode="after")
    def _units_held(self) -> ShareValues:
        if self.d <= 0:
            raise PydanticCustomError("number_zero", "d, the value of the units, must be more than zero")
        return self

    @model_validator(mode="after")
    def _possible(self) -> ShareValues:
        if not 0 < self.d + self.a - self.b - self.c < 1000 * self.d:
            raise PydanticCustomError("invalid_value", "the factor must be more than 0 and less than 1000")
        return self


class FundPrice(Message):
    """What a fund was worth on one Valuation Date, for every charge class in force: by share, or by the shares held.

    Exactly one of `price` (dollars per share) and `shares`. With a price go the `distribution` that a share brought
    since the prior Valuation Date, for those who held it then, and the `tax` on it, in dollars per share.
    """

    fund: Identifier
    valuation_date: Day
    price: SharePrice | None = None
    distribution: PerShare = Decimal(0)
    tax: Quantity = Decimal(0)
    shares: ShareValues | None = None

    @model_validator(mode="after")
    def _one_way(self) -> FundPrice:
        if (self.price is None) == (self.shares is None):
            raise PydanticCustomError("one_quantity", "exactly one of price and shares is given")
        if self.shares is not None and (self.distribution or self.tax):
            raise PydanticCustomError("invalid_value", "a distribution and its tax go with a price")
        return self


class DaysCharged(Written):
    """Days of a Valuation Period on which one schedule was in force, and the annual rates charged for them (FND-2)."""

    days: int
    effective_from: Day
    daily_asset_charge: MinimumRate | None = None
    mortality_and_expense: MinimumRate | None = None
    administrative: MinimumRate | None = None
    additional_services: MinimumRate
    adjustment: MinimumRate


class UnitValueReckoned(Written):
    """The unit value of a fund for a charge class on a closed day, and all that it follows from (FND-1).

    `way` says how it came: `given` or by a `factor` or `factor_inputs` of `fund-values`; reckoned from the shares held
    or a `price` of `fund-prices`; or the `first` of its class. The factor is 1 + (a - b - c)/d - e to 7 places; the
    letters are dollars per share where it came by a price: a = price + distribution, b = d = the prior price, c = tax.
    `e` is the charges of the `days` since `previous`, the prior Valuation Date: of each part the rates together x days
    / 365, the sum to 20 places. The unit value is the prior one x factor to 6 places; for annuity units, where
    `assumed_rate` is there, divided by (1 + assumed_rate)^(days / 365) before that.
    """

    version: Literal[1] = 1
    kind: Literal["unit_value_reckoned"] = "unit_value_reckoned"
    fund: Identifier
    charge_class: Identifier
    valuation_date: Day
    previous: Day | None = None
    days: Annotated[int, Field(ge=1)] | None = None
    way: Way
    price: SharePrice | None = None
    distribution: PerShare | None = None
    a: Quantity | None = None
    b: Quantity | None = None
    c: Quantity | None = None
    d: Quantity | None = None
    e: ChargeOfPeriod | None = None
    charges: tuple[DaysCharged, ...] = ()
    assumed_rate: MinimumRate | None = None
    net_investment_factor: InvestmentFactor | None = None
    prior_unit_value: UnitValue | None = None
    unit_value: UnitValue
    rules: tuple[str, ...]
