"""Watching what is committed, without reading it: the clock of every row that works on the broker.

The ends of the output topics as a read_committed consumer would find them are asked for twenty times a second. The
time runs from the first commit that is seen to the last but one; what the first and the last commit held is not
counted. So start-up and warm-up are left out for all alike, work counts only once it is committed, and whoever
commits every few seconds (Quix Streams: five) is not charged for its idle wait after the last record.
"""

import logging
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from confluent_kafka import Consumer, IsolationLevel, KafkaError, KafkaException, Message, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from services.runtime.settings import Settings
from tests.benchmarks.figures import WrongResultError

_LOOK_S = 0.05
_PATIENCE_S = 120.0
_FEWEST = 3
_NOT_YET = frozenset({KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE})
_READ_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last commit but one: its seconds, and the share of everything written that was committed
    in it.
    """

    seconds: float
    share: float

    def rate(self, records: int) -> float:
        """Records a second, of so many in all."""
        return records * self.share / self.seconds


class Committed:
    """The committed ends of some topics of an installation."""

    def __init__(self, settings: Settings, topics: Sequence[str]) -> None:
        self._admin = AdminClient({"bootstrap.servers": settings.cluster}, logger=logging.getLogger("librdkafka"))
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        self._wanted = {
            TopicPartition(settings.topic_prefix + topic, number): latest
            for topic in topics
            for number in range(settings.partitions)
        }

    def total(self) -> int:
        """The sum of the ends; transaction markers count in it. Waits for partitions that were made just now."""
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            asked = self._admin.list_offsets(self._wanted, isolation_level=IsolationLevel.READ_COMMITTED)
            try:
                return sum(future.result().offset for future in asked.values())
            except KafkaException as failure:
                if failure.args[0].code() not in _NOT_YET or time.monotonic() > deadline:
                    raise
                time.sleep(_LOOK_S)

    def watch(self, worker: subprocess.Popen[bytes], least: int, quiet_s: float) -> Span:
        """Watch until at least so much is committed and then nothing more for a while, longer than the worker ever
        pauses between commits. The topics were empty when the worker was started. Raises `WrongResultError` when it
        ends or stalls before.
        """
        last, moved = 0, time.perf_counter()
        commits: list[tuple[float, int]] = []
        while last < least or time.perf_counter() - moved < quiet_s:
            time.sleep(_LOOK_S)
            now, at = time.perf_counter(), self.total()
            if at != last:
                commits.append((now, at))
                last, moved = at, now
            elif now - moved > _PATIENCE_S or (worker.poll() is not None and last < least):
                raise WrongResultError(f"{last} of {least} committed, then nothing more")
        if len(commits) < _FEWEST:
            raise WrongResultError(
                f"all was done in {len(commits)} commits: too little work to be timed, take a larger N"
            )
        (began, first), (ended, counted) = commits[0], commits[-2]
        return Span(ended - began, (counted - first) / last)


def read_committed(settings: Settings, topic: str) -> Iterator[Message]:
    """Every committed record of a topic, from the beginning to the end; in order within each partition."""
    consumer = Consumer(
        {
            "bootstrap.servers": settings.cluster,
            "group.id": "bench-reader",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
        }
    )
    consumer.assign([TopicPartition(settings.topic_prefix + topic, n, 0) for n in range(settings.partitions)])
    ended: set[int | None] = set()
    try:
        while len(ended) < settings.partitions:
            for message in consumer.consume(_READ_AT_ONCE, 1.0):
                error = message.error()
                if error is None:
                    yield message
                elif error.code() == KafkaError._PARTITION_EOF:
                    ended.add(message.partition())
                else:
                    raise WrongResultError(f"{topic} cannot be read: {error}")
    finally:
        consumer.close()
