"""Loans of a plan, as contract terms (WDL-9). The loans themselves are kept by the plan's loan system."""

from __future__ import annotations

from typing import Literal

from contracts_schema.types import Message


class LoanTerms(Message):
    """That the plan gives loans; a contract without these terms has none (WDL-9).

    A loan is never taken of the Roth account, nor does a balance outstanding or a default touch it, unless the plan
    permits it (`from_roth`). `balances` says what the loan system's balances are of: the participant, whose accounts
    then stand in for it together, or one account. The documents are silent on charges on repayments: they bear none
    unless `repayments_bear_charges`, because the money bore them when it came first (DEP-1).
    """

    from_roth: bool = False
    balances: Literal["participant", "account"] = "participant"
    repayments_bear_charges: bool = False
