"""Topics read as their records come, from all partitions, committed records only."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts_schema.topics import OUTCOME_TOPICS, TOPICS
from services.runtime.reader import new_consumer
from services.runtime.records import InputRecord
from services.runtime.settings import Settings
from services.runtime.topics import partition_count

WATCHED = (*OUTCOME_TOPICS, "remittance-notices", "alarms", "dead-letters")
_WAIT_MS = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose outcomes to show; alarms, which concern nobody in particular, only where nobody is named."""

    participant: str | None = None
    contract: str | None = None

    def includes(self, record: InputRecord) -> bool:
        """Whether the record is wanted, by its key."""
        contract, _, participant = (record.key or b"").decode(errors="replace").partition("|")
        return self.participant in (None, participant) and self.contract in (None, contract)


@dataclass(frozen=True, slots=True)
class Watch:
    """Where to begin and when to end: after so many wanted records, or so many seconds without any record."""

    wanted: Wanted = Wanted()
    from_beginning: bool = False
    until_idle_s: float | None = None
    count: int | None = None


async def watched(settings: Settings, watch: Watch, topics: tuple[str, ...] = WATCHED) -> AsyncIterator[InputRecord]:
    """The wanted records as they come; in order per topic and partition. Endless unless the watch says when to end."""
    names = {
        TopicPartition(settings.topic_prefix + topic, number): topic
        for topic in topics
        for number in range(partition_count(TOPICS[topic], settings))
    }
    consumer = new_consumer(settings)
    await consumer.start()
    try:
        await _place(consumer, list(names), from_beginning=watch.from_beginning)
        async for record in _until_end(consumer, names, watch):
            yield record
    finally:
        await consumer.stop()


async def _place(consumer: AIOKafkaConsumer, places: list[TopicPartition], *, from_beginning: bool) -> None:
    starts = await (consumer.beginning_offsets(places) if from_beginning else consumer.end_offsets(places))
    consumer.assign(places)
    for place, offset in starts.items():
        consumer.seek(place, offset)


async def _until_end(
    consumer: AIOKafkaConsumer, names: Mapping[TopicPartition, str], watch: Watch
) -> AsyncIterator[InputRecord]:
    shown, active = 0, time.monotonic()
    while watch.count is None or shown < watch.count:
        fetched = await consumer.getmany(timeout_ms=_WAIT_MS)
        if fetched:
            active = time.monotonic()
        elif watch.until_idle_s is not None and time.monotonic() - active >= watch.until_idle_s:
            return
        for place, records in fetched.items():
            for r in records:
                record = InputRecord(names[place], r.partition, r.offset, r.key, r.value, r.headers, r.timestamp)
                if watch.wanted.includes(record) and (watch.count is None or shown < watch.count):
                    shown += 1
                    yield record
