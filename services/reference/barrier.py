"""Whether intake has put every request on the log that had arrived by some moment.

A day may close only after that: a request that was there before the cutoff but had not been read yet would be
priced a day late. The ends of the request topics are read once, after the cutoff, and then waited for.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts_schema.topics import REQUEST_TOPICS
from services.runtime.connecting import for_aiokafka
from services.runtime.progress import decode_progress
from services.runtime.reader import stop_consumer
from services.runtime.settings import Settings

Ends = Mapping[tuple[str, int], int]
TAIL = 16


async def request_ends(settings: Settings) -> Ends:
    """The end offsets of every partition of the request topics, as they are now."""
    async with _consumer(settings) as consumer:
        prefix = settings.topic_prefix
        places = [(topic, n) for topic in REQUEST_TOPICS for n in range(settings.partitions)]
        ends = await consumer.end_offsets([TopicPartition(prefix + topic, n) for topic, n in places])
        return {(topic, n): ends[TopicPartition(prefix + topic, n)] for topic, n in places}


async def intake_passed(settings: Settings, ends: Ends) -> bool:
    """Whether intake's committed progress has reached the ends; partitions that hold nothing need no progress."""
    async with _consumer(settings) as consumer:
        for number in range(settings.partitions):
            wanted = {topic: end for (topic, n), end in ends.items() if n == number and end > 0}
            if not wanted:
                continue
            positions = await _progress(consumer, settings, number)
            if any(positions.get(topic, 0) < end for topic, end in wanted.items()):
                return False
        return True


async def _progress(consumer: AIOKafkaConsumer, settings: Settings, number: int) -> Mapping[str, int]:
    """Intake's last committed positions in a partition; empty before its first transaction."""
    place = TopicPartition(settings.topic_prefix + "intake-progress", number)
    end = (await consumer.end_offsets([place]))[place]
    consumer.assign([place])
    back = TAIL
    while True:
        start = max(0, end - back)
        found = await _last_value(consumer, place, start, end)
        if found is not None:
            return decode_progress(found).positions
        if start == 0:
            return {}
        back *= 4


async def _last_value(consumer: AIOKafkaConsumer, place: TopicPartition, start: int, end: int) -> bytes | None:
    """The last committed value between two offsets, markers and compacted gaps passed over."""
    consumer.seek(place, start)
    found: bytes | None = None
    while await consumer.position(place) < end:
        for record in (await consumer.getmany(place, timeout_ms=200)).get(place, []):
            found = record.value
    return found


@asynccontextmanager
async def _consumer(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer for a few reads. What it cancels of its own when it stops must not look like ours."""
    consumer = AIOKafkaConsumer(
        **for_aiokafka(settings),
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=100,
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await stop_consumer(consumer)
