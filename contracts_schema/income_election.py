"""The election of an annuity option, as its senders publish it (INC-1..4)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.shares import (
    Classification,
    Incoming,
    Legs,
    Shares,
    Term,
    check_named_once,
    check_percentages,
)
from contracts_schema.terms import AccountType
from contracts_schema.types import Day, Identifier, Percent, PositiveMoney

Frequency = Literal["monthly", "quarterly", "semiannual", "annual"]
MONTHS_BETWEEN: dict[str, int] = {"monthly": 1, "quarterly": 3, "semiannual": 6, "annual": 12}


class IncomeFrom(Incoming):
    """An option (and term, or classification) that the amount is taken from; `percent` says its share, on every leg or
    on none.
    """

    option: Identifier
    term: Term | None = None
    classification: Classification | None = None
    percent: Percent | None = None


class IncomeElection(Incoming):
    """Elects an annuity option and applies an amount of an account to it: exactly one of amount, percent and full.

    Dollars are what is applied, after any adjustment. `period_certain` is option 3, payments for a number of years;
    of `lifetime` the amount is recorded, what it pays is reckoned elsewhere. Variable payments name the funds whose
    annuity units they are counted in (INC-4). Without `from` the amount is taken pro rata from every option.
    """

    kind: Literal["income_election"]
    account: AccountType
    annuity: Literal["period_certain", "lifetime"]
    years: Annotated[int, Field(ge=1, le=100, strict=True)] | None = None
    payments: Literal["fixed", "variable"] = "fixed"
    funds: Shares | None = None
    frequency: Frequency = "monthly"
    first_payment: Day
    amount: PositiveMoney | None = None
    percent: Percent | None = None
    full: Literal[True] | None = None
    from_: Legs[tuple[IncomeFrom, ...]] | None = Field(default=None, alias="from")
    payee: Annotated[str, Field(max_length=128)] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> IncomeElection:
        if sum(value is not None for value in (self.amount, self.percent, self.full)) != 1:
            raise PydanticCustomError("one_quantity", "exactly one of amount, percent and full is given")
        if self.percent is not None and self.percent > 100:
            raise PydanticCustomError("percent_out_of_range", "a percentage is at most 100")
        if (self.annuity == "period_certain") != (self.years is not None):
            raise PydanticCustomError("invalid_value", "period_certain, and it alone, says its years")
        if (self.payments == "variable") != (self.funds is not None):
            raise PydanticCustomError("invalid_value", "variable payments, and they alone, name their funds")
        self._check_legs()
        return self

    def _check_legs(self) -> None:
        legs = self.from_ or ()
        percentages = [leg.percent for leg in legs if leg.percent is not None]
        if percentages and len(percentages) != len(legs):
            raise PydanticCustomError("percentages_not_100", "from: every leg says its percentage, or none does")
        if percentages and self.full:
            raise PydanticCustomError("one_quantity", "from: full takes all of every leg, so none says a percentage")
        check_percentages(percentages, "from")
        check_named_once([(leg.option, leg.term, leg.classification) for leg in legs], "from")
