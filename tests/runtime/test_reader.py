"""Reading to the end of a log, whatever its end is made of."""

import asyncio
import time

import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from services.runtime.reader import PartitionReader
from services.runtime.reading import end_offsets, latest_by_key, partitions_of, read_topic
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.settings import Settings
from services.runtime.transactions import TransactionalWriter
from tests.runtime.harness import PATIENCE_S, publish, publish_in_transaction


async def _read(settings: Settings, topic: str = "numbers") -> list[InputRecord]:
    reading = read_topic(settings.cluster, topic, prefix=settings.topic_prefix, partition=0)
    return await asyncio.wait_for(reading, PATIENCE_S)


def _record(value: str, key: str = "k") -> OutputRecord:
    return OutputRecord("numbers", 0, key.encode(), value.encode(), (("h", b"1"),))


async def test_records_come_as_they_were_written(counting: Settings) -> None:
    publish_in_transaction(counting, [_record("1")])
    (record,) = await _read(counting)
    assert (record.topic, record.partition, record.offset) == ("numbers", 0, 0)
    assert (record.key, record.value, record.headers) == (b"k", b"1", (("h", b"1"),))
    assert abs(record.timestamp_ms / 1000 - time.time()) < 60


async def test_a_header_without_a_value_has_an_empty_one(counting: Settings) -> None:
    producer = Producer({"bootstrap.servers": counting.cluster})
    producer.produce(counting.topic_prefix + "numbers", b"1", b"k", 0, headers=[("trace", None), ("h", b"1")])
    assert producer.flush(20) == 0
    (record,) = await _read(counting)
    assert record.headers == (("trace", b""), ("h", b"1"))


async def test_an_empty_log_is_read_at_once(counting: Settings) -> None:
    assert await _read(counting) == []


async def test_a_tail_of_markers_is_an_end(counting: Settings) -> None:
    for n in range(3):
        publish_in_transaction(counting, [_record(str(n))])
    assert [record.value for record in await _read(counting)] == [b"0", b"1", b"2"]
    assert (await end_offsets(counting.cluster, "numbers", prefix=counting.topic_prefix))[0] == 6


async def test_an_aborted_tail_is_an_end_and_not_read(counting: Settings) -> None:
    publish_in_transaction(counting, [_record("0")])
    _abort(counting, [_record(str(n)) for n in range(100, 150)])
    assert [record.value for record in await _read(counting)] == [b"0"]


async def test_a_log_of_aborted_records_alone_is_read_at_once(counting: Settings) -> None:
    _abort(counting, [_record("1")])
    assert await _read(counting) == []


async def test_a_log_whose_records_were_all_deleted_is_read_at_once(counting: Settings) -> None:
    publish(counting, "numbers", [(0, "k", str(n)) for n in range(5)])
    admin = AdminClient({"bootstrap.servers": counting.cluster})
    for deleted in admin.delete_records([TopicPartition(counting.topic_prefix + "numbers", 0, 5)]).values():
        deleted.result()
    assert await _read(counting) == []
    async with PartitionReader(counting.cluster, counting.topic_prefix, 0) as reader:
        assert await reader.bounds(["numbers"]) == {"numbers": (5, 5)}


async def test_an_open_transaction_is_waited_for(counting: Settings) -> None:
    """What it holds may be committed and then comes before the end that was asked for."""
    writer = TransactionalWriter(counting, counting.topic_prefix + "open")
    writer.fence()
    writer._producer.begin_transaction()
    writer._produce([_record("1")])
    assert writer._producer.flush(10) == 0
    reading = asyncio.create_task(_read(counting))
    done, _ = await asyncio.wait([reading], timeout=1)
    assert not done
    writer._producer.commit_transaction(10)
    assert [record.value for record in await reading] == [b"1"]


async def test_a_compacted_log_with_holes_is_read_to_its_end(bootstrap_servers: str, topic_prefix: str) -> None:
    settings = Settings(bootstrap_servers=bootstrap_servers, topic_prefix=topic_prefix, partitions=1)
    _make_compacted(settings, "numbers")
    for n in range(40):
        publish_in_transaction(settings, [_record(str(n), f"k{n % 3}"), OutputRecord("numbers", 0, b"gone", None)])
    (end,) = (await end_offsets(settings.cluster, "numbers", prefix=settings.topic_prefix)).values()
    assert end == 40 * 3
    deadline = time.monotonic() + 60
    while len(records := await _read(settings)) > 40:
        assert time.monotonic() < deadline, "was never compacted"
        await asyncio.sleep(0.5)
    assert await latest_by_key(settings.cluster, "numbers", prefix=settings.topic_prefix) == {
        b"k0": b"39",
        b"k1": b"37",
        b"k2": b"38",
    }
    assert records[-1].offset == end - 2


async def test_a_topic_that_is_not_there_is_named(counting: Settings) -> None:
    with pytest.raises(LookupError, match=f"there is no topic {counting.topic_prefix}absent"):
        await read_topic(counting.cluster, "absent", prefix=counting.topic_prefix)
    assert await partitions_of(counting.cluster, "numbers", prefix=counting.topic_prefix) == [0, 1, 2, 3]


async def test_the_latest_by_key_leaves_out_what_was_removed(counting: Settings) -> None:
    records = [("a", b"1"), ("b", b"2"), ("a", b"3"), ("b", None)]
    publish_in_transaction(counting, [OutputRecord("numbers", 0, key.encode(), value) for key, value in records])
    assert await latest_by_key(counting.cluster, "numbers", prefix=counting.topic_prefix) == {b"a": b"3"}


def _abort(settings: Settings, records: list[OutputRecord]) -> None:
    writer = TransactionalWriter(settings, settings.topic_prefix + "aborting")
    writer.fence()
    writer._producer.begin_transaction()
    writer._produce(records)
    assert writer._producer.flush(10) == 0
    writer._producer.abort_transaction(10)


def _make_compacted(settings: Settings, name: str) -> None:
    """A topic that the broker compacts as soon as it may: segments of a few records, tombstones gone at once."""
    config = {
        "cleanup.policy": "compact",
        "segment.ms": "100",
        "min.cleanable.dirty.ratio": "0.01",
        "delete.retention.ms": "0",
        "max.compaction.lag.ms": "100",
    }
    admin = AdminClient({"bootstrap.servers": settings.cluster})
    for made in admin.create_topics([NewTopic(settings.topic_prefix + name, 1, 1, config=config)]).values():
        made.result()


async def test_a_busy_topic_does_not_wait_for_a_silent_one_when_it_was_left_unread(counting: Settings) -> None:
    producer = Producer({"bootstrap.servers": counting.cluster})
    waits = []
    async with PartitionReader(counting.cluster, counting.topic_prefix, 0) as reader:
        reader.read_from({"numbers": 0, "counts": 0})
        for _ in range(4):
            _produce_one(producer, counting)
            await asyncio.sleep(0.2)  # a long commit: fetched meanwhile, and not read
            assert len(await reader.read(2_000)) == 1
            began = time.monotonic()
            _produce_one(producer, counting)
            assert len(await reader.read(2_000)) == 1
            waits.append(time.monotonic() - began)
    assert min(waits[1:]) < 0.2, waits  # half a second less the time that was left unread, if it waits


def _produce_one(producer: Producer, counting: Settings) -> None:
    producer.produce(counting.topic_prefix + "numbers", b"1", b"k", 0)
    assert producer.flush(20) == 0
