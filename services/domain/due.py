"""What is due for a participant, and by whose close: of each kind of thing that time brings, one function.

Each reads the books alone, so that what is due can be found again in them by whoever takes a partition over. None of
them is asked where there is nothing of its kind: the date of every participant that changes is reckoned.
"""

from __future__ import annotations

from datetime import date, timedelta

from services.domain.fee_dates import FeeDates
from services.domain.income_payments import payment_due
from services.domain.installments import installment_due
from services.domain.state import Lot, Participant, RateLock, Waiting

_DAY = timedelta(days=1)


def due_date(participant: Participant) -> date | None:
    """The earliest day by whose close anything is due, None if nothing is."""
    days = [request_due(waiting) for waiting in participant.waiting]
    if participant.rate_lock is not None:
        days.append(rate_lock_due(participant.rate_lock))
    for account in participant.accounts:
        if account.fee is not None:
            days.append(anniversary_due(account.fee))
        if account.payable is not None:
            days.append(installment_due(participant, account))
        if account.incomes:
            days.append(payment_due(participant))
        if account.lots:
            days += [disposal_due(lot) if lot.matured else maturity_due(lot) for lot in account.lots]
            days += [notice_due(lot) for lot in account.lots if lot.notice_from is not None]
    return min(filter(None, days), default=None)


def request_due(waiting: Waiting) -> date | None:
    """The trade date that a request waits for (GEN-1)."""
    return waiting.trade_date


def anniversary_due(fee: FeeDates) -> date | None:
    """The anniversary on which an account owes a fee next; None while it holds nothing (WDL-5)."""
    return fee.due


def maturity_due(lot: Lot) -> date | None:
    """The day on which a lot matures that has not yet (MAT-5)."""
    return lot.maturity


def disposal_due(lot: Lot) -> date | None:
    """The day after the maturity of a matured lot that waited through it for an election; None where it is decided what
    became of it (MAT-3, MAT-6).
    """
    return lot.maturity + _DAY if lot.undecided else None


def notice_due(lot: Lot) -> date | None:
    """The first day at whose close the notice that a lot will mature may be due, None where none is to come (MAT-1)."""
    return lot.notice_from


def rate_lock_due(lock: RateLock) -> date | None:
    """The day after the last one of a rate lock that nothing was received under (GAA-7)."""
    return lock.through + _DAY if lock.unused else None
