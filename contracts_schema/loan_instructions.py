"""What a plan's loan system tells of a participant's loans (WDL-9)."""

from __future__ import annotations

from typing import Literal

from contracts_schema.shares import Incoming
from contracts_schema.terms import AccountType
from contracts_schema.types import Day, MoneyOrZero, PositiveMoney


class LoanBalance(Incoming):
    """The balance outstanding, in dollars, at the end of `balance_on`: of an account, or without one of the
    participant, as the contract's terms have it. It takes the place of the balance before; zero says that the loan is
    repaid.
    """

    kind: Literal["loan_balance"]
    account: AccountType | None = None
    balance: MoneyOrZero
    balance_on: Day


class LoanDefault(Incoming):
    """That a loan is in default: what is outstanding, or `amount` of it, is to be deducted from an account, or without
    one from every account that loans may be taken of.
    """

    kind: Literal["loan_default"]
    account: AccountType | None = None
    amount: PositiveMoney | None = None
