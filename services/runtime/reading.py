"""Whole topics for the command line and for tests: what is committed, from the beginning to the end as it was when
asked.
"""

import asyncio

from aiokafka import TopicPartition
from confluent_kafka.admin import AdminClient

from services.runtime.connecting import Cluster, client_log, for_librdkafka
from services.runtime.reader import PartitionReader, new_consumer, stop_consumer
from services.runtime.records import InputRecord

_TIMEOUT_S = 15.0


async def read_topic(
    cluster: Cluster, topic: str, *, prefix: str = "", partition: int | None = None
) -> list[InputRecord]:
    """All committed records of the topic, or of one partition of it, partition by partition in order of offsets."""
    numbers = await partitions_of(cluster, topic, prefix=prefix) if partition is None else [partition]
    parts = await asyncio.gather(*(_read_partition(cluster, topic, prefix, number) for number in numbers))
    return [record for part in parts for record in part]


async def latest_by_key(
    cluster: Cluster, topic: str, *, prefix: str = "", partition: int | None = None
) -> dict[bytes, bytes]:
    """The last value of each key; keys that were removed are not there. For topics whose records all have keys."""
    latest: dict[bytes, bytes] = {}
    for record in await read_topic(cluster, topic, prefix=prefix, partition=partition):
        if record.key is None:
            continue
        if record.value is None:
            latest.pop(record.key, None)
        else:
            latest[record.key] = record.value
    return latest


async def _read_partition(cluster: Cluster, topic: str, prefix: str, number: int) -> list[InputRecord]:
    async with PartitionReader(cluster, prefix, number) as reader:
        begin, end = (await reader.bounds([topic]))[topic]
        return [record async for records in reader.read_to(topic, begin, end) for record in records]


async def end_offsets(cluster: Cluster, topic: str, *, prefix: str = "") -> dict[int, int]:
    """The end of each partition: the offset that the next record, of whatever transaction, will have."""
    numbers = await partitions_of(cluster, topic, prefix=prefix)
    consumer = new_consumer(cluster, committed=False)
    try:
        await consumer.start()
        ends = await consumer.end_offsets([TopicPartition(prefix + topic, number) for number in numbers])
        return {tp.partition: end for tp, end in ends.items()}
    finally:
        await stop_consumer(consumer)


async def partitions_of(cluster: Cluster, topic: str, *, prefix: str = "") -> list[int]:
    """The topic's partition numbers; raises `LookupError` where there is no such topic."""
    admin = AdminClient(for_librdkafka(cluster), logger=client_log())
    there = await asyncio.to_thread(admin.list_topics, timeout=_TIMEOUT_S)
    if prefix + topic not in there.topics:
        raise LookupError(f"there is no topic {prefix + topic}")
    return sorted(there.topics[prefix + topic].partitions)
