"""The reading half of a processor: manual assignment, read_committed, no consumer group, no reset of positions.

Topics are named without the installation's prefix; it is put on here and taken off again. A reader is made after
its processor has fenced the previous owner, so nothing stale can be in it.
"""

import asyncio
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from services.runtime.errors import PositionOutOfRangeError
from services.runtime.records import InputRecord

_FETCH_BYTES = 4 * 1024 * 1024
_LOOK_MS = 50
_CHUNK = 5_000
_STOP_S = 5.0


def new_consumer(bootstrap: str, *, committed: bool = True) -> AIOKafkaConsumer:
    """A consumer that belongs to no group and never resets its position; to be started and stopped by the caller."""
    return AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed" if committed else "read_uncommitted",
        max_partition_fetch_bytes=_FETCH_BYTES,
    )


async def stop_consumer(consumer: AIOKafkaConsumer) -> None:
    """Stop it, whatever state it is in, within seconds; raises nothing but the caller's own cancellation.

    Left to itself aiokafka's `stop` waits for a broker that is away, and raises the cancellation of its own inner
    tasks at whoever awaits it, who would take it for theirs.
    """
    stopping = asyncio.ensure_future(consumer.stop())
    done, _ = await asyncio.wait([stopping], timeout=_STOP_S)
    for ended in done:
        if not ended.cancelled():
            ended.exception()


class PartitionReader:
    """Reads one partition number of any topics. Use as an async context manager."""

    def __init__(self, bootstrap: str, prefix: str, partition: int) -> None:
        self._consumer = new_consumer(bootstrap)
        self._offsets = new_consumer(bootstrap, committed=False)
        self._prefix = prefix
        self._partition = partition
        self._names: dict[TopicPartition, str] = {}

    async def __aenter__(self) -> Self:
        try:
            await self._offsets.start()
            await self._consumer.start()
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

    async def read_from(self, positions: Mapping[str, int]) -> None:
        """From now on read these topics, each from its position. Raises `PositionOutOfRangeError` for a place that
        the log does not have.
        """
        for topic, (begin, end) in (await self.bounds(positions)).items():
            _check_position(self._tp(topic), positions[topic], begin, end)
        self._names = {self._tp(topic): topic for topic in positions}
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
        return [
            InputRecord(name, r.partition, r.offset, r.key, r.value, r.headers, r.timestamp)
            for tp, records in fetched.items()
            for name in (self._names[tp],)
            for r in records
        ]

    async def positions(self) -> dict[str, int]:
        """The next offset of each topic: past all that `read` gave, and past markers and aborted records behind
        that.
        """
        return {topic: await self._consumer.position(tp) for tp, topic in self._names.items()}

    async def read_to(self, topic: str, begin: int, end: int) -> "ReadTo":
        """Read this topic alone from `begin` until its position is `end`; iterate over the result for the records,
        a list at a time.
        """
        await self.read_from({topic: begin})
        return ReadTo(self, self._consumer, self._tp(topic), topic, end)

    def _tp(self, topic: str) -> TopicPartition:
        return TopicPartition(self._prefix + topic, self._partition)


class ReadTo:
    """Lists of records up to an end offset. What ends it is the position, never an empty poll.

    The position alone would not do where compaction left nothing between the last record and the end: there the
    broker answers every fetch with nothing for ever. Such an answer, to a fetch of this one partition, from this
    position, with the stable end at or past `end`, is proof as well.
    """

    def __init__(
        self, reader: PartitionReader, consumer: AIOKafkaConsumer, tp: TopicPartition, topic: str, end: int
    ) -> None:
        self._reader = reader
        self._consumer = consumer
        self._tp = tp
        self._topic = topic
        self._end = end
        self._position = -1
        self._answered: int | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> list[InputRecord]:
        while (position := await self._consumer.position(self._tp)) < self._end:
            if position != self._position:
                self._position, self._answered = position, self._consumer.last_poll_timestamp(self._tp)
            all_answered = self._is_answered()
            if records := await self._reader.read(_LOOK_MS, limit=_CHUNK):
                return records
            if all_answered and await self._consumer.position(self._tp) == position:
                break
        raise StopAsyncIteration

    def _is_answered(self) -> bool:
        """Whether the broker has answered a fetch from this very position, knowing the log up to the end.

        To be asked before a read: if the read then gives nothing and does not move, the answer held nothing.
        """
        if self._consumer.last_poll_timestamp(self._tp) == self._answered:
            return False
        stable = self._consumer.last_stable_offset(self._tp)
        return stable is not None and stable >= self._end


def _check_position(tp: TopicPartition, position: int, begin: int, end: int) -> None:
    if position < begin:
        raise PositionOutOfRangeError(
            f"{tp.topic}-{tp.partition}: to be read on from {position}, but the log begins at {begin}: "
            "records were deleted before they were read. Restore them, or decide that they are lost; "
            "nothing is skipped by itself."
        )
    if position > end:
        raise PositionOutOfRangeError(
            f"{tp.topic}-{tp.partition}: to be read on from {position}, but the log ends at {end}: "
            "it was truncated or made anew. Restore the topic together with this service's changelogs."
        )
