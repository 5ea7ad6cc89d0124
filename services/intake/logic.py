"""Intake on one partition: read each request's bytes, stamp its trade dates, put it on the ledger log; and a deposit
that is of a remittance, in the same transaction, among the remittance's lines.

It keeps no state and rejects nothing: only the ledger can list every defect and answer a repeat.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from contracts_schema.entries import RequestEntry, write_entry
from contracts_schema.headers import TRACEPARENT, Headers, cloud_event, header
from contracts_schema.parsing import read_remittance_line
from contracts_schema.topics import REQUEST_TOPICS
from services.domain.receiving import DeadLetter, Door, Raw, participant_key, receive
from services.runtime.calendar import ExchangeCalendar
from services.runtime.dead_letters import dead_letter
from services.runtime.partitioner import partition_of
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition, ServiceSpec


class IntakeLogic:
    """One partition of the request topics."""

    def __init__(self, partition: Partition) -> None:
        self._partition = partition
        calendar, trusted = ExchangeCalendar(), frozenset(partition.settings.trusted_submitters)
        self._door = Door(calendar.trade_date, calendar.local_day, trusted)

    def restored(self) -> None:
        """There is no state."""

    def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
        """An entry or a dead letter for every record, and the lines of remittances."""
        return [written for record in records for written in self._received(record)]

    def last(self) -> Sequence[OutputRecord]:
        """Nothing is written once of a transaction."""
        return ()

    async def pending(self) -> None:
        """There is nothing to do between batches."""

    def background(self, work: object) -> Sequence[OutputRecord]:
        """Never called: nothing is ever pending."""
        raise AssertionError(work)

    def committed(self) -> None:
        """Nothing is derived from state."""

    def note(self) -> Mapping[str, object]:
        """Positions say it all."""
        return {}

    def _received(self, record: InputRecord) -> Iterator[OutputRecord]:
        received = receive(_raw(record), self._door)
        if isinstance(received, DeadLetter):
            yield dead_letter(record, self._partition.number, received.reason, received.detail)
            return
        event_id = f"{received.topic}|{received.source_partition}|{received.source_offset}"
        key = participant_key(received.request)
        headers = _headers(received.type, event_id, key, received)
        yield self._keyed("ledger-log", key, write_entry(received), headers)
        line = read_remittance_line(received)
        if line is not None:
            headers = _headers(line.type, f"{line.type}|{event_id}", line.key, received)
            yield self._keyed("remittance-lines", line.key, line.written(), headers)

    def _keyed(self, topic: str, key: str, value: bytes, headers: Headers) -> OutputRecord:
        return OutputRecord(topic, partition_of(key, self._partition.count), key.encode(), value, headers)


def _raw(record: InputRecord) -> Raw:
    traceparent = header(record.headers, TRACEPARENT)
    return Raw(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        value=record.value,
        recorded_at=datetime.fromtimestamp(record.timestamp_ms / 1000, UTC),
        traceparent=None if traceparent is None else traceparent.decode("ascii", "replace"),
    )


def _headers(kind: str, event_id: str, key: str, entry: RequestEntry) -> Headers:
    return cloud_event(kind, event_id, key, entry.recorded_at.isoformat(), entry.traceparent)


INTAKE = ServiceSpec(
    name="intake",
    inputs=REQUEST_TOPICS,
    tables=(),
    progress="intake-progress",
    membership="deposit-requests",
    start=IntakeLogic,
)
