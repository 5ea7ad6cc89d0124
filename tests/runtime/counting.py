"""Count and sum: the smallest service whose every mistake shows. Each input gets one output with its key's count
and sum so far.
"""

import sys
from collections.abc import Mapping, Sequence

from contracts_schema.topics import Partitions, Topic
from services.runtime.codec import versioned
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition, ServiceSpec
from services.runtime.settings import Settings
from services.runtime.tables import TableSpec
from services.runtime.worker import run_worker

encode, decode = versioned(tuple[int, int])
TOTALS = TableSpec("totals", "count-totals", encode, decode)


class Counting:
    """Folds numbers: the value `n` under key `k` adds 1 to k's count and n to its sum; the value `bug` is one."""

    def __init__(self, partition: Partition) -> None:
        self.number = partition.number
        self.totals = partition.tables["totals"]
        self.commits = 0

    def restored(self) -> None:
        """Nothing is derived from the tables."""

    def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
        """One output per input: `value count sum`, under the input's key."""
        return [self._count(record) for record in records]

    def last(self) -> Sequence[OutputRecord]:
        """Nothing is written once of a transaction."""
        return ()

    async def pending(self) -> object | None:
        """There is no background work."""
        return None

    def background(self, work: object) -> Sequence[OutputRecord]:
        """There is no background work."""
        raise AssertionError(work)

    def committed(self) -> None:
        """Count commits, for the note."""
        self.commits += 1

    def note(self) -> Mapping[str, object]:
        """How often this instance has committed."""
        return {"commits": self.commits}

    def _count(self, record: InputRecord) -> OutputRecord:
        key, value = (record.key or b"").decode(), (record.value or b"").decode()
        if value == "bug":
            raise ZeroDivisionError("a bug")
        count, total = self.totals.get(key) or (0, 0)
        count, total = count + 1, total + int(value)
        self.totals.put(key, (count, total))
        return OutputRecord("counts", self.number, record.key, f"{value} {count} {total}".encode())


SPEC = ServiceSpec("count", ("numbers",), (TOTALS,), "count-progress", "numbers", Counting)


def topic(name: str, *, compacted: bool = False) -> Topic:
    """A topic of the counting service."""
    return Topic(name, "key", None, "a test", Partitions.PER_PARTICIPANT, None, compacted, "CreateTime", "for a test")


TOPICS = {
    made.name: made
    for made in (
        topic("numbers"),
        topic("counts"),
        topic("count-totals", compacted=True),
        topic("count-progress", compacted=True),
    )
}

if __name__ == "__main__":
    sys.exit(run_worker([SPEC], Settings(), TOPICS))
