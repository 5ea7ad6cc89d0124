"""The early withdrawal charge of a contract: its schedules, and what it is not taken of (WDL-4)."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.types import Identifier, Message, PercentOrZero
from contracts_schema.withdrawing import WithdrawalReason

PaymentKind = Literal["installment", "lump_sum"]
"""What an Individual Account takes: payments that go on, or one; charge schedules are per kind (ACC-3, WDL-4)."""


class ChargeStep(Message):
    """The percentage that holds once so many years (or whatever the schedule counts) are completed."""

    completed: Annotated[int, Field(ge=0, le=100, strict=True)]
    percent: PercentOrZero


class AccountYears(Message):
    """Percentages by completed years since the Individual Account's effective date; the last step's stays."""

    basis: Literal["account_years"]
    steps: Annotated[tuple[ChargeStep, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> AccountYears:
        check_steps(self.steps)
        return self


def check_steps(steps: tuple[ChargeStep, ...]) -> None:
    """Refuse steps that do not begin with nothing completed or do not ascend, and percentages above 100."""
    if steps[0].completed != 0 or any(one.completed >= other.completed for one, other in pairwise(steps)):
        raise PydanticCustomError("invalid_value", "a charge's steps begin with 0 completed, and ascend (WDL-4)")
    if any(step.percent > 100 for step in steps):
        raise PydanticCustomError("percent_out_of_range", "a charge is at most 100 percent (WDL-4)")


class Cycles(Message):
    """Percentages by the purchase payment cycles that an installment account has completed (ACC-3)."""

    basis: Literal["cycles"]
    steps: Annotated[tuple[ChargeStep, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Cycles:
        check_steps(self.steps)
        return self


Schedule = Annotated[AccountYears | Cycles, Field(discriminator="basis")]
"""By what a charge goes down; `basis` tells the kinds apart."""


class EarlyWithdrawalCharge(Message):
    """The charge on what is withdrawn from funds and fixed options, but for Fixed Plus Account II (DAC §6.04).

    A kind of payment without a schedule bears none. It is a percentage of the value taken, before the market value
    adjustment, unless `base` says after it. Withdrawals for `exempt_reasons`, and what is taken of `exempt_options`,
    are free of it. Only installments complete cycles: the schedule of a lump sum is by account years.
    """

    installment: Schedule | None = None
    lump_sum: AccountYears | None = None
    base: Literal["value_taken", "after_adjustment"] = "value_taken"
    exempt_reasons: tuple[WithdrawalReason, ...] = ()
    exempt_options: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _some_schedule(self) -> EarlyWithdrawalCharge:
        if self.installment is None and self.lump_sum is None:
            raise PydanticCustomError("invalid_value", "an early withdrawal charge has at least one schedule (WDL-4)")
        return self

    def schedule_of(self, kind: PaymentKind) -> Schedule | None:
        """The schedule of accounts of a kind of payment, or None."""
        return self.lump_sum if kind == "lump_sum" else self.installment
