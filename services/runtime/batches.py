"""A batch is a transaction: what a service makes of some records, its state's changes and how far it has read are
committed together or not at all.

The loop knows nothing of fencing or assignment; it goes on until it is cancelled or something fails, and whoever
runs it throws it away then with everything that was in memory.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from services.runtime import metrics
from services.runtime.batch_size import BatchSize
from services.runtime.errors import LogicError, StoreBrokenError
from services.runtime.pace import Pace
from services.runtime.progress import encode_progress, progress_key
from services.runtime.reader import PartitionReader
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition, PartitionLogic, ServiceSpec
from services.runtime.state import State

R = TypeVar("R")
Commit = Callable[[Sequence[OutputRecord]], Awaitable[None]]
_IDLE_MS = 200
_LINGER_MS = 8
_LONGEST_LINGER_MS = 100
_TRANSACTION_S = 1.0
_WAITS_PER_SLICE = 4
_log = structlog.get_logger(__name__)


@dataclass(eq=False)
class BatchLoop:
    """Reads, folds and commits for one partition. `positions` is what the last transaction known to be committed
    says.
    """

    spec: ServiceSpec
    partition: Partition
    logic: PartitionLogic
    reader: PartitionReader
    commit: Commit
    positions: dict[str, int]
    state: State
    pace: Pace = field(default_factory=Pace)
    committing: bool = False
    _began: float = 0.0
    _slice_after: float = 0.0
    _size: BatchSize = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is known yet of what a record costs."""
        self._size = BatchSize(self.partition.settings.batch_max_records)

    async def turn(self) -> None:
        """Commit what there is to read, if anything, then one slice of background work, if any: neither can starve
        the other. While there is a backlog the background has a fifth of the time: what is due for somebody who has
        records waiting is done with those anyway, and costs less there. Slices of a worker's partitions keep a pace.

        Waits a moment for records where there is no work, or it is not its turn; so a turn is never long, and never
        spins.
        """
        work = await self.logic.pending()
        records = await self._gather(_IDLE_MS if work is None else self.pace.wait_ms(self))
        if records:
            with self.pace.folding(self):
                await self._fold(records)
            if self._has_backlog() and time.monotonic() < self._slice_after:
                return
            work = await self.logic.pending()
        elif work is None:
            await self._keep_up()
        if work is not None and not self.pace.wait_ms(self):
            await self._background(work)

    async def _gather(self, wait_ms: int) -> list[InputRecord]:
        """The next batch. The first record after a pause goes at once; then a batch that is not full waits, so that
        transactions are `linger_ms` apart: under light load they would cost more than the work in them, under
        heavy load that time has passed anyway.
        """
        linger_ms = self._linger_ms()
        limit = self._size.limit
        records = await self.reader.read(wait_ms, limit)
        while records and len(records) < limit:
            left_ms = linger_ms - int((time.monotonic() - self._began) * 1000)
            if left_ms <= 0:
                break
            records += await self.reader.read(left_ms, limit - len(records))
        return records

    def _linger_ms(self) -> int:
        """As set; by default the longer the more partitions there are, of which each has its own transactions.

        At 500 requests a second over twelve partitions every 25 ms is a transaction for every request or two, which
        keeps two cores busy with little else, and what comes meanwhile waits for them anyway.
        """
        given = self.partition.settings.linger_ms
        return min(_LINGER_MS * self.partition.count, _LONGEST_LINGER_MS) if given is None else given

    async def _fold(self, records: list[InputRecord]) -> None:
        """Fold records into a transaction; of a backlog batch after batch, for up to a second, so that what changes
        again and again is written once. Between two batches others have the event loop.
        """
        self._begin()
        out: list[OutputRecord] = []
        size = 0
        while records:
            out += self._folded(Batch(records))
            size += len(records)
            records = await self._more(size)
        out += self._guarded(self.logic.last, lambda: "what is written once of a transaction")
        await self._transact(out, await self.reader.positions(), size)

    def _folded(self, batch: "Batch") -> Sequence[OutputRecord]:
        began = time.monotonic()
        out = self._guarded(lambda: self.logic.process(batch), batch.where)
        self._size.folded(len(batch), time.monotonic() - began)
        return out

    async def _more(self, size: int) -> list[InputRecord]:
        """The next batch of a backlog for a transaction that has `size` records already, if it is to have more."""
        room = self.partition.settings.batch_max_records - size
        if room <= 0 or not self._has_backlog() or time.monotonic() - self._began > _TRANSACTION_S:
            return []
        await asyncio.sleep(0)
        return await self.reader.read(0, min(room, self._size.limit))

    def _has_backlog(self) -> bool:
        """Whether at least another whole batch waits in the log."""
        return self.reader.unread() >= self._size.limit

    async def _background(self, work: object) -> None:
        self._say("slice_begun")
        self._begin()
        out = self._guarded(lambda: self.logic.background(work), lambda: f"background work {type(work).__name__}")
        self.pace.ended(self)
        await self._transact(out, self.positions)
        ended = time.monotonic()
        self._slice_after = ended + _WAITS_PER_SLICE * (ended - self._began)

    async def _keep_up(self) -> None:
        """Commit a position that moved over markers and aborted records alone: others wait for it to pass the ends
        that they read.
        """
        positions = await self.reader.positions()
        if positions != self.positions:
            self._begin()
            await self._transact((), positions)

    def _begin(self) -> None:
        self._began = time.monotonic()
        self._say("transaction_begun")

    async def _transact(self, out: Sequence[OutputRecord], positions: dict[str, int], size: int = 0) -> None:
        """Commit what was written and what changed; memory changes only then."""
        records = self._guarded(lambda: self._records(out, positions), lambda: f"the changes up to {positions}")
        self.committing = True
        try:
            with metrics.committing(self.spec.name, self.partition, size, records, self._began):
                await self.commit(records)
        finally:
            self.committing = False
        self._say("transaction_committed")
        self.positions = positions
        self.state.commit()
        self._guarded(self.logic.committed, lambda: f"the commit up to {positions}")

    def _records(self, out: Sequence[OutputRecord], positions: dict[str, int]) -> list[OutputRecord]:
        """Everything the transaction holds: what was written, each table's changes, and the progress after it."""
        number = self.partition.number
        records = [*out, *self.state.changes()]
        progress = encode_progress(
            self.partition.count, positions, self.logic.note(), self.state.origin, self.state.ends
        )
        records.append(OutputRecord(self.spec.progress, number, progress_key(number), progress))
        return records

    def _say(self, event: str) -> None:
        _log.debug(event, service=self.spec.name, partition=self.partition.number)

    def _guarded(self, step: Callable[[], R], where: Callable[[], str]) -> R:
        try:
            return step()
        except StoreBrokenError:
            raise
        except Exception as error:
            raise LogicError(f"{self.spec.name} failed at {where()}: {type(error).__name__}: {error}") from error


class Batch(list[InputRecord]):
    """Records that remember how far they were iterated, so that a bug can be pinned to the record that showed it."""

    _reached: InputRecord | None = None

    def __iter__(self) -> Iterator[InputRecord]:
        for record in super().__iter__():
            self._reached = record
            yield record

    def where(self) -> str:
        """Coordinates of the record last reached; of the whole batch where it was not iterated."""
        if self._reached is not None:
            return _coordinates(self._reached)
        return f"one of {_coordinates(self[0])} to {_coordinates(self[-1])}"


def _coordinates(record: InputRecord) -> str:
    return f"{record.topic}-{record.partition} offset {record.offset}"
