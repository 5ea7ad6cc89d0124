"""Remittances on one partition: count the lines that intake copied, and tell submitters what came of them.

A close tells everybody at once: a partition has as many remittances a day as payrolls, not as participants.
"""

from collections.abc import Iterator, Mapping, Sequence

from contracts_schema.headers import cloud_event
from contracts_schema.remittances import RemittanceDay, RemittanceLine, RemittanceNotice, read_remittance_entry
from services.domain.remittances import Closed, Counted, Known, Row, row_date, settled, taken
from services.runtime.alarms import day_out_of_order
from services.runtime.codec import versioned
from services.runtime.partitioner import partition_of
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition, ServiceSpec
from services.runtime.tables import Table, TableSpec

ROWS: TableSpec[Row] = TableSpec("rows", "remittances-state", *versioned(Row), index=row_date)
CLOSED = "closed"
SLICE = 1000


class RemittancesLogic:
    """One partition of the remittances' lines."""

    def __init__(self, partition: Partition) -> None:
        self._partition = partition
        self._rows: Table[Row] = partition.tables["rows"]

    def restored(self) -> None:
        """Nothing is derived from the table."""

    def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
        """Count lines and close days, in order."""
        return [written for record in records for written in self._folded(record)]

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
        """The last closed day."""
        closed = self._closed
        return {"last_closed": closed and closed.day.isoformat()}

    @property
    def _closed(self) -> Closed | None:
        row = self._rows.get(CLOSED)
        return None if row is None else row.closed

    def _folded(self, record: InputRecord) -> Iterator[OutputRecord]:
        assert record.value is not None, "the log has no tombstones"
        entry = read_remittance_entry(record.value)
        if isinstance(entry, RemittanceLine):
            yield from self._count(entry)
            return
        closed = self._closed
        if closed is not None and entry.date <= closed.day:
            yield day_out_of_order(record, entry.date, entry.closed_at, f"{entry.date} does not follow {closed.day}")
        else:
            yield from self._close(entry)

    def _count(self, line: RemittanceLine) -> Iterator[OutputRecord]:
        name = f"remittance|{line.key}"
        first = f"line|{line.key}|{line.participant_id}|{line.request_id}"
        other = f"{first}|{line.fingerprint}"
        row = self._rows.get(name)
        known = None if row is None else row.remittance
        found = taken(Known(self._closed, known, self._line(first), self._line(other)), line)
        if found is None:
            return
        self._rows.put(name, Row(remittance=found.remittance))
        self._rows.put(other if found.conflicts else first, Row(line=Counted(line.fingerprint, line.day)))
        for notice in found.notices:
            yield self._written(notice)

    def _line(self, name: str) -> Counted | None:
        row = self._rows.get(name)
        return None if row is None else row.line

    def _close(self, day: RemittanceDay) -> Iterator[OutputRecord]:
        """Tell whom it concerns, and forget what is older than a repeat could be told."""
        self._rows.put(CLOSED, Row(closed=Closed(day.date, day.next_business_day)))
        while names := self._rows.until(day.date, SLICE):
            for name in names:
                row = self._rows.get(name)
                assert row is not None, "dates are those of rows"
                if row.remittance is None or row.remittance.due is None:
                    self._rows.delete(name)
                    continue
                remittance, notice = settled(row.remittance, day)
                self._rows.put(name, Row(remittance=remittance))
                yield self._written(notice)

    def _written(self, notice: RemittanceNotice) -> OutputRecord:
        key = f"{notice.contract_id}|{notice.submitted_by}|{notice.remittance_id}"
        headers = cloud_event(notice.kind, notice.notice_id, key, notice.decided_at.isoformat())
        number = partition_of(key, self._partition.count)
        return OutputRecord("remittance-notices", number, key.encode(), notice.written(), headers)


REMITTANCES = ServiceSpec(
    name="remittances",
    inputs=("remittance-lines",),
    tables=(ROWS,),
    progress="remittances-progress",
    membership="remittance-lines",
    start=RemittancesLogic,
)
