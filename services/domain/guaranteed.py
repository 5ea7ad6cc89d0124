"""Lots of guaranteed terms: their index, lock-in, order and windows (GAA-1, GAA-2, GAA-4, GEN-5, WDL-2, MAT-4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from contracts_schema.options import GuaranteedOption
from contracts_schema.reference import GuaranteedOffering, GuaranteedTerm
from contracts_schema.shares import Classification
from services.domain.numbers import ONE, ZERO, growth, rounded
from services.domain.state import Account, Lot, Step

LONGEST_SHORT_TERM = 3
"""Years up to which a guaranteed term is of the short classification (GAA-3)."""


def lot_index(lot: Lot, day: date, places: int) -> Decimal:
    """A lot's index on a day, rounded: 1 on its deposit date, each step at its own rate, then after maturity.

    Interest runs from the deposit to the last day of the term (GAA-2); a value that stays after maturity
    earns the contract's minimum (MAT-3).
    """
    index, start = ONE, lot.deposited
    for step in (*lot.steps, Step(lot.after_maturity, date.max)):
        end = min(step.through, day)
        if end > start:
            index *= growth(step.rate, accrual_days(start, end))
            start = end
    return rounded(index, places)


def accrual_days(start: date, end: date) -> int:
    """The t of GEN-5 for guaranteed terms: 365 for each whole year, then days, so that a leap year credits r."""
    years = end.year - start.year
    if anniversary(start, years) > end:
        years -= 1
    return 365 * years + (end - anniversary(start, years)).days


def anniversary(start: date, years: int) -> date:
    """The same day that many years on; 29 February falls on the 28th where there is no other."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 2, 28)


def open_offering(offerings: Iterable[GuaranteedOffering], day: date) -> GuaranteedOffering | None:
    """The offering whose deposit period contains the day, or None (DEP-5)."""
    return next((offer for offer in offerings if offer.period_start <= day <= offer.period_end), None)


def offered_term(offering: GuaranteedOffering, years: int) -> GuaranteedTerm | None:
    """The term of that length, or None."""
    return next((term for term in offering.terms if term.years == years), None)


def lot_for(
    account: Account, option: GuaranteedOption, offering: GuaranteedOffering, term: GuaranteedTerm, day: date
) -> Lot:
    """The lot that money of a trade date belongs to; it has no units yet where it is new.

    Money of one day into one term earns alike in every respect and shares a lot; but what was reinvested at maturity
    keeps to itself, for it has a provision of its own (MAT-4).
    """
    for lot in account.lots:
        same = (option.option, offering.offering_id, term.years, day)
        if (lot.option, lot.offering, lot.years, lot.deposited) == same and lot.reinvested is None:
            return lot
    return new_lot(account, option, offering, term, day)


def new_lot(
    account: Account, option: GuaranteedOption, offering: GuaranteedOffering, term: GuaranteedTerm, day: date
) -> Lot:
    """A lot of a term, deposited on a day, that has no units yet."""
    return Lot(
        lot=f"{option.option}-{account.lots_made + 1}",
        option=option.option,
        offering=offering.offering_id,
        years=term.years,
        deposited=day,
        period_start=offering.period_start,
        period_end=offering.period_end,
        maturity=term.maturity,
        steps=tuple(Step(step.rate, step.through) for step in term.steps),
        locked_through=offering.period_end + timedelta(days=option.lock_in_days),
        after_maturity=option.minimum_rate,
        units=Decimal(0),
        notice_from=_notice_from(option, term.maturity, day),
    )


def _notice_from(option: GuaranteedOption, maturity: date, deposited: date) -> date | None:
    """The first day whose close may be the last that keeps the days of a notice, for less than five lie between two
    closes; and not before the deposit, where that leaves less than these days (MAT-1).
    """
    days = option.maturity_notice_days
    return None if days == 0 else max(deposited, maturity - timedelta(days=days + 4))


def oldest_first(lots: Iterable[Lot]) -> list[Lot]:
    """Lots in the order they are drawn: not yet matured, by deposit period, then by deposit date (WDL-2)."""
    return sorted(lots, key=lambda lot: (lot.matured, lot.period_start, lot.deposited, lot.maturity))


def locked_in(lot: Lot, day: date) -> bool:
    """Whether a lot may not be transferred on a day (GAA-4)."""
    return day < free_from(lot)


def free_from(lot: Lot) -> date:
    """The first day on which a lot may be transferred: the close of its deposit period + 91 days, or maturity."""
    return min(lot.locked_through + timedelta(days=1), lot.maturity)


def held_lots(account: Account, option: str) -> list[Lot]:
    """Lots of an option, oldest first."""
    return oldest_first(lot for lot in account.lots if lot.option == option)


def classification_of(years: int) -> Classification:
    """The classification of a length of term (GAA-3)."""
    return "short" if years <= LONGEST_SHORT_TERM else "long"


def in_window(lot: Lot, day: date) -> bool:
    """Whether the maturity value transfer provision holds for a lot on a trade date: until the last business day of the
    month after that of the maturity, while no request has used it (MAT-4).
    """
    if lot.reinvested is None:
        return False
    maturity = lot.reinvested.maturity
    return (day.year - maturity.year) * 12 + day.month - maturity.month <= 1


def free_value(lot: Lot, value: Decimal) -> Decimal:
    """How much of a lot in its window is free where it does not go as a whole: up to what was reinvested (MAT-4)."""
    return ZERO if lot.reinvested is None else min(lot.reinvested.amount, value)
