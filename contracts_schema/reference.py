"""Reference messages: prices, rates, offerings and yields, as operations publish them.

They are checked as a whole: what is not exactly of this shape, or breaks a rule, is refused with an
alarm and the value in force stays (FIX-6). Money and rates are strings; a rate is a fraction (0.04 is
4%), a published yield is in percent as the Treasury prints it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, RootModel, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.types import (
    Day,
    Identifier,
    InvestmentFactor,
    Message,
    Quantity,
    Rate,
    UnitValue,
    YieldPercent,
)
from contracts_schema.unit_values import ShareValues


class FactorInputs(ShareValues):
    """The letters of the net investment factor 1 + (a − b − c)/d − e (FND-1, DAC §3.06).

    a, b: value of the fund's shares on this and on the prior Valuation Date (dollars); c: taxes
    (dollars); d: value of accumulation and annuity units on the prior date (dollars, not zero); e: the
    daily charges of the period, as a fraction. Without e it is reckoned from the class's charge schedule (FND-2).
    """

    e: Quantity | None = None

    @model_validator(mode="after")
    def _possible(self) -> FactorInputs:
        if not 0 < self.d - (self.e or 0) * self.d + self.a - self.b - self.c < 1000 * self.d:
            raise PydanticCustomError("invalid_value", "the factor must be more than 0 and less than 1000")
        return self


class FundValue(Message):
    """A fund's value for one charge class on one Valuation Date: given, or by the factor it follows from.

    Exactly one of `unit_value` (6 places), `net_investment_factor` (7 places) and `factor_inputs`.
    """

    fund: Identifier
    charge_class: Identifier
    valuation_date: Day
    unit_value: UnitValue | None = None
    net_investment_factor: InvestmentFactor | None = None
    factor_inputs: FactorInputs | None = None

    @model_validator(mode="after")
    def _one_way(self) -> FundValue:
        ways = (self.unit_value, self.net_investment_factor, self.factor_inputs)
        if sum(way is not None for way in ways) != 1:
            raise PydanticCustomError(
                "one_quantity", "exactly one of unit_value, net_investment_factor and factor_inputs is given"
            )
        return self


class DeclaredRate(Message):
    """The rate declared of a fixed option of any kind from a day on, until another is (FIX-1, FIX-2, FIX-5..7)."""

    kind: Literal["declared"]
    contract_id: Identifier
    option: Identifier
    effective_from: Day
    rate: Rate


class OneYearMinimum(Message):
    """Fixed Account 2's minimum for a calendar year, published before the year begins (FIX-5)."""

    kind: Literal["one_year_minimum"]
    contract_id: Identifier
    option: Identifier
    year: Annotated[int, Field(ge=1990, le=2200, strict=True)]
    rate: Rate


class CreditedRate(RootModel[Annotated[DeclaredRate | OneYearMinimum, Field(discriminator="kind")]]):
    """One message of the topic `credited-rates`: a declared rate or a one-year minimum."""


class RateStep(Message):
    """A guaranteed rate credited up to and including the day `through`."""

    rate: Rate
    through: Day


class GuaranteedTerm(Message):
    """A term offered: its length in years, its maturity date and its rate steps (GAA-1)."""

    years: Annotated[int, Field(ge=1, le=10, strict=True)]
    maturity: Day
    steps: Annotated[tuple[RateStep, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _steps_reach_maturity(self) -> GuaranteedTerm:
        ends = [step.through for step in self.steps]
        if ends != sorted(set(ends)) or ends[-1] != self.maturity:
            raise PydanticCustomError("invalid_steps", "steps end in ascending order, the last at maturity")
        if self.years == 1 and len(ends) > 1:
            raise PydanticCustomError("invalid_steps", "a term of one year has one rate (GAA-1)")
        if any(step.rate < 0 for step in self.steps):
            raise PydanticCustomError("number_negative", "a guaranteed rate is not negative")
        return self


class GuaranteedOffering(Message):
    """A deposit period of a series of guaranteed terms, both days included, and what it offers (GAA-1)."""

    series: Identifier
    offering_id: Identifier
    period_start: Day
    period_end: Day
    terms: Annotated[tuple[GuaranteedTerm, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> GuaranteedOffering:
        if self.period_end < self.period_start:
            raise PydanticCustomError("invalid_period", "the deposit period ends before it starts")
        if len({term.years for term in self.terms}) != len(self.terms):
            raise PydanticCustomError("invalid_terms", "each length of term is offered once in a deposit period")
        if any(term.steps[0].through <= self.period_end for term in self.terms):
            raise PydanticCustomError("invalid_terms", "a first rate step ends after the deposit period")
        return self


class ConstantMaturityPoint(Message):
    """A constant-maturity rate: maturity in years, yield in percent."""

    years: Annotated[int, Field(ge=1, le=30, strict=True)]
    percent: YieldPercent


class TreasuryNotePoint(Message):
    """The yield to maturity of one Treasury Note, in percent."""

    note: Identifier
    maturity: Day
    percent: YieldPercent


class NotPublished(Message):
    """An authorised statement that a series has no yields for the date (MVA-4 then applies)."""

    authorised_by: Identifier
    reason: Annotated[str, Field(min_length=1, max_length=200)]


class MarketYields(Message):
    """The yields of a series on one date: constant maturities, or Treasury Notes, or "not published"."""

    series: Identifier
    date: Day
    constant_maturity: tuple[ConstantMaturityPoint, ...] = ()
    notes: tuple[TreasuryNotePoint, ...] = ()
    not_published: NotPublished | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> MarketYields:
        kinds = (bool(self.constant_maturity), bool(self.notes), self.not_published is not None)
        if sum(kinds) != 1:
            raise PydanticCustomError(
                "one_quantity", "exactly one of constant_maturity, notes and not_published is given"
            )
        years = [point.years for point in self.constant_maturity]
        if years != sorted(set(years)) or len({point.note for point in self.notes}) != len(self.notes):
            raise PydanticCustomError("invalid_value", "maturities ascend, and each point is named once")
        return self
