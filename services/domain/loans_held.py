"""What the books keep of a participant's loans (WDL-9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_schema.terms import AccountType
from contracts_schema.values import Value


class LoanOutstanding(Value, frozen=True):
    """The balance outstanding, in dollars, of an account, or without one of the participant, and the day it is of."""

    account: AccountType | None
    balance: Decimal
    day: date
