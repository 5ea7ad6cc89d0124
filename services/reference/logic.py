"""Reference on its one partition: fold reference messages, and close days once intake has caught up.

Terms and market days go to every partition of the ledger log in one transaction, and in the same one the closed day to
every partition of the remittances' lines: by then intake has copied every line that had arrived before the close.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from contracts_schema.alarms import AlarmCode, DeadLetterReason
from contracts_schema.contract_notices import ContractNotice
from contracts_schema.entries import AnyEntry, DayClosedEntry, OfferingEntry, TermsEntry, write_entry
from contracts_schema.headers import cloud_event
from contracts_schema.outcomes import Alarm
from contracts_schema.remittances import RemittanceDay
from contracts_schema.topics import REFERENCE_TOPICS
from contracts_schema.unit_values import UnitValueReckoned
from services.domain.closing import Reference, day_to_close
from services.domain.lateness import late_through
from services.domain.readiness import waiting_for
from services.domain.referencing import Folded, ReferenceRecord, close_through, complete_through, fold, told_late
from services.reference.barrier import Ends, intake_passed, request_ends
from services.reference.rows import changed_rows, reference_of
from services.runtime.calendar import ExchangeCalendar
from services.runtime.dead_letters import dead_letter
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition, ServiceSpec
from services.runtime.tables import Table, TableSpec

STATE: TableSpec[bytes] = TableSpec("state", "reference-state", bytes, bytes)


@dataclass(frozen=True, slots=True)
class IntakeCaughtUp:
    """Intake has passed the ends of the request topics as they were after the cutoff of a day."""

    day: date


@dataclass(frozen=True, slots=True)
class CloseLate:
    """Days are not closed some time after their close, as of a moment, and it has not been told."""

    now: datetime


@dataclass(frozen=True, slots=True)
class _Barrier:
    """The ends that intake must pass before the days through `day` may close."""

    day: date
    ends: Ends


class ReferenceLogic:
    """The only door for reference data."""

    def __init__(self, partition: Partition) -> None:
        self._settings = partition.settings
        self._rows: Table[bytes] = partition.tables["state"]
        self._calendar = ExchangeCalendar()
        self._state = Reference()
        self._barrier: _Barrier | None = None
        self._complete: tuple[Reference, date, date | None] | None = None

    def restored(self) -> None:
        """Derive the state from its rows."""
        self._state = reference_of(self._rows.items())

    def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
        """Fold a batch: entries to every partition of the log, alarms, dead letters."""
        return [written for record in records for written in self._folded(record)]

    def last(self) -> Sequence[OutputRecord]:
        """Nothing is written once of a transaction."""
        return ()

    async def pending(self) -> IntakeCaughtUp | CloseLate | None:
        """Days that are complete and whose cutoff has passed, once intake has caught up with them; else days that are
        late and were not told.
        """
        now = datetime.now(UTC)
        day = self.complete_day(self._calendar.last_closed(now))
        if day is not None:
            if self._barrier is None:
                self._barrier = _Barrier(day, await request_ends(self._settings))
            if await intake_passed(self._settings, self._barrier.ends):
                return IntakeCaughtUp(self._barrier.day)
        return None if late_through(self._state, now, self._calendar) is None else CloseLate(now)

    def complete_day(self, until: date) -> date | None:
        """The last day, not after `until`, that only waits for intake; None where there is none."""
        if self._complete is None or self._complete[0] is not self._state or self._complete[1] != until:
            self._complete = (self._state, until, complete_through(self._state, until, self._calendar))
        return self._complete[2]

    def background(self, work: object) -> Sequence[OutputRecord]:
        """Close the days that intake has caught up with, or tell those that are late."""
        if isinstance(work, CloseLate):
            return self._told(told_late(self._state, work.now, self._calendar))
        assert isinstance(work, IntakeCaughtUp), "nothing else is ever pending"
        self._barrier = None
        return self._told(close_through(self._state, work.day, self._calendar))

    def committed(self) -> None:
        """Nothing: the state is dropped with its table when a transaction fails."""

    def note(self) -> Mapping[str, object]:
        """The last closed day, the next one, and what it still lacks; what is held, and an order that it needs."""
        coming = day_to_close(self._state, self._calendar)
        waiting = None if coming is None else waiting_for(self._state, coming, self._calendar)
        last = self._state.last_closed
        return {
            "last_closed": last and last.isoformat(),
            "next": coming and coming.isoformat(),
            "missing": [] if waiting is None else waiting.missing[:100],
            "held": [] if waiting is None else [one.item for one in waiting.held[:100]],
            "needs_order": waiting is not None and waiting.needs_order,
        }

    def _folded(self, record: InputRecord) -> list[OutputRecord]:
        read = ReferenceRecord(record.topic, record.partition, record.offset, record.value)
        folded = fold(self._state, read, self._calendar)
        out = self._written(folded)
        for alarm in folded.alarms:
            out.append(_alarmed(alarm, _recorded(record)) if alarm.date is None else self._told_of(alarm))
            if alarm.code is AlarmCode.MALFORMED:
                out.append(dead_letter(record, 0, DeadLetterReason.MALFORMED, alarm.message))
        return out + [_noticed(notice, record, self._calendar) for notice in folded.notices]

    def _told(self, folded: Folded) -> list[OutputRecord]:
        """Work between batches: entries, and alarms that no record brought about."""
        return [*self._written(folded), *(self._told_of(alarm) for alarm in folded.alarms)]

    def _told_of(self, alarm: Alarm) -> OutputRecord:
        """An alarm about the close of a day: its business time is that close."""
        assert alarm.date is not None, "what is about a close names the day"
        return _alarmed(alarm, self._calendar.closes_at(alarm.date).isoformat())

    def _written(self, folded: Folded) -> list[OutputRecord]:
        for key, row in changed_rows(self._state, folded.state):
            _keep(self._rows, key, row)
        self._state = folded.state
        entries = [
            OutputRecord(topic, n, entry.type.encode(), value, _headers(entry))
            for entry in folded.entries
            for topic, value in _sent(entry)
            for n in range(self._settings.partitions)
        ]
        return entries + [_unit_value(value, self._calendar) for value in folded.unit_values]


def _unit_value(value: UnitValueReckoned, calendar: ExchangeCalendar) -> OutputRecord:
    key, closed_at = f"{value.fund}|{value.charge_class}", calendar.closes_at(value.valuation_date).isoformat()
    headers = cloud_event(value.kind, f"{value.kind}|{key}|{value.valuation_date}", key, closed_at)
    return OutputRecord("unit-values", 0, key.encode(), value.written(), headers)


def _keep(rows: Table[bytes], key: str, row: bytes | None) -> None:
    if row is None:
        rows.delete(key)
    else:
        rows.put(key, row)


def _sent(entry: AnyEntry) -> Iterator[tuple[str, bytes]]:
    """What goes to every partition of which topic."""
    yield "ledger-log", write_entry(entry)
    if isinstance(entry, DayClosedEntry):
        day = RemittanceDay(date=entry.date, closed_at=entry.closed_at, next_business_day=entry.next_business_days[0])
        yield "remittance-lines", day.written()


def _headers(entry: AnyEntry) -> tuple[tuple[str, bytes], ...]:
    if isinstance(entry, DayClosedEntry):
        return cloud_event(entry.type, f"{entry.type}|{entry.date}", "market", entry.closed_at.isoformat())
    if isinstance(entry, TermsEntry):
        terms = entry.terms
        event_id = f"{entry.type}|{terms.contract_id}|{terms.version}"
        return cloud_event(entry.type, event_id, terms.contract_id, f"{terms.effective_from}T00:00:00+00:00")
    assert isinstance(entry, OfferingEntry), "reference logs terms, offerings and days"
    offer = entry.offering
    event_id = f"{entry.type}|{offer.series}|{offer.offering_id}"
    return cloud_event(entry.type, event_id, offer.series, f"{offer.period_start}T00:00:00+00:00")


def _noticed(notice: ContractNotice, record: InputRecord, calendar: ExchangeCalendar) -> OutputRecord:
    """Its business time is the close that it names; of what came before any close, when it was recorded."""
    day, contract_id = notice.date, notice.contract_id
    time = _recorded(record) if day is None else calendar.closes_at(day).isoformat()
    headers = cloud_event(notice.kind, notice.notice_id, contract_id, time)
    return OutputRecord("contract-notices", 0, contract_id.encode(), notice.written(), headers)


def _recorded(record: InputRecord) -> str:
    return datetime.fromtimestamp(record.timestamp_ms / 1000, UTC).isoformat()


def _alarmed(alarm: Alarm, time: str) -> OutputRecord:
    """One about a message is named by its place, one about the close by the day and the value held."""
    place = (
        (alarm.source_partition, alarm.source_offset) if alarm.date is None else (alarm.date, alarm.item, alarm.value)
    )
    event_id = "|".join(str(part) for part in (alarm.topic, *place) if part is not None)
    headers = cloud_event(alarm.kind, event_id, alarm.topic, time)
    return OutputRecord("alarms", 0, alarm.code.value.encode(), alarm.written(), headers)


REFERENCE = ServiceSpec(
    name="reference",
    inputs=(*REFERENCE_TOPICS, "contract-totals"),
    tables=(STATE,),
    progress="reference-progress",
    membership="contract-terms",
    start=ReferenceLogic,
)
