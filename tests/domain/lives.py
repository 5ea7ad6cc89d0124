"""Histories lived through: in the whole service, from the log again, and in a ledger that settles when told to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from random import Random

from contracts_schema.entries import RequestEntry, read_entry
from contracts_schema.topics import OUTCOME_TOPICS
from services.domain.state import Participant
from services.ledger.logic import LEDGER, LedgerLogic
from services.runtime.cli.replaying import InProcess
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition
from services.runtime.settings import Settings
from services.runtime.tables import Table
from tests.domain.books import Book
from tests.strategies import Line

Written = dict[str, list[tuple[object, ...]]]


def lived(lines: Iterable[Line]) -> Book:
    book = Book()
    for topic, message in lines:
        book.publish(topic, message)
    return book


def by_participant(records: Iterable[OutputRecord]) -> Written:
    """Outcomes as every participant sees them: topic, value and headers, in order."""
    found: Written = defaultdict(list)
    for record in records:
        if record.topic in OUTCOME_TOPICS:
            found[(record.key or b"").decode()].append((record.topic, record.value, record.headers))
    return found


def books(book: Book) -> dict[str, Participant]:
    return dict(book.service.ledger_partition.tables["participants"].items())


def as_input(at: int, record: OutputRecord) -> InputRecord:
    return InputRecord("ledger-log", 0, at, record.key, record.value, record.headers, 0)


def refolded(log: Sequence[OutputRecord]) -> InProcess:
    service = InProcess()
    for at, record in enumerate(log):
        service.take(as_input(at, record))
    return service


def interleaved(log: Sequence[OutputRecord], chance: Random) -> list[OutputRecord]:
    """The log with the requests between two market entries in another order, each participant's kept."""
    woven: list[OutputRecord] = []
    pending: dict[bytes, list[OutputRecord]] = defaultdict(list)

    def flush() -> None:
        while pending:
            key = chance.choice(sorted(pending))
            woven.append(pending[key].pop(0))
            if not pending[key]:
                del pending[key]

    for record in log:
        if isinstance(read_entry(record.value or b""), RequestEntry):
            pending[record.key or b""].append(record)
        else:
            flush()
            woven.append(record)
    flush()
    return woven


class Ledger:
    """The ledger alone, settling in the background only when told to."""

    def __init__(self) -> None:
        tables = {table.name: Table(table) for table in LEDGER.tables}
        self.partition = Partition(0, 1, tables, Settings(partitions=1))
        self.logic = LedgerLogic(self.partition)
        self.written: list[OutputRecord] = []

    def fold(self, record: OutputRecord) -> None:
        """Fold one record of the log; its participant is settled on the way, nobody else."""
        self.written += self.logic.process([as_input(len(self.written), record)])
        self.written += self.logic.last()

    def settle(self) -> None:
        """Settle everything that is due."""
        while self.logic.has_work():
            self.written += self.logic.background(None)
