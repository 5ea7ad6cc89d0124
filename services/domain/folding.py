"""The market folded from the entries of the ledger log, and from the rows it is kept as."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter

from contracts_schema.entries import DayClosedEntry, OfferingEntry, TermsEntry
from contracts_schema.logged import read_logged_terms
from contracts_schema.reference import GuaranteedOffering, MarketYields
from services.domain.fixed import carried
from services.domain.market import ClosedDay, Head, Market, MarketRow, Rows, YieldHistory
from services.domain.numbers import exact
from services.domain.rate_history import History
from services.domain.statement_dates import Close, statement_at

STATEMENTS = "statements|"
"""How keys of rows begin that hold the closes at which a contract's annual notices were due."""
SEGMENT = "segment|"
"""How keys of rows begin that hold a segment of the history of a fixed option: `segment|contract|option|since`."""


def with_terms(market: Market, entry: TermsEntry) -> tuple[Market, Rows]:
    """Terms accepted: from their day on they are in force; the same version again changes nothing."""
    terms = entry.terms
    others = [known for known in market.terms.get(terms.contract_id, ()) if known.version != terms.version]
    versions = tuple(sorted((*others, terms), key=lambda version: (version.effective_from, version.version)))
    row = (f"terms|{terms.contract_id}|{terms.version}", MarketRow(terms=terms.written()))
    return replace(market, terms={**market.terms, terms.contract_id: versions}), (row,)


def with_offering(market: Market, entry: OfferingEntry) -> tuple[Market, Rows]:
    """An offering accepted (GAA-1); the same one again changes nothing."""
    return _with_offering(market, entry.offering, market.head.last_closed)


def _with_offering(market: Market, offer: GuaranteedOffering, after: date | None) -> tuple[Market, Rows]:
    if offer in market.offerings.get(offer.series, ()):
        return market, ()
    offers = tuple(sorted((*market.offerings.get(offer.series, ()), offer), key=lambda known: known.period_start))
    logged = {} if after is None else {(offer.series, offer.offering_id): after}
    row = (f"offering|{offer.series}|{offer.offering_id}", MarketRow(offering=offer.written(), logged_after=after))
    return replace(
        market,
        offerings={**market.offerings, offer.series: offers},
        logged_after={**market.logged_after, **logged},
    ), (row,)


def follows(market: Market, entry: DayClosedEntry) -> bool:
    """Whether a closed day is the next one: days are neither skipped, repeated nor turned around."""
    return entry.previous == market.head.last_closed and (entry.previous is None or entry.date > entry.previous)


@exact
def with_day(market: Market, entry: DayClosedEntry) -> tuple[Market, Rows]:
    """Fold a closed day: record its prices and yields and carry every fixed option to the next business day.

    Only for a day that `follows`. Nothing is settled here; progress moves on (MAT-6 runs per participant).
    """
    fixed = carried(market.head.accruals, market.histories, market.terms, entry)
    closed_at = entry.closed_at.isoformat()
    day = ClosedDay(
        date=entry.date,
        closed_at=closed_at,
        unit_values={f"{value.fund}|{value.charge_class}": value.unit_value for value in entry.unit_values},
        fixed_indexes=fixed.closed,
        next_day=entry.next_business_days[0],
        fixed_rates=fixed.rates,
    )
    head = Head(entry.date, closed_at, entry.frozen_through, fixed.accruals, fixed.frozen)
    yields, yield_rows = _with_yields(market.yields, entry.yields)
    closed = (*market.closed, entry.date)
    year = calendar_row(closed, entry.date.year)
    after = replace(
        market,
        head=head,
        days={**market.days, entry.date: day},
        closed=closed,
        calendar={**market.calendar, entry.date.year: year[1].closed or ()},
        yields=yields,
        histories=fixed.histories,
    )
    new = tuple(_new_segments(market.histories, fixed.histories))
    rows = (("head", MarketRow(head=head)), (f"day|{entry.date}", MarketRow(day=day)), year, *yield_rows, *new)
    after, statement_rows = _with_statements(after, market.head.last_closed)
    return after, (*rows, *statement_rows)


def _with_statements(market: Market, before: date | None) -> tuple[Market, Rows]:
    """The contracts noted whose annual notice the last closed day brings (NTC-1)."""
    assert market.head.last_closed is not None, "a day was closed"
    close = _close(market, market.head.last_closed)
    previous = None if before is None else _close(market, before)
    known, rows = dict(market.statements), []
    for contract, versions in market.terms.items():
        found = statement_at(versions, close, previous)
        if found is not None:
            known[contract] = (*known.get(contract, ()), found)
            rows.append((STATEMENTS + contract, MarketRow(statements=known[contract])))
    return (replace(market, statements=known) if rows else market), tuple(rows)


def _close(market: Market, day: date) -> Close:
    return Close(day, market.days[day].next_day or day + timedelta(days=1))


def calendar_row(closed: tuple[date, ...], year: int) -> tuple[str, MarketRow]:
    """The row of the closed days of a year."""
    first, last = bisect_left(closed, date(year, 1, 1)), bisect_right(closed, date(year, 12, 31))
    return f"closed|{year}", MarketRow(closed=closed[first:last])


def _new_segments(before: Mapping[str, History], after: Mapping[str, History]) -> Iterator[tuple[str, MarketRow]]:
    for key, history in after.items():
        for segment in history[len(before.get(key, ())) :]:
            yield f"{SEGMENT}{key}|{segment.since}", MarketRow(segment=segment)


def _with_yields(
    known: Mapping[str, YieldHistory], new: Iterable[MarketYields]
) -> tuple[Mapping[str, YieldHistory], Rows]:
    """Histories extended by what was published; "not published" leaves no trace: the last one counts (MVA-4)."""
    histories, rows = dict(known), []
    for message in sorted(new, key=lambda yields: (yields.series, yields.date)):
        if message.not_published is None:
            history = histories.get(message.series, YieldHistory())
            histories[message.series] = YieldHistory((*history.dates, message.date), (*history.published, message))
            row = MarketRow(yields=message.written())
            rows.append((f"yields|{message.series}|{message.date}", row))
    return histories, tuple(rows)


def market_of(rows: Iterable[tuple[str, MarketRow]]) -> Market:
    """The market as its rows tell it, in whatever order they come."""
    market, published = Market(), []
    days: dict[date, ClosedDay] = {}
    histories: dict[str, History] = {}
    calendar: dict[int, tuple[date, ...]] = {}
    for key, row in rows:
        if row.terms is not None:
            market, _ = with_terms(market, TermsEntry(terms=read_logged_terms(row.terms)))
        elif row.offering is not None:
            offer = GuaranteedOffering.model_validate_json(row.offering)
            market, _ = _with_offering(market, offer, row.logged_after)
        elif row.yields is not None:
            published.append(MarketYields.model_validate_json(row.yields))
        elif row.day is not None:
            days[row.day.date] = row.day
        elif row.closed:
            calendar[row.closed[0].year] = row.closed
        elif row.segment is not None:
            option = key.removeprefix(SEGMENT).rpartition("|")[0]
            histories[option] = tuple(sorted((*histories.get(option, ()), row.segment), key=attrgetter("since")))
        elif row.statements is not None:
            known = {**market.statements, key.removeprefix(STATEMENTS): row.statements}
            market = replace(market, statements=known)
        elif row.head is not None:
            market = replace(market, head=row.head)
    yields, _ = _with_yields({}, published)
    closed = tuple(sorted(days.keys() | {day for year in calendar.values() for day in year}))
    return replace(market, days=days, closed=closed, calendar=calendar, yields=yields, histories=histories)
