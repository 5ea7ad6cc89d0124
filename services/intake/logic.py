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
        yield self._keyed("ledger-log", participant_key(received.request), write_entry(received), received)
        line = read_remittance_line(received)
        if line is not None:
            yield self._keyed("remittance-lines", line.key, line.written(), received)

    def _keyed(self, topic: str, key: str, value: bytes, entry: RequestEntry) -> OutputRecord:
        number = partition_of(key, self._partition.count)
        return OutputRecord(topic, number, key.encode(), value, _headers(key, entry))


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


def _headers(key: str, entry: RequestEntry) -> Headers:
    event_id = f"{entry.topic}|{entry.source_partition}|{entry.source_offset}"
    return cloud_event("request", event_id, key, entry.recorded_at.isoformat(), entry.traceparent)


INTAKE = ServiceSpec(
    name="intake",
    inputs=REQUEST_TOPICS,
    tables=(),
    progress="intake-progress",
    membership="deposit-requests",
    start=IntakeLogic,
)
