"""Requests of others, appended to the ledger log at an even pace while something large is done, and when each was
acknowledged.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from subprocess import Popen
from typing import Self

from confluent_kafka import Consumer, Message, Producer, TopicPartition

from services.runtime.settings import Settings
from tests.benchmarks.figures import WrongResultError
from tests.benchmarks.ledger_log import DAYS, Pen, fund_deposit

_PER_SECOND = 100
_PATIENCE_S = 1_200.0
_TRADES = DAYS[-1]
"""They wait for a day that does not come: each is acknowledged, and nothing else becomes of it."""


@dataclass
class Told:
    """When requests were appended and acknowledged, by id, in seconds since 1970; the partitions that said that a close
    is done, and when the last one did.
    """

    appended: dict[str, float] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    closed_at: float = 0.0

    def waits(self, begin: float, end: float) -> list[float]:
        """Seconds of every request appended between two moments, in order."""
        return sorted(self.seen[name] - at for name, at in self.appended.items() if begin <= at <= end)


class Others:
    """So many people, of whom the last half send requests. Use as a context manager, in which answers are watched."""

    def __init__(self, settings: Settings, pen: Pen, people: int, worker: Popen[bytes]) -> None:
        self.told = Told()
        self._settings, self._pen, self._people, self._worker = settings, pen, people, worker
        self._producer = Producer({"bootstrap.servers": settings.cluster, "linger.ms": 0})
        self._ended = threading.Event()
        self._watching = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watching.join()

    def send(self, name: str, enough: Callable[[], bool]) -> None:
        """Send at an even pace until there is enough of it, and await the answers."""
        began, number = time.perf_counter(), 0
        while not enough():
            self._append(f"{name}-{number}", number)
            number += 1
            while (early := began + number / _PER_SECOND - time.perf_counter()) > 0:
                self._producer.poll(min(early, 0.001))
            self._check(began)
        assert self._producer.flush(_PATIENCE_S) == 0
        while self.told.appended.keys() - self.told.seen.keys():
            time.sleep(0.1)
            self._check(began)

    def _check(self, began: float) -> None:
        if self._worker.poll() is not None or time.perf_counter() - began > _PATIENCE_S:
            missing = self.told.appended.keys() - self.told.seen.keys()
            raise WrongResultError(f"{len(missing)} requests without an acknowledgement")

    def _append(self, request_id: str, number: int) -> None:
        person = self._people // 2 + number % (self._people // 2)
        self._pen.request("deposit-requests", fund_deposit(request_id, _TRADES, person))
        (record,) = self._pen.drained()

        def appended(error: object, message: Message) -> None:
            assert error is None, error
            self.told.appended[request_id] = message.timestamp()[1] / 1000

        topic = self._settings.topic_prefix + record.topic
        headers: list[tuple[str, str | bytes | None]] = list(record.headers)
        self._producer.produce(topic, record.value, record.key, record.partition, appended, headers=headers)
        self._producer.poll(0)

    def _watch(self) -> None:
        """Note when each acknowledgement is visible, and each partition's close is told of."""
        group = {"group.id": "bench-others", "enable.auto.commit": False, "isolation.level": "read_committed"}
        consumer = Consumer({"bootstrap.servers": self._settings.cluster, **group})
        prefix = self._settings.topic_prefix
        partitions = range(self._settings.partitions)
        topics = [prefix + name for name in ("acknowledgements", "day-closes")]
        consumer.assign([TopicPartition(topic, number, 0) for topic in topics for number in partitions])
        while not self._ended.is_set():
            message = consumer.poll(0.2)
            if message is None or message.error() is not None:
                continue
            if message.topic() == topics[1]:
                self.told.closed.add(message.partition() or 0)
                self.told.closed_at = time.time()
            else:
                self.told.seen.setdefault(json.loads(message.value() or b"")["request_id"], time.time())
        consumer.close()
