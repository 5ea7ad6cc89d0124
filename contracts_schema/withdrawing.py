"""Why money is withdrawn, what of it is taken from where, and what is withheld of it for tax."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.shares import Classification, Incoming, Term, check_named_once, check_percentages
from contracts_schema.types import Identifier, Percent, PositiveMoney


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


class WithdrawalFrom(Incoming):
    """An option (and term, or classification) that an amount is taken from; `percent` says its share, on every leg or
    on none.
    """

    option: Identifier
    term: Term | None = None
    classification: Classification | None = None
    percent: Percent | None = None


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


def check_quantity(amount: Decimal | None, percent: Decimal | None, full: Literal[True] | None) -> None:
    """Refuse none or several of amount, percent and full, and a percentage above 100."""
    if sum(value is not None for value in (amount, percent, full)) != 1:
        raise PydanticCustomError("one_quantity", "exactly one of amount, percent and full is given")
    if percent is not None and percent > 100:
        raise PydanticCustomError("percent_out_of_range", "a percentage is at most 100")


def check_legs(legs: Sequence[WithdrawalFrom], full: Literal[True] | None) -> None:
    """Refuse legs of which some say a percentage and some none, or that do not add up; a leg named twice."""
    percentages = [leg.percent for leg in legs if leg.percent is not None]
    if percentages and len(percentages) != len(legs):
        raise PydanticCustomError("percentages_not_100", "from: every leg says its percentage, or none does")
    if percentages and full:
        raise PydanticCustomError("one_quantity", "from: full takes all of every leg, so none says a percentage")
    check_percentages(percentages, "from")
    check_named_once([(leg.option, leg.term, leg.classification) for leg in legs], "from")
