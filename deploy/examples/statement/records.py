"""What the ledger wrote, read as any consumer would: from a cluster with a plain Kafka client, or from files.

Three topics are enough. `account-values` says what a participant holds, the last record under a key everything of it;
`confirmations` and `notices` say how it came to be so, and are kept for ever.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

Json = dict[str, Any]
TOPICS = ("confirmations", "notices", "account-values")
_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Record:
    """A record: its topic without the installation's prefix, `contract_id|participant_id`, and the message.

    A `repeat` answers a request that was sent twice with the bytes of the first answer: nothing happened again.
    """

    topic: str
    key: str
    message: Json
    repeat: bool


def from_cluster(servers: str, prefix: str = "") -> Iterator[Record]:
    """Every committed record of the topics up to their ends as they are now; in order per participant and topic.

    `read_committed` is what makes exactly-once reach you: records of a transaction that was given up are not for you.
    Nothing is committed here, and the group is never joined: statements are made from the beginning each time.
    """
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": "statement-example",  # the client wants one, though partitions are assigned by hand
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
        }
    )
    try:
        places = _partitions(consumer, prefix)
        consumer.assign([TopicPartition(place.topic, place.partition, 0) for place in places])
        ended = 0
        while ended < len(places):
            message = consumer.poll(_WAIT_S)
            if message is None:
                continue
            if (error := message.error()) is None:
                yield _record(message, prefix)
            elif error.name() == "_PARTITION_EOF":
                ended += 1
            else:
                raise KafkaException(error)
    finally:
        consumer.close()


def from_folder(folder: Path) -> Iterator[Record]:
    """The same from the files that `annuity-ledger replay FILE… --out FOLDER` writes."""
    for topic in TOPICS:
        with (folder / f"{topic}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                fields = json.loads(line)
                yield Record(topic, fields["key"], fields["value"], ["repeat", "true"] in fields["headers"])


def dollars(text: str) -> Decimal:
    """Amounts are strings: as a float, 0.10 would not be ten cents any more."""
    return Decimal(text)


def _partitions(consumer: Consumer, prefix: str) -> list[TopicPartition]:
    there = consumer.list_topics(timeout=15).topics
    return [TopicPartition(prefix + topic, number) for topic in TOPICS for number in there[prefix + topic].partitions]


def _record(message: Message, prefix: str) -> Record:
    topic, key, value = message.topic(), message.key(), message.value()
    assert topic is not None, "records have topics"
    assert key is not None, "what the ledger writes has a key"
    assert value is not None, "none of these topics has tombstones"
    repeat = ("repeat", b"true") in (message.headers() or [])
    return Record(topic.removeprefix(prefix), key.decode(), json.loads(value), repeat)
