"""What of the market nothing can need any more, and what a partition therefore drops.

Two days bound what is kept. The *trading* day is the earliest that may still be a trade date here: the close by which
something is due that is not settled yet, or of which a contract is still totalled (FND-4), otherwise the last closed
day; requests to come trade later, quotes on it. The *received* day is the earliest on which a request to be decided may
have been received: none is taken that is older than ids are kept, and one that an order holds keeps its day for as long
as it is held. A guaranteed term *runs* while it matures after the trading day. Then, each with what reads it:

- A closed day's prices and indexes are kept from the last one on or before the received day on: a limit's base is
  the balance on the day of receipt (LIM-7); everything else is of a trade date or of the close before it (MAT-5,
  WDL-8).
- The calendar of closed days is kept, a year at a time, from the first deposit period of an offering of which a term
  runs: the weeks of a deposit period are averaged over as long as a lot of it may be held (MVA-2, MVA-9).
- Yields are kept from the month in which that period begins (MVA-1) and from the two weeks before the trading day,
  and the last one before, for a day without a rate takes that (MVA-4).
- An offering is kept while a term of it runs, and until its deposit period lies before the received day (GAA-7).
- Of terms the versions before one that reaches existing participants and is in force on the received day are
  gone: no decision finds them, whoever it is for (GEN-6), and no floor of theirs is retained (FIX-6).
- Histories of rates and what has not begun yet are kept: one row a change of a rate, whenever an account was opened.

So no decision reads what is dropped, and it does not matter when it is. That rests on what reference sees to: whatever
is announced begins after the last closed day.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import compress
from operator import not_
from typing import NamedTuple

from contracts_schema.reference import GuaranteedOffering
from contracts_schema.terms import ContractTerms
from contracts_schema.values import Value
from services.domain.folding import calendar_row
from services.domain.market import Market, Rows, YieldHistory
from services.domain.state import Participant

DAYS_LOOKED_BACK = 431
"""How long before the last close the day of a receipt may lie: as long as a request counts as new, and a month for
what lies between a day of receipt and its trade date. An earlier day counts as this one.
"""
CURRENT_YIELD_DAYS = 14
"""What a current yield looks back at most: to the Monday of the week before the trade date's (MVA-1, MVA-2)."""


class Frontier(Value, frozen=True):
    """The earliest day that may still be a trade date, and the earliest of a receipt that is still to be decided."""

    trading: date
    received: date


class Dropped(NamedTuple):
    """The market without what nothing needs, the rows to write, and the keys of rows to remove."""

    market: Market
    written: Rows
    removed: tuple[str, ...]


def oldest_receipt(participant: Participant) -> date | None:
    """The earliest day of receipt of what a participant is to have decided, None where nothing tells one."""
    return min((each.day for each in (*participant.held, *participant.waiting) if each.day is not None), default=None)


def recent(market: Market, day: date) -> date:
    """A day of receipt, no earlier than decisions look back."""
    last = market.head.last_closed
    return day if last is None else max(day, last - timedelta(days=DAYS_LOOKED_BACK))


def frontier(market: Market, due: date | None, held: date | None) -> Frontier | None:
    """How far back anything may still look, where `due` is the first day on which anything is due that is not settled
    and `held` the earliest receipt of what orders hold; None before the first close.
    """
    last = market.head.last_closed
    if last is None:
        return None
    trading = last if due is None or due > last else market.first_closed_from(due) or last
    before = market.closed[max(bisect_left(market.closed, trading) - 1, 0)]
    received = before - timedelta(days=DAYS_LOOKED_BACK)
    return Frontier(trading, received if held is None else min(received, held))


def dropped(market: Market, at: Frontier) -> Dropped:
    """The market without what nothing can need from a frontier on, and the rows in which it differs."""
    running = [offer for offers in market.offerings.values() for offer in offers if _runs(offer, at)]
    days_from = market.closed[max(bisect_right(market.closed, at.received) - 1, 0)]
    closed_from = date(min((days_from, *(offer.period_start for offer in running))).year, 1, 1)
    after, calendar, days = _without_days(market, days_from, closed_from)
    after, offerings = _without_offerings(after, at)
    after, yields = _without_yields(after, _yields_from(running, at))
    after, terms = _without_terms(after, at)
    return Dropped(after, calendar, (*days, *offerings, *yields, *terms))


def _runs(offer: GuaranteedOffering, at: Frontier) -> bool:
    return any(term.maturity > at.trading for term in offer.terms)


def _without_days(market: Market, days_from: date, closed_from: date) -> tuple[Market, Rows, list[str]]:
    """The market without days before one, but for the calendar of the years that are kept; with the rows of years that
    do not tell them yet, which are those of an earlier release.
    """
    gone = [day for day in market.days if day < days_from]
    closed = market.closed[bisect_left(market.closed, closed_from) :]
    calendar = {year: days for year, days in market.calendar.items() if year >= closed_from.year}
    untold = {day.year for day in gone if day >= closed_from and day not in calendar.get(day.year, ())}
    rows = tuple(calendar_row(closed, year) for year in sorted(untold))
    told = {year: row.closed or () for year, (_, row) in zip(sorted(untold), rows, strict=True)}
    kept = {day: row for day, row in market.days.items() if day >= days_from}
    removed = [f"closed|{year}" for year in market.calendar if year not in calendar]
    after = replace(market, days=kept, closed=closed, calendar={**calendar, **told})
    return after, rows, [*(f"day|{day}" for day in gone), *removed]


def _without_offerings(market: Market, at: Frontier) -> tuple[Market, list[str]]:
    kept, gone = dict[str, tuple[GuaranteedOffering, ...]](), set[tuple[str, str]]()
    for series, offers in market.offerings.items():
        needed = [_runs(offer, at) or offer.period_end >= at.received for offer in offers]
        kept[series] = tuple(compress(offers, needed))
        gone |= {(series, offer.offering_id) for offer in compress(offers, map(not_, needed))}
    logged = {place: day for place, day in market.logged_after.items() if place not in gone}
    after = replace(market, offerings=kept, logged_after=logged)
    return after, [f"offering|{series}|{name}" for series, name in sorted(gone)]


def _yields_from(running: Iterable[GuaranteedOffering], at: Frontier) -> date:
    """The day whose last published yields are the earliest that are needed: those of the day before a deposit, of the
    month of deposit, or of the week before the trade date's.
    """
    begins = (offer.period_start.replace(day=1) - timedelta(days=1) for offer in running)
    return min((at.trading - timedelta(days=CURRENT_YIELD_DAYS), *begins))


def _without_yields(market: Market, first: date) -> tuple[Market, list[str]]:
    kept, gone = dict[str, YieldHistory](), list[str]()
    for series, history in market.yields.items():
        place = max(bisect_right(history.dates, first) - 1, 0)
        gone += [f"yields|{series}|{day}" for day in history.dates[:place]]
        kept[series] = YieldHistory(history.dates[place:], history.published[place:])
    return replace(market, yields=kept), gone


def _without_terms(market: Market, at: Frontier) -> tuple[Market, list[str]]:
    kept = {contract: versions[_first_needed(versions, at) :] for contract, versions in market.terms.items()}
    gone = (version for contract, versions in market.terms.items() for version in _before(versions, kept[contract]))
    return replace(market, terms=kept), [f"terms|{version.contract_id}|{version.version}" for version in gone]


def _first_needed(versions: tuple[ContractTerms, ...], at: Frontier) -> int:
    """The place of the last version that reached everybody by the received day; of the first, where none did."""
    reached = (place for place, each in enumerate(versions) if each.reaches_existing)
    return max((place for place in reached if versions[place].effective_from <= at.received), default=0)


def _before(versions: tuple[ContractTerms, ...], kept: tuple[ContractTerms, ...]) -> Iterator[ContractTerms]:
    yield from versions[: len(versions) - len(kept)]
