"""The ledger on one partition: fold its log into its participants' books, and settle what a close brings.

The rules are in `services.domain`; here rows are looked up and put back, and records addressed.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain, islice
from operator import attrgetter
from typing import Any

from contracts_schema.entries import DayClosedEntry, RequestEntry, TermsEntry, read_entry
from contracts_schema.headers import cloud_event
from contracts_schema.outcomes import DayCloseCompleted
from services.domain.decide import DAYS_ANSWERED, decide
from services.domain.due import due_date
from services.domain.folding import follows, market_of, with_day, with_offering, with_terms
from services.domain.forgetting import Frontier, dropped, frontier, oldest_receipt
from services.domain.market import Market, MarketRow, Rows
from services.domain.reading import Read, read_waiting
from services.domain.receiving import participant_key
from services.domain.settling import settle_all
from services.domain.state import Answer, Emission, Participant
from services.domain.steps import Step
from services.ledger.statement_rounds import StatementRounds
from services.ledger.totals import TOTALS, Totals
from services.ledger.touched import Touched
from services.runtime.alarms import day_out_of_order
from services.runtime.codec import versioned
from services.runtime.partitioner import partition_of
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition, ServiceSpec
from services.runtime.tables import Table, TableSpec

SLICE_SECONDS = 0.1
"""Requests that come during a slice wait for its end and its transaction. Longer ones save little: a transaction is a
tenth of a slice or so.
"""
SLICE_KEYS = 2000
HELD = "held|"
"""How keys of rows begin that hold a receipt of held requests: `held|contract|participant`."""
REMEMBERED = 2000
"""Of so many waiting requests what was read is kept, some 10 KB each, so that they need not be read twice."""

PARTICIPANTS: TableSpec[Participant] = TableSpec(
    "participants", "ledger-participants", *versioned(Participant), index=due_date
)
REQUESTS: TableSpec[Answer] = TableSpec("requests", "ledger-requests", *versioned(Answer), index=attrgetter("on"))
MARKET: TableSpec[MarketRow] = TableSpec("market", "ledger-market", *versioned(MarketRow))


class LedgerLogic:
    """One partition of the ledger log. What is kept beside the tables is derived from them."""

    def __init__(self, partition: Partition, *, slice_keys: int | None = None) -> None:
        self._partition = partition
        self._most = slice_keys
        self._participants: Table[Participant] = partition.tables["participants"]
        self._requests: Table[Answer] = partition.tables["requests"]
        self._rows: Table[MarketRow] = partition.tables["market"]
        self._market = Market()
        self._closing: dict[date, int] = {}
        self._rounds = StatementRounds(self._participants, self._rows)
        self._held: dict[str, date] = {}
        self._kept: Frontier | None = None
        self._read: dict[bytes, Read] = {}
        self._touched = Touched()
        self._totals = Totals(partition)

    def restored(self) -> None:
        """Derive the market and the closes that are not completed from the tables."""
        self._market = market_of(self._rows.items())
        self._rounds.restored()
        closing = self._rows.get("closing")
        self._closing = dict(closing.closing or {}) if closing is not None else {}
        self._totals.restored()
        self._held = {key.removeprefix(HELD): row.held for key, row in self._rows.items() if row.held is not None}

    def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
        """Fold a batch of the log, in order."""
        out = [written for record in records for written in self._fold(record)]
        return [*out, *self._completed()]

    def last(self) -> Sequence[OutputRecord]:
        """The account values of everybody that the transaction changed."""
        return self._written(self._touched.values(self._market))

    async def pending(self) -> object | None:
        """Something is due by a closed day, annual notices are, a contract is to be totalled, an id is older than ids
        are kept, or what the market keeps may have become less.
        """
        return True if self.has_work() else None

    def has_work(self) -> bool:
        """Whether `background` has anything to do."""
        due = _has_until(self._participants, self._last_closed) or _has_until(self._requests, self._forgotten)
        return due or len(self._rounds) > 0 or len(self._totals) > 0 or self._frontier != self._kept

    def background(self, work: object) -> Sequence[OutputRecord]:
        """Settle what is due for a tenth of a second, count a contract, forget ids that are no longer kept; and drop
        what nothing can need any more of the market: here and nowhere else, so that it is never certain when a replay
        looks.
        """
        del work
        started = time.monotonic()
        out: list[OutputRecord] = []
        due = self._participants.until(self._last_closed, self._slice_keys())
        for key in islice(chain(due, self._rounds.visits()), self._slice_keys()):
            out += self._counted_first(key, self._last_closed or date.min)
            participant = self._participants.get(key)
            assert participant is not None, "dates are those of rows, and so are keys"
            step = settle_all(self._market, participant, self._read_of)
            out += self._apply(step) if step.settled else ()
            if time.monotonic() - started > SLICE_SECONDS:
                break
        for key in self._requests.until(self._forgotten, self._slice_keys()):
            self._requests.delete(key)
        out += [*self.last(), *self._completed(), *self._totalled()]
        self._drop()
        return out

    def committed(self) -> None:
        """Nothing: what is derived is dropped with the tables when a transaction fails."""

    def note(self) -> Mapping[str, object]:
        """The last closed day, how many participants are still to settle, a round of annual notices counting as one,
        and how many contracts to be totalled.
        """
        last = self._last_closed
        to_settle = self._participants.count(last) + len(self._rounds)
        return {"last_closed": last and last.isoformat(), "to_settle": to_settle, "to_total": len(self._totals)}

    @property
    def _last_closed(self) -> date | None:
        return self._market.head.last_closed

    @property
    def _forgotten(self) -> date | None:
        """The last day whose ids are no longer kept."""
        last = self._last_closed
        return None if last is None else last - timedelta(days=DAYS_ANSWERED + 1)

    def _slice_keys(self) -> int:
        return SLICE_KEYS if self._most is None else self._most

    def _fold(self, record: InputRecord) -> Sequence[OutputRecord]:
        assert record.value is not None, "the log has no tombstones"
        entry = read_entry(record.value)
        if isinstance(entry, RequestEntry):
            key = participant_key(entry.request)
            first = self._counted_first(key, date.max)
            books = self._participants.get(key)
            return first + self._apply(decide(self._market, books, self._requests.get, entry, self._read_of))
        if isinstance(entry, DayClosedEntry):
            if not follows(self._market, entry):
                return [self._out_of_order(entry, record)]
            values = self._written(self._touched.before_close(self._market))
            self._closing[entry.date] = 0
            self._totals.begin(entry)
            self._keep(*with_day(self._market, entry))
            self._rounds.begin(self._market)
            return values
        if isinstance(entry, TermsEntry):
            self._keep(*with_terms(self._market, entry))
        else:
            self._keep(*with_offering(self._market, entry))
        return []

    def _counted_first(self, key: str, before: date) -> list[OutputRecord]:
        """Count a participant in the totals of earlier days that it is not yet in, before it is settled any further, or
        anything decided: settled through their day (FND-4).
        """
        out: list[OutputRecord] = []
        for total in self._totals.owed(key, before) if len(self._totals) else ():
            books = self._participants.get(key)
            if books is not None:
                out += self._apply(settle_all(self._market, books, self._read_of, total.date))
            self._totals.count_first(total, key, self._market)
        return out

    def _totalled(self) -> list[OutputRecord]:
        """Some participants counted, once the total's day is settled throughout; what a total is that is complete."""
        total = self._totals.first()
        if total is None or total.date in self._closing:
            return []
        return list(self._totals.count(total, self._market, self._slice_keys()))

    @property
    def _frontier(self) -> Frontier | None:
        """How far back anything may still look."""
        total = self._totals.first()
        days = (self._participants.first(), self._rounds.first(), None if total is None else total.date)
        due = min((day for day in days if day is not None), default=None)
        return frontier(self._market, due, min(self._held.values(), default=None))

    def _drop(self) -> None:
        """Keep of the market what something may still need."""
        at = self._frontier
        if at is None or at == self._kept:
            return
        self._market, written, removed = dropped(self._market, at)
        self._kept = at
        for key, row in written:
            self._rows.put(key, row)
        for key in removed:
            self._rows.delete(key)

    def _note_held(self, participant: Participant) -> None:
        """Keep what held requests will need, until they are decided."""
        key, oldest = participant.key, oldest_receipt(participant)
        if oldest is None:
            self._held.pop(key, None)
            self._rows.delete(HELD + key)
        elif self._held.get(key) != oldest:
            self._held[key] = oldest
            self._rows.put(HELD + key, MarketRow(held=oldest))

    def _read_of(self, entry: bytes) -> Read:
        """A waiting request, read anew where it is not remembered: it is asked for once, when it trades."""
        return self._read.pop(entry, None) or read_waiting(entry)

    def _keep(self, market: Market, rows: Rows) -> None:
        self._market = market
        for key, row in rows:
            self._rows.put(key, row)

    def _apply(self, step: Step) -> list[OutputRecord]:
        participant = step.participant
        self._participants.put(participant.key, participant)
        if participant.held or participant.key in self._held:
            self._note_held(participant)
        for answer_key, answer in step.answers:
            self._requests.put(answer_key, answer)
        if len(self._read) < REMEMBERED:
            self._read.update(step.read)
        for day in step.settled:
            self._closing[day] = self._closing.get(day, 0) + 1
        self._touched.add(step)
        return self._written(step.emissions)

    def _written(self, emissions: Iterable[Emission]) -> list[OutputRecord]:
        count = self._partition.count
        return [
            OutputRecord(each.topic, partition_of(each.key, count), each.key.encode(), each.value, each.headers)
            for each in emissions
        ]

    def _completed(self) -> list[OutputRecord]:
        """The closes that nothing is due for any more; and the counts of the others, kept for the next life."""
        first = min(filter(None, (self._participants.first(), self._rounds.first())), default=None)
        done: list[OutputRecord] = []
        for day in sorted(self._closing):
            if first is not None and first <= day:
                break
            done.append(self._close_completed(day, self._closing.pop(day)))
        if done or self._closing:
            self._rows.put("closing", MarketRow(closing=dict(self._closing)))
        return done

    def _close_completed(self, day: date, settled: int) -> OutputRecord:
        number = self._partition.number
        message = DayCloseCompleted(partition=number, date=day, settled=settled)
        time_of_day = self._market.days[day].closed_at
        headers = cloud_event(message.kind, f"{number}|{day}", str(number), time_of_day)
        return OutputRecord("day-closes", number, str(number).encode(), message.written(), headers)

    def _out_of_order(self, entry: DayClosedEntry, record: InputRecord) -> OutputRecord:
        """A day that does not follow the last closed one changes nothing here, and somebody must look at it."""
        message = f"{entry.date} (after {entry.previous}) does not follow {self._last_closed}"
        return day_out_of_order(record, entry.date, entry.closed_at, message)


def _has_until(table: Table[Any], day: date | None) -> bool:
    """Whether any row has a date on or before this one."""
    first = table.first()
    return day is not None and first is not None and first <= day


LEDGER = ServiceSpec(
    name="ledger",
    inputs=("ledger-log",),
    tables=(PARTICIPANTS, REQUESTS, MARKET, TOTALS),
    progress="ledger-progress",
    membership="ledger-log",
    start=LedgerLogic,
)
