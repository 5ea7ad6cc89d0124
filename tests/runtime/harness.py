"""Workers as processes, records in, results out: what tests of the runtime do again and again."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

from confluent_kafka import Producer

from services.runtime.progress import Progress, decode_progress
from services.runtime.reading import latest_by_key, read_topic
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.settings import Settings
from services.runtime.transactions import TransactionalWriter
from tests.runtime.counting import decode

PATIENCE_S = 90.0
ROOT = Path(__file__).parents[2]
Totals = dict[str, tuple[int, int]]


class Worker:
    """A worker process of a module under tests; its log is read to learn what it does."""

    def __init__(self, settings: Settings, log: Path, module: str = "tests.runtime.counting", **env: str) -> None:
        self._log = log
        with log.open("w") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module], cwd=ROOT, env=os.environ | environment(settings) | env, stderr=stderr
            )

    def events(self, event: str, **facts: object) -> list[dict[str, Any]]:
        """What it has logged of this event, with these facts, so far."""
        lines = [json.loads(line) for line in self._log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == event and facts.items() <= line.items()]

    async def logged(self, event: str, times: int = 1, **facts: object) -> list[dict[str, Any]]:
        """Wait until it has logged this event so often; fails when it ends without."""
        deadline = time.monotonic() + PATIENCE_S
        while len(found := self.events(event, **facts)) < times:
            ended = self.process.poll() is not None and len(self.events(event, **facts)) < times
            assert not ended, f"ended without {times} x {event} {facts}:\n{self.log_text()}"
            assert time.monotonic() < deadline, f"no {times} x {event} {facts}:\n{self.log_text()}"
            await asyncio.sleep(0.02)
        return found

    async def ended(self) -> int:
        """Wait for its exit code."""
        return await asyncio.to_thread(self.process.wait, PATIENCE_S)

    def log_text(self) -> str:
        """Everything it has logged."""
        return self._log.read_text()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


def environment(settings: Settings) -> dict[str, str]:
    """The settings as a process is given them."""
    return {
        "KAFKA_BOOTSTRAP_SERVERS": settings.cluster,
        "ANNUITY_LEDGER_TOPIC_PREFIX": settings.topic_prefix,
        "ANNUITY_LEDGER_PARTITIONS": str(settings.partitions),
    }


class Publisher:
    """Writes records outside of transactions and sees that each arrives, once."""

    def __init__(self, settings: Settings) -> None:
        self._prefix = settings.topic_prefix
        self._producer = Producer({"bootstrap.servers": settings.cluster, "enable.idempotence": True, "linger.ms": 5})
        self._failures: list[object] = []

    def publish(self, topic: str, records: Iterable[tuple[int, str, str]]) -> None:
        """Write (partition, key, value) records; returns when they are in the log."""
        for partition, key, value in records:
            self._producer.produce(
                self._prefix + topic, value.encode(), key.encode(), partition, on_delivery=self._delivered
            )
        assert self._producer.flush(PATIENCE_S) == 0
        assert not self._failures

    def _delivered(self, error: object, _: object) -> None:
        if error is not None:
            self._failures.append(error)


def publish(settings: Settings, topic: str, records: Iterable[tuple[int, str, str]]) -> None:
    """Write (partition, key, value) records, and see that each arrives."""
    Publisher(settings).publish(topic, records)


def publish_in_transaction(settings: Settings, records: Iterable[OutputRecord], writer: str = "publisher") -> None:
    """Write the records as one transaction."""
    transactions = TransactionalWriter(settings, settings.topic_prefix + writer)
    transactions.fence()
    transactions.commit(records)
    transactions.close()


async def until(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        await asyncio.sleep(0.02)


async def read_progress(settings: Settings, topic: str = "count-progress") -> dict[int, Progress]:
    """The last progress of each partition."""
    latest = await latest_by_key(settings.cluster, topic, prefix=settings.topic_prefix)
    return {int(key): decode_progress(value) for key, value in latest.items()}


async def processed(settings: Settings, total: int, progress: str = "count-progress") -> None:
    """Wait until the positions add up to so much."""
    deadline = time.monotonic() + PATIENCE_S
    while (at := sum(sum(p.positions.values()) for p in (await read_progress(settings, progress)).values())) < total:
        assert time.monotonic() < deadline, f"processed {at} of {total}"
        await asyncio.sleep(0.1)


async def assert_counted_exactly(settings: Settings) -> Totals:
    """Every input has exactly one output, in order, with the count and sum that a fold from nothing gives, and the
    changelog holds where that fold ends. Returns that.
    """
    final: Totals = {}
    for partition in range(settings.partitions):
        inputs = await read(settings, "numbers", partition)
        expected, totals = folded(inputs)
        assert [record.value for record in await read(settings, "counts", partition)] == expected
        changelog = await latest_by_key(
            settings.cluster, "count-totals", prefix=settings.topic_prefix, partition=partition
        )
        assert {key.decode(): decode(value) for key, value in changelog.items()} == totals
        final |= totals
    return final


def folded(inputs: Iterable[InputRecord]) -> tuple[list[bytes], Totals]:
    """Outputs and totals of the inputs, reckoned without the runtime."""
    totals: Totals = defaultdict(lambda: (0, 0))
    outputs = []
    for record in inputs:
        key, number = (record.key or b"").decode(), int(record.value or b"")
        count, total = totals[key]
        totals[key] = (count + 1, total + number)
        outputs.append(f"{number} {count + 1} {total + number}".encode())
    return outputs, dict(totals)


async def read(settings: Settings, topic: str, partition: int | None = None) -> list[InputRecord]:
    """All committed records of the installation's topic."""
    return await read_topic(settings.cluster, topic, prefix=settings.topic_prefix, partition=partition)
