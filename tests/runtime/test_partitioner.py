"""Keys go where Java's client and librdkafka would put them."""

import pytest
from confluent_kafka import Producer

from services.runtime.partitioner import murmur2, partition_of
from services.runtime.settings import Settings
from tests.runtime.harness import read

JAVA = [  # Kafka's own test of Utils.murmur2
    ("21", -973932308),
    ("foobar", -790332482),
    ("a-little-bit-long-string", -985981536),
    ("a-little-bit-longer-string", -1486304829),
    ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
    ("abc", 479470107),
]


@pytest.mark.parametrize(("text", "signed"), JAVA)
def test_murmur2_is_what_java_computes(text: str, signed: int) -> None:
    assert murmur2(text.encode()) == signed % 2**32


@pytest.mark.parametrize(("text", "signed"), JAVA)
def test_the_partition_is_javas_positive_remainder(text: str, signed: int) -> None:
    assert [partition_of(text, count) for count in (1, 4, 12)] == [(signed & 0x7FFFFFFF) % n for n in (1, 4, 12)]


async def test_librdkafka_puts_the_same_keys_into_the_same_partitions(counting: Settings) -> None:
    keys = [f"GA-{n}|P-{n * 7}" for n in range(200)] + ["Zoë|ß", "契約|參加者"]
    producer = Producer({"bootstrap.servers": counting.cluster, "partitioner": "murmur2_random"})
    for key in keys:
        producer.produce(counting.topic_prefix + "numbers", b"1", key.encode())
    assert producer.flush(20) == 0
    placed = {(record.key or b"").decode(): record.partition for record in await read(counting, "numbers")}
    assert placed == {key: partition_of(key, 4) for key in keys}
    assert set(placed.values()) == {0, 1, 2, 3}
