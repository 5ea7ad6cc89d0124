"""Sending messages: acknowledged by all replicas, each once and in order, every failure told with its line."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field

from confluent_kafka import KafkaError, KafkaException, Producer

from contracts_schema.topics import TOPICS
from services.runtime.cli.messages import BadLine, Item, Message
from services.runtime.connecting import for_librdkafka
from services.runtime.partitioner import partition_of
from services.runtime.settings import Settings
from services.runtime.topics import partition_count

_DELIVERY_MS = 30_000
_QUEUE = 100_000


@dataclass
class Published:
    """What became of messages: delivered by topic, and every line that was not, with the reason."""

    delivered: Counter[str] = field(default_factory=Counter)
    failed: list[BadLine] = field(default_factory=list)


def publish_all(items: Iterable[Item], settings: Settings, advanced: Callable[[], None] = lambda: None) -> Published:
    """Send every message; lines that are none are among the failures. Returns when the fate of all is known.

    `advanced` is called once an item. Messages of a partition keep the order of the files.
    """
    published = Published()
    producer = _producer(settings)
    place = "before the first line"
    try:
        for item in items:
            place = item.place
            if isinstance(item, BadLine):
                published.failed.append(item)
            else:
                _send(producer, item, settings, published)
            producer.poll(0)
            advanced()
    except KeyboardInterrupt:
        published.failed.append(BadLine(place, "interrupted here; the lines after it were not sent"))
    producer.flush()
    return published


def sendable(items: Iterable[Item], there: Container[str]) -> Iterator[Item]:
    """The items; a message for a topic that is not there is a bad line."""
    for item in items:
        if isinstance(item, BadLine) or item.topic in there:
            yield item
        else:
            yield BadLine(item.place, f"topic {item.topic} is missing, or this principal may not write to it")


def partition_for(message: Message, settings: Settings) -> int:
    """Where a message goes: by its key, as every service reckons it; without a key to the first partition."""
    return 0 if message.key is None else partition_of(message.key, partition_count(TOPICS[message.topic], settings))


def _send(producer: Producer, message: Message, settings: Settings, published: Published) -> None:
    def delivered(error: KafkaError | None, _record: object) -> None:
        if error is None:
            published.delivered[message.topic] += 1
        else:
            published.failed.append(BadLine(message.place, f"not delivered: {error.str()}"))

    while True:
        try:
            producer.produce(
                settings.topic_prefix + message.topic,
                message.value,
                None if message.key is None else message.key.encode(),
                partition_for(message, settings),
                on_delivery=delivered,
            )
        except BufferError:
            producer.poll(0.1)
        except KafkaException as error:
            published.failed.append(BadLine(message.place, f"not sent: {error.args[0].str()}"))
            return
        else:
            return


def _producer(settings: Settings) -> Producer:
    return Producer(
        for_librdkafka(settings)
        | {
            "acks": "all",
            "enable.idempotence": True,
            "linger.ms": 5,
            "delivery.timeout.ms": _DELIVERY_MS,
            "queue.buffering.max.messages": _QUEUE,
            "log_level": 0,  # what goes wrong is told with its line
        }
    )
