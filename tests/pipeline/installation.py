"""An installation of its own on the tests' broker: topics under a prefix, worker processes, senders, readers."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from confluent_kafka import Producer

from contracts_schema.headers import REPEAT, TRACEPARENT, header
from contracts_schema.topics import TOPICS, Partitions
from services.runtime.partitioner import partition_of
from services.runtime.progress import decode_progress
from services.runtime.reading import end_offsets, latest_by_key, read_topic
from services.runtime.records import InputRecord
from services.runtime.settings import Settings
from services.runtime.topics import create_topics

Json = dict[str, Any]
Line = tuple[str, Json | bytes]
"""A topic and what is sent to it: an object, or raw bytes."""


class Installation:
    """A service on a real broker, in processes of its own. To be used as a context manager: it stops its workers."""

    def __init__(self, bootstrap: str, prefix: str, logs: Path, partitions: int = 4) -> None:
        self.settings = Settings(bootstrap_servers=bootstrap, topic_prefix=prefix, partitions=partitions)
        self.bootstrap, self.prefix, self.partitions = bootstrap, prefix, partitions
        self._logs = logs
        self._workers: list[subprocess.Popen[bytes]] = []
        create_topics(self.settings, TOPICS)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to know to belong to it."""
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
            "ANNUITY_LEDGER_TOPIC_PREFIX": self.prefix,
            "ANNUITY_LEDGER_PARTITIONS": str(self.partitions),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            try:
                worker.wait(20)
            except subprocess.TimeoutExpired:
                worker.kill()

    def start(self, service: str) -> subprocess.Popen[bytes]:
        """A worker process of a service, or of all of them."""
        log = self._logs / f"{service}-{len(self._workers)}.log"
        environment = os.environ | self.environment
        command = [sys.executable, "-m", "services.runtime.cli", "worker", service]
        with log.open("wb") as file:
            worker = subprocess.Popen(command, env=environment, stdout=file, stderr=subprocess.STDOUT)
        self._workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """SIGKILL: nothing is flushed, nothing is left."""
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
        self._workers.remove(worker)

    def send(self, lines: Iterable[Line], traceparent: str | None = None) -> int:
        """Send, wait for every delivery, and say how many; a delivery that fails fails the test."""
        producer = Producer({"bootstrap.servers": self.bootstrap, "acks": "all", "linger.ms": 2})
        headers: dict[str, str | bytes | None] = {} if traceparent is None else {TRACEPARENT: traceparent}
        failed: list[str] = []
        count = 0
        for topic, value in lines:
            key = _key(topic, value)
            producer.produce(
                self.prefix + topic,
                value if isinstance(value, bytes) else json.dumps(value).encode(),
                key=key,
                partition=partition_of(key, self.partitions) if key is not None else 0,
                headers=headers,
                on_delivery=lambda error, _: failed.append(str(error)) if error else None,
            )
            producer.poll(0)
            count += 1
        assert producer.flush(30) == 0
        assert not failed, failed[:3]
        return count

    def read(self, topic: str) -> list[InputRecord]:
        """Everything committed to a topic."""
        return asyncio.run(read_topic(self.bootstrap, topic, prefix=self.prefix))

    def messages(self, topic: str, *, repeats: bool = False) -> list[Json]:
        """The topic's messages, without those marked as repeats unless asked for."""
        return [
            json.loads(record.value or b"null")
            for record in self.read(topic)
            if repeats or header(record.headers, REPEAT) is None
        ]

    def notes(self, service: str) -> dict[int, Mapping[str, Any]]:
        """What each partition's progress record says."""
        latest = asyncio.run(latest_by_key(self.bootstrap, f"{service}-progress", prefix=self.prefix))
        return {int(key): decode_progress(value).note for key, value in latest.items()}

    def wait_closed(self, day: str, seconds: float = 90) -> None:
        """Until the ledger has closed a day and settled it, in every partition."""

        def closed() -> bool:
            notes = self.notes("ledger")
            done = [n.get("last_closed") == day and n.get("to_settle") == 0 for n in notes.values()]
            return len(done) == self.partitions and all(done)

        self.wait(closed, f"the close of {day}", seconds)

    def wait_logged(self, kind: str, seconds: float = 60) -> None:
        """Until an entry of a kind is on the ledger log."""
        self.wait(lambda: any(m["type"] == kind for m in self.messages("ledger-log")), kind, seconds)

    def wait_read(self, service: str, topics: Iterable[str], seconds: float = 90) -> None:
        """Until a service has read its topics to their ends of now."""
        ends = {topic: asyncio.run(end_offsets(self.bootstrap, topic, prefix=self.prefix)) for topic in topics}

        def read() -> bool:
            latest = asyncio.run(latest_by_key(self.bootstrap, f"{service}-progress", prefix=self.prefix))
            reached: dict[str, dict[int, int]] = defaultdict(dict)
            for key, value in latest.items():
                for topic, position in decode_progress(value).positions.items():
                    reached[topic][int(key)] = position
            return all(reached[t].get(n, 0) >= end for t, found in ends.items() for n, end in found.items())

        self.wait(read, f"{service} to read {', '.join(ends)}", seconds)

    def wait(self, until: Callable[[], bool], what: str, seconds: float) -> None:
        """Ask again and again; fail when it takes too long, or when a worker has ended meanwhile."""
        deadline = time.monotonic() + seconds
        while not until():
            ended = [worker.args for worker in self._workers if worker.poll() is not None]
            assert not ended, f"a worker ended: {ended}; logs in {self._logs}"
            assert time.monotonic() < deadline, f"waited {seconds} s for {what}; logs in {self._logs}"
            time.sleep(0.2)


def _key(topic: str, value: Json | bytes) -> str | None:
    if TOPICS[topic].partitions is Partitions.ONE:
        return None
    return "?" if isinstance(value, bytes) else f"{value['contract_id']}|{value['participant_id']}"
