"""Whatever a sender compresses with is read: one codec that is not would stop a partition for good."""

import asyncio

import pytest
from confluent_kafka import Producer

from contracts_schema.topics import Partitions, Topic
from services.runtime.reading import read_topic
from services.runtime.settings import Settings
from services.runtime.topics import create_topics


@pytest.mark.parametrize("codec", ["none", "gzip", "snappy", "lz4", "zstd"])
def test_every_codec_is_read(bootstrap_servers: str, topic_prefix: str, codec: str) -> None:
    topic = Topic("sent", "key", None, "a test", Partitions.ONE, None, False, "LogAppendTime", "for a test")
    create_topics(Settings(bootstrap_servers=bootstrap_servers, topic_prefix=topic_prefix), {"sent": topic})
    producer = Producer({"bootstrap.servers": bootstrap_servers, "compression.type": codec, "linger.ms": 100})
    values = [b"the same again and again" * 10] * 50
    for value in values:
        producer.produce(topic_prefix + "sent", value, partition=0)
    producer.flush()
    found = asyncio.run(read_topic(bootstrap_servers, "sent", prefix=topic_prefix))
    assert [record.value for record in found] == values
