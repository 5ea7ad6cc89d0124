"""When withdrawals are paid: deferral in an emergency (WDL-7), and installments (WDL-8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.types import Day, Message, MinimumRate, Money

Deferrable = Literal["fixed_account_2", "guaranteed"]


class DeferralOrder(Message):
    """An order in an emergency: what withdrawals of its trade dates, both included, take from options of these `kinds`
    is paid `months` calendar months after the trade date, at most six (SUP, Withdrawals; GAA, Deferral of Payments).
    """

    from_day: Day
    through: Day
    months: Annotated[int, Field(ge=1, le=6, strict=True)] = 6
    kinds: Annotated[tuple[Deferrable, ...], Field(min_length=1)] = ("fixed_account_2", "guaranteed")

    @model_validator(mode="after")
    def _ends(self) -> DeferralOrder:
        if self.through < self.from_day:
            raise PydanticCustomError("invalid_period", "an order ends on or after the day it begins")
        return self


class FixedAccount2Total(Message):
    """What all accounts under the contract hold in Fixed Account 2 at the end of a day, in dollars."""

    as_of: Day
    amount: Money


class InstallmentTerms(Message):
    """The company pays withdrawals in equal monthly installments with interest, in arrears, where Fixed Account 2 is
    worth more than `threshold` on the day before.

    `basis`: in the Individual Account (E-FA2 §10), or over all accounts under the contract (SUP): then the last of
    `totals` that is of an earlier day than the withdrawal's trade date. `use`: every withdrawal, or only full ones.
    `part`: what comes from Fixed Account 2, or the whole payment. `rate` is the annual effective interest; without it
    the rate that Fixed Account 2 credits on the trade date.
    """

    threshold: Money = Decimal("250000.00")
    basis: Literal["individual_account", "contract"] = "individual_account"
    totals: tuple[FixedAccount2Total, ...] = ()
    use: Literal["every_withdrawal", "full_withdrawals"] = "every_withdrawal"
    months: Annotated[int, Field(ge=1, le=60, strict=True)] = 60
    part: Literal["fixed_account_2", "whole"] = "fixed_account_2"
    rate: MinimumRate | None = None

    @model_validator(mode="after")
    def _consistent(self) -> InstallmentTerms:
        if self.threshold < 250000:
            raise PydanticCustomError("invalid_value", "installments are for more than $250,000 (WDL-8)")
        days = [total.as_of for total in self.totals]
        if days != sorted(set(days)) or (days and self.basis != "contract"):
            raise PydanticCustomError("invalid_value", "totals, by ascending days, are of the basis contract alone")
        return self
