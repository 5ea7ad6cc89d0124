"""What a partition knows of the world: terms, closed days with prices and yields, offerings.

It is folded from the market entries of the ledger log and from nothing else, so that every partition,
and every replay, holds the same. `Market` is what decisions read; `MarketRow` is how it is kept.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeVar, cast

from contracts_schema.reference import GuaranteedOffering, MarketYields
from contracts_schema.terms import ContractTerms
from contracts_schema.values import Value
from services.domain.fixed import Accrual
from services.domain.rate_history import History, Segment
from services.domain.statement_dates import StatementClose

T = TypeVar("T")
_UNKNOWN = object()
Day = date  # for a class that has a field of that name
_effective_from = attrgetter("effective_from")


class ClosedDay(Value, frozen=True):
    """A closed business day: unit values by `fund|charge class`, indexes by `contract|option`.

    `closed_at` is ISO 8601 as text: state keeps an instant, not the offset it was written with. `next_day` is the
    business day after it, as it was known at the close (rows of release 0.1 have none). `fixed_rates` are the annual
    rates credited from the day on, by `contract|option` (rows of release 0.1 have none).
    """

    date: date
    closed_at: str
    unit_values: Mapping[str, Decimal]
    fixed_indexes: Mapping[str, Decimal]
    next_day: Day | None = None
    fixed_rates: Mapping[str, Decimal] = {}


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

    `closing` counts, per closed day not yet settled throughout, the participants settled so far. `segment` is of the
    history of the fixed option that the row's key names. `logged_after` is the last day that was closed when an
    offering was logged (rows of release 0.1 have none). `closed` are the closed days of a year, whether what else they
    were is kept or not; `held` is the earliest receipt of what orders hold of the participant that the key names.
    `statements` are the closes at which annual notices of the contract that the key names were due; `visiting` is such
    a close whose notices are being made, of the contract in the key.
    """

    terms: bytes | None = None
    offering: bytes | None = None
    yields: bytes | None = None
    day: ClosedDay | None = None
    head: Head | None = None
    closing: Mapping[date, int] | None = None
    logged_after: date | None = None
    segment: Segment | None = None
    closed: tuple[date, ...] | None = None
    held: date | None = None
    statements: tuple[StatementClose, ...] | None = None
    visiting: date | None = None


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

    `closed` are the dates of closed days, of which `calendar` tells, by year, what is kept beside the days themselves.
    `logged_after` tells of an offering, by series and id, the last day that was closed when it was logged. Histories
    are of fixed options, by `contract|option`. `statements` are the closes at which annual notices were due, by
    contract (NTC-1).
    """

    head: Head = field(default_factory=Head)
    terms: Mapping[str, tuple[ContractTerms, ...]] = field(default_factory=dict)
    days: Mapping[date, ClosedDay] = field(default_factory=dict)
    closed: tuple[date, ...] = ()
    calendar: Mapping[int, tuple[date, ...]] = field(default_factory=dict)
    offerings: Mapping[str, tuple[GuaranteedOffering, ...]] = field(default_factory=dict)
    logged_after: Mapping[tuple[str, str], date] = field(default_factory=dict)
    yields: Mapping[str, YieldHistory] = field(default_factory=dict)
    histories: Mapping[str, History] = field(default_factory=dict)
    statements: Mapping[str, tuple[StatementClose, ...]] = field(default_factory=dict)
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

        Net deposit, surrender value, transfer and maintenance fee and annuity options change only for participants
        covered on or after the change, unless its version says "new and existing": for others they stay as in the last
        version that reached them.
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
                "premium_tax_due": kept.premium_tax_due,
                "early_withdrawal_charge": kept.early_withdrawal_charge,
                "sales_charge_percent": kept.sales_charge_percent,
                "maintenance_fee": kept.maintenance_fee,
                "income": kept.income,
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
