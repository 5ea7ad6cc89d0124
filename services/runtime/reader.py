"""The reading half of a processor: manual assignment, read_committed, no consumer group, no reset of positions.

Topics are named without the installation's prefix; it is put on here and taken off again. A reader is made after
its processor has fenced the previous owner, so nothing stale can be in it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from types import TracebackType
from typing import Self

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from services.runtime.connecting import Cluster, for_aiokafka
from services.runtime.errors import PositionOutOfRangeError
from services.runtime.records import InputRecord

_FETCH_BYTES = 4 * 1024 * 1024
_REQUEST_TIMEOUT_MS = 10_000  # a broker that dies leaves requests without an answer: its heir is asked this much later
_RETRY_MS = 100
_RETRY_OFFSETS_MS = 20  # the first question about a topic is always in vain, and a life begins with several
_LOOK_MS = 50
_CHUNK = 5_000
_STOP_S = 5.0
_STOP_AGAIN_S = 0.1
_SAY_WAITING_S = 10.0
_UNREAD_S = 3600.0
_log = structlog.get_logger(__name__)


def new_consumer(cluster: Cluster, *, committed: bool = True) -> AIOKafkaConsumer:
    """A consumer that belongs to no group and never resets its position; to be started and stopped by the caller."""
    return AIOKafkaConsumer(
        **for_aiokafka(cluster),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed" if committed else "read_uncommitted",
        max_partition_fetch_bytes=_FETCH_BYTES,
        request_timeout_ms=_REQUEST_TIMEOUT_MS,
        retry_backoff_ms=_RETRY_MS if committed else _RETRY_OFFSETS_MS,
    )


async def stop_consumer(consumer: AIOKafkaConsumer) -> None:
    """Stop it, whatever state it is in, within seconds; raises nothing but the caller's own cancellation.

    Left to itself aiokafka's `stop` waits for a broker that is away, and raises the cancellation of its own inner
    tasks at whoever awaits it, who would take it for theirs. It also loses the cancellation of its fetching where that
    comes soon after an assignment, and then waits for ever: so that is cancelled again.
    """
    stopping = asyncio.ensure_future(consumer.stop())
    deadline = time.monotonic() + _STOP_S
    while not stopping.done() and time.monotonic() < deadline:
        await asyncio.wait([stopping], timeout=_STOP_AGAIN_S)
        if not stopping.done() and consumer._fetcher is not None:  # noqa: SLF001 -- there is no public way to it
            consumer._fetcher._fetch_task.cancel()  # noqa: SLF001 -- same
    if stopping.done() and not stopping.cancelled():
        stopping.exception()


class PartitionReader:
    """Reads one partition number of any topics. Use as an async context manager."""

    def __init__(self, cluster: Cluster, prefix: str, partition: int) -> None:
        self._consumer = new_consumer(cluster)
        self._offsets = new_consumer(cluster, committed=False)
        self._prefix = prefix
        self._partition = partition
        self._names: dict[TopicPartition, str] = {}
        self._read: dict[TopicPartition, int] = {}

    async def __aenter__(self) -> Self:
        try:
            await self._offsets.start()
            await self._consumer.start()
            # What was fetched may wait through a commit. After a tenth of a second of that aiokafka would ask for the
            # other topics alone, and the broker holds such a question for half a second: records of a busy topic waited
            # behind the silence of the others. There is no public way to say that it shall wait for its reader.
            self._consumer._fetcher._prefetch_backoff = _UNREAD_S  # noqa: SLF001
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _stop(self) -> None:
        await stop_consumer(self._consumer)
        await stop_consumer(self._offsets)

    async def bounds(self, topics: Iterable[str]) -> dict[str, tuple[int, int]]:
        """First offset and end of each topic's partition, open transactions included: what is there to read, and
        what ever will be up to now.
        """
        wanted = {self._tp(topic): topic for topic in topics}
        begins = await self._offsets.beginning_offsets(list(wanted))
        ends = await self._offsets.end_offsets(list(wanted))
        return {topic: (begins[tp], ends[tp]) for tp, topic in wanted.items()}

    async def offset_since(self, topic: str, timestamp_ms: int) -> int | None:
        """The first offset of a record that is not older than a timestamp; None where there is none."""
        place = self._tp(topic)
        found = (await self._offsets.offsets_for_times({place: timestamp_ms}))[place]
        return None if found is None else int(found.offset)

    def read_from(self, positions: Mapping[str, int]) -> None:
        """From now on read these topics, each from its position."""
        self._names = {self._tp(topic): topic for topic in positions}
        self._read = {self._tp(topic): position for topic, position in positions.items()}
        self._consumer.assign(list(self._names))
        for tp, topic in self._names.items():
            self._consumer.seek(tp, positions[topic])

    async def read(self, wait_ms: int, limit: int | None = None) -> list[InputRecord]:
        """Up to `limit` records, in order per topic; waits up to `wait_ms` for the first. Raises
        `PositionOutOfRangeError`.
        """
        try:
            fetched = await self._consumer.getmany(timeout_ms=wait_ms, max_records=limit)
        except OffsetOutOfRangeError as error:
            raise PositionOutOfRangeError(
                f"{error}: records were deleted before they were read, or the log was truncated"
            ) from error
        for tp, records in fetched.items():
            self._read[tp] = records[-1].offset + 1
        return [
            InputRecord(name, r.partition, r.offset, r.key, r.value, r.headers and _filled(r.headers), r.timestamp)
            for tp, records in fetched.items()
            for name in (self._names[tp],)
            for r in records
        ]

    def unread(self) -> int:
        """How many offsets there are behind what `read` gave, as far as the broker has told with what it sent last."""
        highwaters = ((self._consumer.highwater(tp), position) for tp, position in self._read.items())
        return sum(max(0, highwater - position) for highwater, position in highwaters if highwater is not None)

    async def positions(self) -> dict[str, int]:
        """The next offset of each topic: past all that `read` gave, and past markers and aborted records behind
        that.
        """
        return {topic: await self._consumer.position(tp) for tp, topic in self._names.items()}

    async def read_to(self, topic: str, begin: int, end: int) -> AsyncIterator[list[InputRecord]]:
        """Read this topic alone from `begin`, a list of records at a time, until its position is `end`.

        The position, because markers and what compaction took away have offsets too; never an empty poll, which says
        nothing. So it waits while the broker is away or a transaction is open, and says that it does.
        """
        self.read_from({topic: begin})
        moved = time.monotonic()
        while (position := (await self.positions())[topic]) < end:
            if records := await self.read(_LOOK_MS, _CHUNK):
                moved = time.monotonic()
                yield records
            elif time.monotonic() - moved > _SAY_WAITING_S:
                _log.warning("waiting_for_log", topic=topic, partition=self._partition, position=position, end=end)
                moved = time.monotonic()

    def _tp(self, topic: str) -> TopicPartition:
        return TopicPartition(self._prefix + topic, self._partition)


def _filled(headers: tuple[tuple[str, bytes | None], ...]) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, b"" if value is None else value) for name, value in headers)
