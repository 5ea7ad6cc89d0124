"""Row l: from a request's append to its outcome, through intake and ledger, at 500 requests a second.

The start is the broker's own timestamp of the request, the end the moment in which a read_committed consumer has the
outcome; both clocks are this machine's. The requests are deposits that are decided at once. One worker process each of
intake and ledger; the market's entries are put on the log beforehand, as reference would.
"""

import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from confluent_kafka import Consumer, Message, Producer, TopicPartition

from contracts_schema.topics import TOPICS
from services.runtime.partitioner import partition_of
from services.runtime.settings import Settings
from services.runtime.topics import create_topics
from tests.benchmarks.bench import PARTITIONS, Bench
from tests.benchmarks.figures import Figure, WrongResultError
from tests.benchmarks.filling import fill
from tests.benchmarks.ledger_log import DAYS, Pen, fixed_deposit

_PER_SECOND = 500
_SECONDS = 30
_WARM_UP_S = 10
_PEOPLE = 300
_PATIENCE_S = 90.0


def latency(bench: Bench) -> Iterator[Figure]:
    """With the partitions of the other rows, and with a new installation's twelve."""
    for first, partitions in ((1, PARTITIONS), (4, 12)):
        trickle = _run(bench, partitions)
        at = f"{_PER_SECOND} requests/s through both hops, {partitions} partitions"
        waits = sorted(trickle.waits())
        yield Figure(f"l{first}", f"latency p50, {at}", waits[len(waits) // 2] * 1000, "ms")
        yield Figure(f"l{first + 1}", f"latency p99, {at}", waits[len(waits) * 99 // 100] * 1000, "ms")
        yield Figure(f"l{first + 2}", f"broker's CPU meanwhile, {at}", trickle.broker_cpu, "cores")


@dataclass
class _Trickle:
    """What was sent and seen, by request id: when; of requests after the warm-up."""

    appended: dict[str, float] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    broker_cpu: float | None = None

    def waits(self) -> list[float]:
        """Seconds from append to outcome."""
        return [self.seen[request] - at for request, at in self.appended.items() if not request.startswith("warm")]


def _run(bench: Bench, partitions: int) -> _Trickle:
    settings = bench.settings("l", partitions)
    create_topics(settings, TOPICS)
    pen = Pen(partitions)
    pen.contract()
    for person in range(_PEOPLE):
        pen.request("deposit-requests", fixed_deposit("opens", DAYS[0], person))
    pen.close(DAYS[0])
    fill(settings, pen.records)
    trickle, done = _Trickle(), threading.Event()
    watching = threading.Thread(target=_watch, args=(settings, trickle, done))
    with (
        bench.module(f"l-intake-{partitions}", "services.runtime.cli", settings, "worker", "intake"),
        bench.module(f"l-ledger-{partitions}", "services.runtime.cli", settings, "worker", "ledger"),
    ):
        watching.start()
        try:
            _warm(settings, trickle)
            busy, began = _cpu(bench.broker_pid), time.perf_counter()
            _send(settings, trickle, "d", _SECONDS)
            if busy is not None:
                trickle.broker_cpu = ((_cpu(bench.broker_pid) or 0) - busy) / (time.perf_counter() - began)
            _await(trickle)
        finally:
            done.set()
            watching.join()
    return trickle


def _warm(settings: Settings, trickle: _Trickle) -> None:
    """Until both workers are there and have caught up."""
    _send(settings, trickle, "warm", 1)
    _await(trickle)
    _send(settings, trickle, "warm-again", _WARM_UP_S)
    _await(trickle)


def _send(settings: Settings, trickle: _Trickle, name: str, seconds: int) -> None:
    """Send at an even pace; every request must arrive."""
    producer = Producer({"bootstrap.servers": settings.cluster, "linger.ms": 0})

    def appended(error: object, message: Message) -> None:
        assert error is None, error
        request = json.loads(message.value() or b"")["request_id"]
        trickle.appended[request] = message.timestamp()[1] / 1000

    began = time.perf_counter()
    for number in range(_PER_SECOND * seconds):
        while (early := began + number / _PER_SECOND - time.perf_counter()) > 0:
            producer.poll(min(early, 0.001))
        request = fixed_deposit(f"{name}-{number}", DAYS[1], number % _PEOPLE)
        key = f"C1|{request['participant_id']}"
        partition = partition_of(key, settings.partitions)
        value = json.dumps(request).encode()
        producer.produce(settings.topic_prefix + "deposit-requests", value, key, partition, on_delivery=appended)
        producer.poll(0)
    assert producer.flush(_PATIENCE_S) == 0


def _watch(settings: Settings, trickle: _Trickle, done: threading.Event) -> None:
    """Note when each confirmation is seen."""
    consumer = Consumer(
        {
            "bootstrap.servers": settings.cluster,
            "group.id": "bench-latency",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
        }
    )
    name = settings.topic_prefix + "confirmations"
    consumer.assign([TopicPartition(name, number, 0) for number in range(settings.partitions)])
    while not done.is_set():
        message = consumer.poll(0.2)
        if message is not None and message.error() is None:
            now = time.time()
            request = json.loads(message.value() or b"")["request_id"]
            trickle.seen.setdefault(request, now)
    consumer.close()


def _await(trickle: _Trickle) -> None:
    """Until everything sent is confirmed."""
    deadline = time.monotonic() + _PATIENCE_S
    while missing := trickle.appended.keys() - trickle.seen.keys():
        if time.monotonic() > deadline:
            raise WrongResultError(f"{len(missing)} requests without a confirmation")
        time.sleep(0.1)


def _cpu(pid: int | None) -> float | None:
    """Seconds of CPU that a process has used; None where that cannot be told."""
    stat = Path(f"/proc/{pid}/stat")
    if pid is None or not stat.exists():
        return None
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
