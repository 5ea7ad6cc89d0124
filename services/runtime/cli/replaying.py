"""The whole service folded in process, without a broker: the same logic on tables in memory.

Records go in one by one and take their full effect before the next: the order of the lines is the barrier
between requests and closes.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from contracts_schema.topics import REFERENCE_TOPICS, REQUEST_TOPICS
from services.intake import INTAKE
from services.ledger.logic import LEDGER, LedgerLogic
from services.reference.logic import REFERENCE, IntakeCaughtUp, ReferenceLogic
from services.remittances.logic import REMITTANCES, RemittancesLogic
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition, ServiceSpec
from services.runtime.settings import Settings
from services.runtime.tables import Table

Observed = Callable[[InputRecord, Sequence[OutputRecord], bool], None]
"""Called for each transaction of the ledger: the entry it came of, what it writes (outcomes, then changelog records),
and whether it is background work.
"""


class InProcess:
    """One partition of every service. `written` holds everything that would have gone to topics, in order.

    `partition` and `count` say which partition of how many it stands for, so that keys are addressed as there.
    """

    def __init__(self, partition: int = 0, count: int = 1, observed: Observed | None = None) -> None:
        settings = Settings(partitions=1)
        self._intake = INTAKE.start(_partition(INTAKE, settings, 0, 1))
        self.reference_partition = _partition(REFERENCE, settings, 0, 1)
        self._reference = ReferenceLogic(self.reference_partition)
        self.ledger_partition = _partition(LEDGER, settings, partition, count)
        self._ledger = LedgerLogic(self.ledger_partition)
        self._remittances_partition = _partition(REMITTANCES, settings, 0, 1)
        self._remittances = RemittancesLogic(self._remittances_partition)
        self._observed = observed
        self.written: list[OutputRecord] = []

    def take(self, record: InputRecord) -> None:
        """Fold one record of a request topic, of a reference topic or of the ledger log."""
        if record.topic == "ledger-log":
            self._fold_log([record])
        elif record.topic in REQUEST_TOPICS:
            self._pass_on(self._intake.process([record]))
        elif record.topic in REFERENCE_TOPICS:
            self._pass_on(self._reference.process([record]))
            self._close()
        else:
            msg = f"{record.topic} is no topic that anything is read from"
            raise ValueError(msg)

    def drained(self) -> list[OutputRecord]:
        """What was written since this was last asked; `written` holds it no longer."""
        written, self.written = self.written, []
        return written

    def _close(self) -> None:
        """Close what is complete; every line before this one has been taken in."""
        day = self._reference.complete_day(date.max)
        if day is not None:
            self._pass_on(self._reference.background(IntakeCaughtUp(day)))

    def _pass_on(self, records: Sequence[OutputRecord]) -> None:
        _commit(self.ledger_partition)
        self.written += records
        before = len(self.written)
        inputs = [_as_input(at, record) for at, record in enumerate(records)]
        self._fold_log([record for record in inputs if record.topic == "ledger-log"])
        self.written += self._remittances.process([r for r in inputs if r.topic == "remittance-lines"])
        _commit(self._remittances_partition)
        for at, record in enumerate(self.written[before:]):
            if record.topic == "contract-totals":
                self._pass_on(self._reference.process([_as_input(at, record)]))

    def _fold_log(self, records: Sequence[InputRecord]) -> None:
        for record in records:
            self._commit(record, [*self._ledger.process([record]), *self._ledger.last()], background=False)
            while self._ledger.has_work():
                self._commit(record, self._ledger.background(None), background=True)

    def _commit(self, entry: InputRecord, records: Sequence[OutputRecord], *, background: bool) -> None:
        self.written += records
        if self._observed is not None:
            self._observed(entry, [*records, *_changelog(self.ledger_partition)], background)
        _commit(self.ledger_partition)


def _partition(spec: ServiceSpec, settings: Settings, number: int, count: int) -> Partition:
    return Partition(number, count, {table.name: Table(table) for table in spec.tables}, settings)


def _commit(partition: Partition) -> None:
    for table in partition.tables.values():
        table.commit()


def _changelog(partition: Partition) -> Iterator[OutputRecord]:
    for table in partition.tables.values():
        for key, value in table.changelog():
            yield OutputRecord(table.spec.changelog, partition.number, key, value)


def _as_input(offset: int, record: OutputRecord) -> InputRecord:
    return InputRecord(record.topic, record.partition, offset, record.key, record.value, record.headers, 0)
