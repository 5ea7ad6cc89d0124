"""The market value adjustment, Method Two (MVA-2..5, MVA-8): one factor per lot, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from contracts_schema.outcomes import MvaLine, YieldUsed
from contracts_schema.reference import MarketYields
from contracts_schema.terms import MvaTerms
from contracts_schema.values import Value, changed
from services.domain.market import Market, YieldHistory
from services.domain.numbers import ONE, YEAR, rounded
from services.domain.state import Lot
from services.domain.yields import Point, Reading, reading

SHOWN_PLACES = 12
FACTOR_SHOWN_PLACES = 16
UNADJUSTED = Decimal("1.0000")


class Average(Value, frozen=True):
    """An average yield as a fraction, not rounded (MVA-4) and as it is shown; every yield in it, and the notes
    these are of.
    """

    rate: Decimal
    shown: Decimal
    used: tuple[YieldUsed, ...]
    notes: frozenset[str] = frozenset()


class Adjustment(Value, frozen=True):
    """A lot's factor, as it is used, and its reckoning; `rule` alone where no adjustment applies."""

    lot: Lot
    rule: str
    factor: Decimal
    unrounded: Decimal
    count_from: date | None = None
    days: int | None = None
    deposit: Average | None = None
    current: Average | None = None

    def line(self, taken: Decimal, adjustment: Decimal) -> MvaLine:
        """The line of a confirmation for what was taken of the lot."""
        return MvaLine(
            lot=self.lot.lot,
            option=self.lot.option,
            term=self.lot.years,
            deposit_date=self.lot.deposited,
            maturity=self.lot.maturity,
            rule=self.rule,
            count_from=self.count_from,
            days=self.days,
            deposit_yield=None if self.deposit is None else self.deposit.shown,
            deposit_yields=() if self.deposit is None else self.deposit.used,
            current_yield=None if self.current is None else self.current.shown,
            current_yields=() if self.current is None else self.current.used,
            factor_unrounded=rounded(self.unrounded, FACTOR_SHOWN_PLACES),
            factor=self.factor,
            taken=taken,
            adjustment=adjustment,
        )


def mva_factor(deposit_yield: Decimal, current_yield: Decimal, days: int) -> Decimal:
    """((1 + i)/(1 + j)) ^ (x/365), unrounded (MVA-2). Yields are fractions, x is in days.

    Rounding it once, to 4 places for use (MVA-5) or to a percentage for Table A (MVA-11), is the caller's.
    """
    return ((ONE + deposit_yield) / (ONE + current_yield)) ** (Decimal(days) / YEAR)


def days_remaining(maturity: date, day: date, weekday: int = 3) -> tuple[date, int]:
    """The weekday of the day's week (Monday to Sunday) that x counts from, and x, never below 0 (MVA-3)."""
    count_from = day - timedelta(days=day.isoweekday() - weekday)
    return count_from, max(0, (maturity - count_from).days)


def adjust(market: Market, terms: MvaTerms, lot: Lot, day: date, *, waived: bool) -> Adjustment | None:
    """A lot's adjustment on a trade date; None where a yield it needs was never published.

    None applies at and after maturity, nor where the terms waive it for systematic distributions (MVA-8).
    """
    term = (lot.years, lot.maturity, lot.period_start, lot.period_end, lot.deposited)
    reckoned = (terms.yield_series, terms.yield_source, terms.count_from_weekday, terms.factor_places)
    alike = ("adjustment", *term, *reckoned, day, waived)
    found = market.remembered(alike, lambda: _adjust(market, terms, lot, day, waived=waived))
    return None if found is None else changed(found, lot=lot)


def _adjust(market: Market, terms: MvaTerms, lot: Lot, day: date, *, waived: bool) -> Adjustment | None:
    if waived or lot.maturity <= day:
        return Adjustment(lot, "MVA-8", UNADJUSTED, ONE)
    count_from, days = days_remaining(lot.maturity, day, terms.count_from_weekday)
    history = market.yields.get(terms.yield_series, YieldHistory())
    deposit = _deposit_yield(market, history, terms, lot, day)
    if deposit is None:
        return None
    current = _current_yield(market, history, day, reading(terms, lot, Decimal(days) / YEAR, deposit.notes))
    if current is None:
        return None
    unrounded = mva_factor(deposit.rate, current.rate, days)
    factor = rounded(unrounded, terms.factor_places)
    return Adjustment(lot, "MVA-2", factor, unrounded, count_from, days, deposit, current)


def _deposit_yield(market: Market, history: YieldHistory, terms: MvaTerms, lot: Lot, day: date) -> Average | None:
    """The deposit period yield i: the mean over the last business day of each week of the deposit period.

    Only weeks before the trade date's count; with none, the last published before the deposit (MVA-4).
    """
    read = reading(terms, lot, Decimal(lot.years))
    dates = _week_ends(market, lot.period_start, lot.period_end, day)
    return _average(history, dates, read) or _average(history, [lot.deposited - timedelta(days=1)], read)


def _current_yield(market: Market, history: YieldHistory, day: date, read: Reading) -> Average | None:
    """The current yield j: the mean on the last business day of the week before the trade date's (MVA-2)."""
    monday = _monday(day)
    last = market.last_closed_in_week(monday - timedelta(days=7)) or monday - timedelta(days=1)
    return _average(history, [last], read)


def _week_ends(market: Market, start: date, end: date, before: date) -> list[date]:
    """The last business day of each week that lies in a period, in weeks before that of `before`."""
    found, monday = [], _monday(start)
    while monday < _monday(before) and monday <= end:
        last = market.last_closed_in_week(monday)
        if last is not None and start <= last <= end:
            found.append(last)
        monday += timedelta(days=7)
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)


def _average(history: YieldHistory, dates: Iterable[date], read: Reading) -> Average | None:
    """The pooled mean over dates and notes; a date without a published yield takes the last before it."""
    found = [
        (point, _used(published, wanted, point))
        for wanted in dates
        if (published := history.on_or_before(wanted)) is not None
        for point in read(published)
    ]
    if not found:
        return None
    rate = sum((point.rate for point, _ in found), Decimal(0)) / len(found)
    used, notes = tuple(used for _, used in found), frozenset(point.note for point, _ in found)
    return Average(rate, rounded(rate, SHOWN_PLACES), used, notes)


def _used(published: MarketYields, wanted: date, point: Point) -> YieldUsed:
    return YieldUsed(
        series=published.series,
        for_date=wanted,
        published_on=published.date,
        rate=rounded(point.rate, SHOWN_PLACES),
        basis=point.basis,
    )
