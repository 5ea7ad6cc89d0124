"""Why money is withdrawn, and what is withheld of it for tax."""

from __future__ import annotations

from enum import StrEnum

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.shares import Incoming
from contracts_schema.types import Percent, PositiveMoney


class WithdrawalReason(StrEnum):
    """Why money is withdrawn; the market value adjustment may depend on it (MVA-7), and the early withdrawal charge
    (WDL-4).

    `death_deferred` is a death benefit whose payment the beneficiary had elected to defer (MVA-10).
    `contract_surrender` is a withdrawal by the contract holder (WDL-13).
    """

    IN_SERVICE = "in_service"
    SEPARATION = "separation"
    HARDSHIP = "hardship"
    DEATH = "death"
    DEATH_DEFERRED = "death_deferred"
    DISABILITY = "disability"
    LIFETIME_INCOME = "lifetime_income"
    NONLIFETIME_INCOME = "nonlifetime_income"
    SYSTEMATIC = "systematic"
    LOAN = "loan"
    CONTRACT_SURRENDER = "contract_surrender"


class Withholding(Incoming):
    """Tax to withhold: a percentage of what is payable, or dollars of it (WDL-12)."""

    percent: Percent | None = None
    amount: PositiveMoney | None = None

    @model_validator(mode="after")
    def _one_quantity(self) -> Withholding:
        if (self.percent is None) == (self.amount is None):
            raise PydanticCustomError("one_quantity", "withholding says exactly one of percent and amount")
        if self.percent is not None and self.percent > 100:
            raise PydanticCustomError("percent_out_of_range", "a percentage is at most 100")
        return self
