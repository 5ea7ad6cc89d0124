"""What a batch loop does with what it reads: one transaction each, memory after the commit, nobody starved.

Without a broker: the reader and the commit are stand-ins, so that each outcome of a commit can be had at will.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from services.runtime.batches import Batch, BatchLoop
from services.runtime.errors import LogicError
from services.runtime.progress import decode_progress
from services.runtime.reader import PartitionReader
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition, PartitionLogic
from services.runtime.settings import Settings
from services.runtime.state import State
from services.runtime.stores.memory import MemoryStore
from services.runtime.tables import RowsInMemory, Table
from tests.runtime.counting import SPEC, TOTALS, Counting, encode

SETTINGS = Settings(bootstrap_servers="nowhere:1", batch_max_records=10, linger_ms=0)


class Log:
    """Stands in for the reader: gives out the records put into it, ten at most, and knows how far that is."""

    def __init__(self) -> None:
        self.waiting: list[InputRecord] = []
        self.end = 0
        self.waits: list[int] = []

    def put(self, *values: str) -> None:
        """Append records of one key."""
        for value in values:
            self.waiting.append(_record(len(self.waiting) + self.end, value))

    async def read(self, wait_ms: int, limit: int) -> list[InputRecord]:
        """The next records, after the wait when there are none."""
        self.waits.append(wait_ms)
        if not self.waiting:
            await asyncio.sleep(wait_ms / 1000)
        given, self.waiting = self.waiting[:limit], self.waiting[limit:]
        self.end += len(given)
        return given

    def unread(self) -> int:
        """What was not given yet."""
        return len(self.waiting)

    async def positions(self) -> dict[str, int]:
        """Past what was given."""
        return {"numbers": self.end}


class Harness:
    """A batch loop over stand-ins; `commits` has the records of each transaction, `on_commit` may fail it."""

    def __init__(self, start: Callable[[Partition], PartitionLogic] = Counting, settings: Settings = SETTINGS) -> None:
        self.log = Log()
        self.rows: RowsInMemory[tuple[int, int]] = RowsInMemory()
        self.commits: list[list[OutputRecord]] = []
        self.on_commit: Callable[[], None] = lambda: None
        table: Table[Any] = Table(TOTALS, self.rows)
        partition = Partition(2, 4, {"totals": table}, settings)
        self.logic: Any = start(partition)
        store = MemoryStore([])
        store.tables = partition.tables
        reader = cast(PartitionReader, self.log)
        self.loop = BatchLoop(
            SPEC, partition, self.logic, reader, self._commit, {"numbers": 0}, State(partition, store, "o", {})
        )

    async def _commit(self, records: Sequence[OutputRecord]) -> None:
        self.on_commit()
        self.commits.append(list(records))


async def test_a_batch_is_outputs_changes_and_progress_in_one_transaction() -> None:
    harness = Harness()
    harness.log.put("3", "4")
    await harness.loop.turn()
    ((first, second, change, progress),) = harness.commits
    assert first == OutputRecord("counts", 2, b"k", b"3 1 3")
    assert second == OutputRecord("counts", 2, b"k", b"4 2 7")
    assert change == OutputRecord("count-totals", 2, b"k", encode((2, 7)))
    assert (progress.topic, progress.partition, progress.key) == ("count-progress", 2, b"2")
    written = decode_progress(progress.value or b"")
    assert (written.partitions, written.positions, written.note) == (4, {"numbers": 2}, {"commits": 0})


async def test_memory_changes_only_after_the_commit() -> None:
    harness = Harness()
    harness.log.put("3")
    seen: list[tuple[dict[str, tuple[int, int]], int]] = []
    harness.on_commit = lambda: seen.append((dict(harness.rows), harness.logic.commits))
    await harness.loop.turn()
    assert seen == [({}, 0)]
    assert harness.rows == {"k": (1, 3)}
    assert harness.logic.commits == 1


async def test_a_commit_that_fails_leaves_memory_and_positions_as_they_were() -> None:
    harness = Harness()
    harness.log.put("3")
    await harness.loop.turn()

    def fail() -> None:
        raise ConnectionError("gone")

    harness.on_commit = fail
    harness.log.put("4")
    with pytest.raises(ConnectionError):
        await harness.loop.turn()
    assert harness.rows == {"k": (1, 3)}
    assert harness.loop.positions == {"numbers": 1}
    assert harness.logic.commits == 1
    assert not harness.loop.committing


async def test_a_bug_is_pinned_to_its_record_and_commits_nothing() -> None:
    harness = Harness()
    harness.log.put("3", "bug", "4")
    with pytest.raises(LogicError, match="count failed at numbers-2 offset 1: ZeroDivisionError"):
        await harness.loop.turn()
    assert harness.commits == []
    assert harness.rows == {}


async def test_a_bug_in_the_note_or_in_an_encoder_is_a_bug_of_the_service() -> None:
    class Bad(Counting):
        def note(self) -> Mapping[str, object]:
            raise KeyError("note")

    class Worse(Counting):
        def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
            self.totals.put(str(records), object())
            return []

    for start in (Bad, Worse):
        harness = Harness(start)
        harness.log.put("3")
        with pytest.raises(LogicError, match="count failed at"):
            await harness.loop.turn()
        assert harness.commits == []


async def test_a_position_that_moved_over_markers_alone_is_committed_once() -> None:
    harness = Harness()
    await harness.loop.turn()
    assert harness.commits == []
    harness.log.end = 5
    await harness.loop.turn()
    await harness.loop.turn()
    ((progress,),) = harness.commits
    assert decode_progress(progress.value or b"").positions == {"numbers": 5}


async def test_after_a_pause_a_record_goes_at_once_and_the_next_waits_for_company() -> None:
    harness = Harness(settings=SETTINGS.model_copy(update={"linger_ms": 60}))
    harness.log.put("1")
    await harness.loop.turn()
    assert harness.log.waits == [200]
    harness.log.put("2")
    await harness.loop.turn()
    _, first_look, for_company = harness.log.waits
    assert first_look == 200
    assert 0 < for_company <= 60
    assert len(harness.commits) == 2


async def test_by_default_transactions_are_rarer_the_more_partitions_have_their_own() -> None:
    for count, least, most in ((4, 1, 32), (1_000, 33, 100)):
        harness = Harness(settings=SETTINGS.model_copy(update={"linger_ms": None}))
        harness.loop.partition = replace(harness.loop.partition, count=count)
        for _ in range(2):
            harness.log.put("1")
            await harness.loop.turn()
        assert least <= harness.log.waits[-1] <= most


async def test_a_full_batch_waits_for_nothing() -> None:
    harness = Harness(settings=SETTINGS.model_copy(update={"linger_ms": 60_000}))
    for _ in range(2):
        harness.log.put(*("1" for _ in range(10)))
        await harness.loop.turn()
    assert harness.log.waits == [200, 200]


async def test_a_backlog_is_one_transaction_of_several_batches() -> None:
    harness = Harness(settings=SETTINGS.model_copy(update={"batch_max_records": 2_000}))
    harness.log.put(*("1" for _ in range(1_700)))
    await harness.loop.turn()
    await harness.loop.turn()
    counted = [[record.topic for record in records].count("counts") for records in harness.commits]
    assert counted == [1_500, 200], "first 500, then 1,000, and what is left is no whole batch any more"
    changed = [[record for record in records if record.topic == "count-totals"] for records in harness.commits]
    assert [len(records) for records in changed] == [1, 1], "what changed 1,500 times is written once"


async def test_a_backlog_is_no_reason_for_a_transaction_of_more_records_than_are_allowed() -> None:
    harness = Harness(settings=SETTINGS.model_copy(update={"batch_max_records": 700}))
    harness.log.put(*("1" for _ in range(2_000)))
    await harness.loop.turn()
    assert harness.loop.positions == {"numbers": 700}


async def test_a_bug_in_a_later_batch_of_a_backlog_commits_nothing() -> None:
    harness = Harness(settings=SETTINGS.model_copy(update={"batch_max_records": 2_000}))
    harness.log.put(*("1" for _ in range(1_200)), "bug", *("1" for _ in range(300)))
    with pytest.raises(LogicError, match="numbers-2 offset 1200"):
        await harness.loop.turn()
    assert harness.commits == []


class Busy(Counting):
    """Always has background work; writes one record for each slice."""

    async def pending(self) -> object | None:
        """The number of transactions so far."""
        return self.commits + 1

    def background(self, work: object) -> Sequence[OutputRecord]:
        """One record that names the work."""
        return [OutputRecord("counts", self.number, b"work", str(work).encode())]


async def test_records_and_background_work_take_turns() -> None:
    harness = Harness(Busy)
    harness.log.put(*("1" for _ in range(25)))
    for _ in range(3):
        await harness.loop.turn()
    kinds = ["background" if records[0].key == b"work" else len(records) - 2 for records in harness.commits]
    assert kinds == [10, "background", 10, "background", 5, "background"]


class Slow(Busy):
    """A slice takes a while."""

    def background(self, work: object) -> Sequence[OutputRecord]:
        """As above, in a fifth of a second."""
        time.sleep(0.2)
        return super().background(work)


async def test_while_there_is_a_backlog_background_work_has_a_fifth_of_the_time() -> None:
    harness = Harness(Slow)
    harness.log.put(*("1" for _ in range(45)))
    for _ in range(5):
        await harness.loop.turn()
    kinds = ["background" if records[0].key == b"work" else len(records) - 2 for records in harness.commits]
    assert kinds == [10, "background", 10, 10, 10, "background", 5, "background"], "less than a batch is no backlog"


async def test_background_work_is_a_transaction_with_progress_and_waits_for_no_records() -> None:
    harness = Harness(Busy)
    await harness.loop.turn()
    ((work, progress),) = harness.commits
    assert (work.topic, work.value) == ("counts", b"1")
    assert decode_progress(progress.value or b"").positions == {"numbers": 0}
    assert harness.log.waits == [0]


async def test_a_bug_in_background_work_says_so() -> None:
    class Bad(Busy):
        def background(self, work: object) -> Sequence[OutputRecord]:
            raise ValueError(work)

    harness = Harness(Bad)
    with pytest.raises(LogicError, match="count failed at background work int: ValueError"):
        await harness.loop.turn()


def test_a_batch_that_was_not_iterated_is_named_whole() -> None:
    batch = Batch([_record(7, "1"), _record(8, "2")])
    assert batch.where() == "one of numbers-2 offset 7 to numbers-2 offset 8"
    assert [record.offset for record in batch] == [7, 8]
    assert batch.where() == "numbers-2 offset 8"


def _record(offset: int, value: str) -> InputRecord:
    return InputRecord("numbers", 2, offset, b"k", value.encode(), (), 0)
