"""The market value adjustment (MVA-1..5, MVA-8): one factor per lot, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from contracts_schema.figures import MvaLine, YieldUsed
from contracts_schema.options import MvaTerms
from contracts_schema.reference import MarketYields
from contracts_schema.terms import AccountType
from contracts_schema.values import Value, changed
from services.domain.market import Market, YieldHistory
from services.domain.numbers import ONE, YEAR, rounded
from services.domain.state import Lot
from services.domain.yields import Point, Reading, constant_maturity, reading

SHOWN_PLACES = 12
FACTOR_SHOWN_PLACES = 16
UNADJUSTED = Decimal("1.0000")
UNADJUSTED_SHOWN = rounded(ONE, FACTOR_SHOWN_PLACES)


class Average(Value, frozen=True):
    """An average yield as a fraction, not rounded (MVA-4) and as it is shown; every yield in it, and the notes
    these are of.
    """

    rate: Decimal
    shown: Decimal
    used: tuple[YieldUsed, ...]
    notes: frozenset[str] = frozenset()


class Yields(Value, frozen=True):
    """A yield of the formula: the Treasury average and, under Method One, the corporate spread added to it."""

    treasury: Average
    spread: Average | None = None

    @property
    def rate(self) -> Decimal:
        """Both together, as a fraction, not rounded (MVA-4)."""
        return self.treasury.rate if self.spread is None else self.treasury.rate + self.spread.rate


class Adjustment(Value, frozen=True):
    """A lot's factor, as it is used, and its reckoning; `rule` alone where no adjustment applies.

    `shown` is the reckoning as a confirmation's line has it. `favoured` names the lot that it is of, where
    another's of equal terms is more favourable (MVA-9).
    """

    lot: Lot
    rule: str
    factor: Decimal
    unrounded: Decimal
    count_from: date | None = None
    days: int | None = None
    deposit: Yields | None = None
    current: Yields | None = None
    method: Literal["one", "two"] = "two"
    favoured: str | None = None
    shown: Mapping[str, Any] = {}

    def line(self, taken: Decimal, adjustment: Decimal, account: AccountType | None = None) -> MvaLine:
        """The line of a confirmation for what was taken of the lot."""
        return MvaLine(
            account=account,
            lot=self.lot.lot,
            option=self.lot.option,
            term=self.lot.years,
            deposit_date=self.lot.deposited,
            maturity=self.lot.maturity,
            rule=self.rule if self.favoured is None else "MVA-9",
            favoured_lot=self.favoured,
            factor=self.factor,
            taken=taken,
            adjustment=adjustment,
            **self.shown,
        )


def free_of_adjustment(lot: Lot, terms: MvaTerms) -> Adjustment:
    """The adjustment of what goes under the maturity value transfer provision: none (MAT-4)."""
    shown: dict[str, Any] = {"factor_unrounded": UNADJUSTED_SHOWN}
    return Adjustment(lot, "MAT-4", UNADJUSTED, ONE, method=terms.method, shown=shown)


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
    read = (terms.method, terms.yield_series, terms.spread_series, terms.yield_source)
    weekdays = (terms.count_from_weekday, terms.yield_weekday, terms.yield_weeks, terms.factor_places)
    alike = ("adjustment", *term, *read, *weekdays, day, waived)
    found = market.remembered(alike, lambda: _adjust(market, terms, lot, day, waived=waived))
    return None if found is None else changed(found, lot=lot)


def _adjust(market: Market, terms: MvaTerms, lot: Lot, day: date, *, waived: bool) -> Adjustment | None:
    if waived or lot.maturity <= day:
        return Adjustment(
            lot, "MVA-8", UNADJUSTED, ONE, method=terms.method, shown={"factor_unrounded": UNADJUSTED_SHOWN}
        )
    count_from, days = days_remaining(lot.maturity, day, terms.count_from_weekday)
    method = _method_one if terms.method == "one" else _method_two
    yields = method(market, terms, lot, day, Decimal(days) / YEAR)
    if yields is None:
        return None
    unrounded = mva_factor(yields[0].rate, yields[1].rate, days)
    factor = rounded(unrounded, terms.factor_places)
    rule = "MVA-1" if terms.method == "one" else "MVA-2"
    reckoned = {
        "count_from": count_from,
        "days": days,
        "factor_unrounded": rounded(unrounded, FACTOR_SHOWN_PLACES),
        **_shown("deposit", yields[0]),
        **_shown("current", yields[1]),
    }
    return Adjustment(lot, rule, factor, unrounded, count_from, days, *yields, method=terms.method, shown=reckoned)


def _shown(which: str, yields: Yields) -> dict[str, Any]:
    found: dict[str, Any] = {f"{which}_yield": yields.treasury.shown, f"{which}_yields": yields.treasury.used}
    if yields.spread is not None:
        found |= {f"{which}_spread": yields.spread.shown, f"{which}_spreads": yields.spread.used}
    return found


DepositAndCurrent = tuple[Yields, Yields] | None


def _method_one(market: Market, terms: MvaTerms, lot: Lot, day: date, remainder: Decimal) -> DepositAndCurrent:
    """The corporate yields of the month of deposit for the term, and of the previous Friday for the remainder (MVA-1).

    Only Fridays before the trade date count; with none, the last rates published before the deposit (MVA-4).
    """
    fridays = [on for on in first_weekdays(lot.deposited, terms.yield_weekday, terms.yield_weeks) if on < day]
    previous = day - timedelta(days=(day.isoweekday() - terms.yield_weekday) % 7 or 7)
    deposit = _corporate(market, terms, fridays or [lot.deposited - timedelta(days=1)], Decimal(lot.years))
    current = _corporate(market, terms, [previous], remainder)
    return None if deposit is None or current is None else (deposit, current)


def _corporate(market: Market, terms: MvaTerms, dates: list[date], years: Decimal) -> Yields | None:
    """The Treasury rate at a maturity and the spread over it, each in the mean over dates; None where one of them had
    not been published by every date: an average of fewer would be a guess.
    """
    treasury, spread = (
        _average(market.yields.get(series, YieldHistory()), dates, constant_maturity(years)) for series in terms.series
    )
    if treasury is None or spread is None or min(len(treasury.used), len(spread.used)) < len(dates):
        return None
    return Yields(treasury, spread)


def first_weekdays(day: date, weekday: int, count: int) -> list[date]:
    """The first so many of a weekday (Monday 1) in a day's month."""
    first = day.replace(day=1)
    first += timedelta(days=(weekday - first.isoweekday()) % 7)
    return [first + timedelta(days=7 * week) for week in range(count)]


def _method_two(market: Market, terms: MvaTerms, lot: Lot, day: date, remainder: Decimal) -> DepositAndCurrent:
    """The same notes in the deposit period and in the week before the withdrawal's (MVA-2)."""
    history = market.yields.get(terms.yield_series, YieldHistory())
    deposit = _deposit_yield(market, history, terms, lot, day)
    if deposit is None:
        return None
    current = _current_yield(market, history, day, reading(terms, lot, remainder, deposit.notes))
    return None if current is None else (Yields(deposit), Yields(current))


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
