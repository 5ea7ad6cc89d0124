"""The senders: one thread that publishes the traffic at the pace of the faults, day by day."""

import threading
import time
from collections.abc import Iterable

from confluent_kafka import Producer

from services.runtime.partitioner import partition_of
from services.runtime.settings import Settings
from tests.chaos.traffic import Message, Traffic

_CHUNKS = 10
_AHEAD_DAYS = 2.0


class Pace:
    """How far the faults are: the requests of a run shall last as long as its faults do.

    `done` is the share of the faults that were done; `waiting` says that a fault waits for something to happen.
    """

    def __init__(self, days: int, seconds_a_day: float) -> None:
        self.done = 0.0
        self.waiting = False
        self._days = days
        self._seconds = seconds_a_day

    def keep(self, day: float) -> None:
        """Return when this part of a day may be sent."""
        if self.done < 1:
            time.sleep(self._seconds / _CHUNKS)
        while self.done < 1 and not self.waiting and day > self.done * self._days + _AHEAD_DAYS:
            time.sleep(0.05)


class Sender(threading.Thread):
    """Sends everything and ends. `error` is what went wrong, if anything: then the run says nothing."""

    def __init__(self, settings: Settings, traffic: Traffic, pace: Pace) -> None:
        super().__init__(name="sender", daemon=True)
        self._settings = settings
        self._traffic = traffic
        self._pace = pace
        self._failed: list[str] = []
        self.sent = 0
        self.error: str | None = None
        self._producer = Producer(
            {
                "bootstrap.servers": settings.cluster,
                "enable.idempotence": True,
                "linger.ms": 5,
                "delivery.timeout.ms": 300_000,
                "log_level": 0,
            }
        )

    def run(self) -> None:
        """Every day's requests, then what closes the day: so that they wait when it closes."""
        try:
            self.deliver(self._traffic.openings())
            for at in range(len(self._traffic.days)):
                requests = self._traffic.day(at)
                for n in range(_CHUNKS):
                    self._pace.keep(at + n / _CHUNKS)
                    self.deliver(requests[n::_CHUNKS])
                self.deliver(self._traffic.market(at))
        except Exception as error:  # noqa: BLE001 -- told to who waits for the thread
            self.error = repr(error)

    def deliver(self, messages: Iterable[Message]) -> None:
        """Send and wait for the deliveries; raises `RuntimeError` for one that fails."""
        for message in messages:
            key, partition = message.key, 0
            if key is not None:
                partition = partition_of(key, self._settings.partitions)
                self.sent += 1
            self._producer.produce(
                self._settings.topic_prefix + message.topic,
                message.value,
                key,
                partition,
                on_delivery=lambda error, _: self._failed.append(str(error)) if error else None,
            )
            self._producer.poll(0)
        if self._producer.flush(300) or self._failed:
            raise RuntimeError(f"not delivered: {self._failed[:3]}")
