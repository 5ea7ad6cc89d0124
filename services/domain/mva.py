"""The market value adjustment, Method Two (MVA-2..5, MVA-8): one factor per lot, and where it comes from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from contracts_schema.outcomes import MvaLine, YieldUsed
from contracts_schema.reference import ConstantMaturityPoint, MarketYields
from contracts_schema.terms import MvaTerms
from services.domain.market import Market, YieldHistory
from services.domain.numbers import ONE, YEAR, rounded
from services.domain.state import Lot

HUNDRED = Decimal(100)
SHOWN_PLACES = 12
FACTOR_SHOWN_PLACES = 16
UNADJUSTED = Decimal("1.0000")


@dataclass(frozen=True, slots=True)
class Average:
    """An average yield as a fraction, not rounded (MVA-4), and every yield in it."""

    rate: Decimal
    used: tuple[YieldUsed, ...]


@dataclass(frozen=True, slots=True)
class Adjustment:
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
            deposit_yield=None if self.deposit is None else rounded(self.deposit.rate, SHOWN_PLACES),
            deposit_yields=() if self.deposit is None else self.deposit.used,
            current_yield=None if self.current is None else rounded(self.current.rate, SHOWN_PLACES),
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
    if waived or lot.maturity <= day:
        return Adjustment(lot, "MVA-8", UNADJUSTED, ONE)
    count_from, days = days_remaining(lot.maturity, day, terms.count_from_weekday)
    history = market.yields.get(terms.yield_series, YieldHistory())
    deposit = _deposit_yield(market, history, terms, lot, day)
    current = _current_yield(market, history, day, _reading(terms, lot, Decimal(days) / YEAR))
    if deposit is None or current is None:
        return None
    unrounded = mva_factor(deposit.rate, current.rate, days)
    factor = rounded(unrounded, terms.factor_places)
    return Adjustment(lot, "MVA-2", factor, unrounded, count_from, days, deposit, current)


Reading = Callable[[MarketYields], Iterable[tuple[Decimal, str]]]


def _deposit_yield(market: Market, history: YieldHistory, terms: MvaTerms, lot: Lot, day: date) -> Average | None:
    """The deposit period yield i: the mean over the last business day of each week of the deposit period.

    Only weeks before the trade date's count; with none, the last published before the deposit (MVA-4).
    """
    read = _reading(terms, lot, Decimal(lot.years))
    dates = _week_ends(market, lot.period_start, lot.period_end, day)
    average = _average(history, dates, read) if dates else None
    return average or _average(history, [lot.deposited - timedelta(days=1)], read)


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
    used: list[YieldUsed] = []
    total, count = Decimal(0), 0
    for wanted in dates:
        published = history.on_or_before(wanted)
        if published is None:
            continue
        for rate, basis in read(published):
            total, count = total + rate, count + 1
            used.append(_used(published, wanted, rate, basis))
    return Average(total / count, tuple(used)) if count else None


def _used(published: MarketYields, wanted: date, rate: Decimal, basis: str) -> YieldUsed:
    shown = rounded(rate, SHOWN_PLACES)
    return YieldUsed(series=published.series, for_date=wanted, published_on=published.date, rate=shown, basis=basis)


def _reading(terms: MvaTerms, lot: Lot, years: Decimal) -> Reading:
    """How a day's yields are read: the notes of the term's last three months, or a maturity interpolated."""
    if terms.yield_source == "treasury_notes":
        first = _three_months_before(lot.maturity)
        return lambda published: [
            (note.percent / HUNDRED, f"{note.note} {note.percent}%")
            for note in published.notes
            if first < note.maturity <= lot.maturity
        ]
    return lambda published: [interpolated(published.constant_maturity, years)] if published.constant_maturity else []


def _three_months_before(day: date) -> date:
    """The same day three months earlier, or the last of that month."""
    year, month = (day.year, day.month - 3) if day.month > 3 else (day.year - 1, day.month + 9)
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def interpolated(points: tuple[ConstantMaturityPoint, ...], years: Decimal) -> tuple[Decimal, str]:
    """The rate at a maturity, linear between the published ones, flat beyond the ends (MVA-4)."""
    at = bisect_left([point.years for point in points], years)
    if at == len(points) or points[at].years == years or at == 0:
        point = points[min(at, len(points) - 1)]
        return point.percent / HUNDRED, f"{point.years}y {point.percent}%"
    low, high = points[at - 1], points[at]
    share = (years - low.years) / (high.years - low.years)
    percent = low.percent + (high.percent - low.percent) * share
    basis = f"{low.years}y {low.percent}%, {high.years}y {high.percent}%, at {rounded(years, 6)}y"
    return percent / HUNDRED, basis
