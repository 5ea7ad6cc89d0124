"""What a partition knows of the world: terms, closed days with prices and yields, offerings.

It is folded from the market entries of the ledger log and from nothing else, so that every partition,
and every replay, holds the same. `Market` is what decisions read; `MarketRow` is how it is kept.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeVar, cast

from contracts_schema.entries import DayClosedEntry, OfferingEntry, TermsEntry
from contracts_schema.logged import read_logged_terms
from contracts_schema.reference import GuaranteedOffering, MarketYields
from contracts_schema.terms import BuiltOption, ContractTerms, FundOption, GuaranteedOption
from contracts_schema.values import Value
from services.domain.fixed import Accrual, carried
from services.domain.guaranteed import lot_index
from services.domain.numbers import exact
from services.domain.state import Lot

T = TypeVar("T")
_UNKNOWN = object()
Day = date  # for a class that has a field of that name
_effective_from = attrgetter("effective_from")


class ClosedDay(Value, frozen=True):
    """A closed business day: unit values by `fund|charge class`, indexes by `contract|option`.

    `closed_at` is ISO 8601 as text: state keeps an instant, not the offset it was written with. `next_day` is the
    business day after it, as it was known at the close (rows of release 0.1 have none).
    """

    date: date
    closed_at: str
    unit_values: Mapping[str, Decimal]
    fixed_indexes: Mapping[str, Decimal]
    next_day: Day | None = None


class Head(Value, frozen=True):
    """Where the calendar stands: the last closed day, and the one after it, which is frozen.

    `accruals` carries each fixed option on from its last change of rate; `frozen_indexes` are the
    indexes of the frozen day, which nothing can change any more.
    """

    last_closed: date | None = None
    closed_at: str | None = None
    frozen: date | None = None
    accruals: Mapping[str, Accrual] = {}
    frozen_indexes: Mapping[str, Decimal] = {}


class MarketRow(Value, frozen=True):
    """One row of the `market` table: exactly one of these, messages as they were logged.

    `closing` counts, per closed day not yet settled throughout, the participants settled so far. `logged_after` is
    the last day that was closed when an offering was logged (rows of release 0.1 have none).
    """

    terms: bytes | None = None
    offering: bytes | None = None
    yields: bytes | None = None
    day: ClosedDay | None = None
    head: Head | None = None
    closing: Mapping[date, int] | None = None
    logged_after: date | None = None


Rows = tuple[tuple[str, MarketRow], ...]


class YieldHistory(Value, frozen=True):
    """A series' published yields, by ascending date."""

    dates: tuple[date, ...] = ()
    published: tuple[MarketYields, ...] = ()

    def on_or_before(self, day: date) -> MarketYields | None:
        """The last published on or before a day (MVA-4), or None."""
        at = bisect_right(self.dates, day)
        return self.published[at - 1] if at else None


@dataclass(frozen=True, slots=True)
class Market:
    """Terms by contract, closed days by date, offerings and yields by series; all ascending.

    `logged_after` tells of an offering, by series and id, the last day that was closed when it was logged.
    """

    head: Head = field(default_factory=Head)
    terms: Mapping[str, tuple[ContractTerms, ...]] = field(default_factory=dict)
    days: Mapping[date, ClosedDay] = field(default_factory=dict)
    closed: tuple[date, ...] = ()
    offerings: Mapping[str, tuple[GuaranteedOffering, ...]] = field(default_factory=dict)
    logged_after: Mapping[tuple[str, str], date] = field(default_factory=dict)
    yields: Mapping[str, YieldHistory] = field(default_factory=dict)
    _memory: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def remembered(self, key: Hashable, reckon: Callable[[], T]) -> T:
        """What `reckon` makes of this market and the key alone. Kept as long as the market stays as it is, because many
        participants ask the same of a day; with the next entry of the log it is gone.
        """
        known = self._memory.get(key, _UNKNOWN)
        if known is _UNKNOWN:
            known = self._memory[key] = reckon()
        return cast("T", known)

    def terms_on(self, contract_id: str, day: date) -> ContractTerms | None:
        """The version of a contract's terms in force on a day (GEN-6), or None."""
        versions = self.terms.get(contract_id, ())
        at = bisect_right(versions, day, key=_effective_from)
        return versions[at - 1] if at else None

    def terms_for(self, contract_id: str, day: date, covered: date) -> ContractTerms | None:
        """The terms in force on a day for a participant covered since a day (GEN-6).

        Net deposit and transfer fee change only for participants covered on or after the change, unless its
        version says "new and existing": for others they stay as in the last version that reached them.
        """
        return self.remembered((contract_id, day, covered), lambda: self._terms_for(contract_id, day, covered))

    def _terms_for(self, contract_id: str, day: date, covered: date) -> ContractTerms | None:
        current = self.terms_on(contract_id, day)
        reaching = [
            version
            for version in self.terms.get(contract_id, ())
            if version.effective_from <= day and (version.effective_from <= covered or version.reaches_existing)
        ]
        if current is None or not reaching or reaching[-1] is current:
            return current
        kept = reaching[-1]
        return current.model_copy(
            update={
                "premium_tax_percent": kept.premium_tax_percent,
                "sales_charge_percent": kept.sales_charge_percent,
                "transfers": current.transfers.model_copy(update={"fee": kept.transfers.fee}),
            }
        )

    def offerings_known(self, series: str, day: date) -> list[GuaranteedOffering]:
        """The offerings of a series that were announced before a closed day's close: what is announced later does not
        change what is told of the day, whenever it is settled.
        """
        return [
            offer
            for offer in self.offerings.get(series, ())
            if self.logged_after.get((series, offer.offering_id), date.min) < day
        ]

    def knows_index(self, contract_id: str, option: str, day: date) -> bool:
        """Whether a day is closed on which a fixed option of a contract had an index."""
        return day in self.days and f"{contract_id}|{option}" in self.days[day].fixed_indexes

    def first_closed_from(self, day: date) -> date | None:
        """The first closed business day on or after a day, or None while there is none."""
        at = bisect_left(self.closed, day)
        return self.closed[at] if at < len(self.closed) else None

    def last_closed_in_week(self, monday: date) -> date | None:
        """The last closed business day of the week from Monday to Sunday, or None."""
        at = bisect_right(self.closed, monday + timedelta(days=6))
        return self.closed[at - 1] if at and self.closed[at - 1] >= monday else None


class Valuation(Value, frozen=True):
    """A contract on a trade date: the terms in force and what a unit of each option is worth."""

    market: Market
    terms: ContractTerms
    day: date

    def index(self, option: BuiltOption) -> Decimal:
        """Dollars per unit of a fund or fixed option; the day is closed, or frozen for fixed options.

        A missing value is a bug: a day does not close without every value its terms name.
        """
        if isinstance(option, FundOption):
            return self.market.days[self.day].unit_values[f"{option.fund}|{self.terms.charge_class}"]
        head = self.market.head
        known = head.frozen_indexes if self.day == head.frozen else self.market.days[self.day].fixed_indexes
        return known[f"{self.terms.contract_id}|{option.option}"]

    def lot_index(self, lot: Lot) -> Decimal:
        """Dollars per unit of a lot, at its own index of the day; alike for all lots of one day's deposits."""
        places = self.terms.scales.index
        alike = ("index", lot.deposited, lot.steps, lot.after_maturity, self.day, places)
        return self.market.remembered(alike, lambda: lot_index(lot, self.day, places))

    def frozen(self, option: BuiltOption) -> bool:
        """Whether the option's index on the day is known before the day closes, and cannot change."""
        head = self.market.head
        if self.day != head.frozen or isinstance(option, FundOption):
            return False
        return (
            isinstance(option, GuaranteedOption) or f"{self.terms.contract_id}|{option.option}" in head.frozen_indexes
        )


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
    fixed = carried(market.head.accruals, market.terms, entry)
    closed_at = entry.closed_at.isoformat()
    day = ClosedDay(
        date=entry.date,
        closed_at=closed_at,
        unit_values={f"{value.fund}|{value.charge_class}": value.unit_value for value in entry.unit_values},
        fixed_indexes=fixed.closed,
        next_day=entry.next_business_days[0],
    )
    head = Head(entry.date, closed_at, entry.frozen_through, fixed.accruals, fixed.frozen)
    yields, yield_rows = _with_yields(market.yields, entry.yields)
    after = replace(
        market,
        head=head,
        days={**market.days, entry.date: day},
        closed=(*market.closed, entry.date),
        yields=yields,
    )
    return after, (("head", MarketRow(head=head)), (f"day|{entry.date}", MarketRow(day=day)), *yield_rows)


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
    for _, row in rows:
        if row.terms is not None:
            market, _ = with_terms(market, TermsEntry(terms=read_logged_terms(row.terms)))
        elif row.offering is not None:
            offer = GuaranteedOffering.model_validate_json(row.offering)
            market, _ = _with_offering(market, offer, row.logged_after)
        elif row.yields is not None:
            published.append(MarketYields.model_validate_json(row.yields))
        elif row.day is not None:
            days[row.day.date] = row.day
        elif row.head is not None:
            market = replace(market, head=row.head)
    yields, _ = _with_yields({}, published)
    return replace(market, days=days, closed=tuple(sorted(days)), yields=yields)
