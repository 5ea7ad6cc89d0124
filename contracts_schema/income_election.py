"""The election of an annuity option, as its senders publish it (INC-1..4)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.shares import Incoming, Legs, Shares
from contracts_schema.terms import AccountType
from contracts_schema.types import Day, Percent, PositiveMoney
from contracts_schema.withdrawing import WithdrawalFrom, check_legs, check_quantity

Frequency = Literal["monthly", "quarterly", "semiannual", "annual"]
MONTHS_BETWEEN: dict[str, int] = {"monthly": 1, "quarterly": 3, "semiannual": 6, "annual": 12}


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
    from_: Legs[tuple[WithdrawalFrom, ...]] | None = Field(default=None, alias="from")
    payee: Annotated[str, Field(max_length=128)] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> IncomeElection:
        check_quantity(self.amount, self.percent, self.full)
        if (self.annuity == "period_certain") != (self.years is not None):
            raise PydanticCustomError("invalid_value", "period_certain, and it alone, says its years")
        if (self.payments == "variable") != (self.funds is not None):
            raise PydanticCustomError("invalid_value", "variable payments, and they alone, name their funds")
        check_legs(self.from_ or (), self.full)
        return self
