"""The demo's stage: topics of its own on the broker, worker processes, files published as users publish them."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from contracts_schema.topics import TOPICS
from deploy.demo.market import Line
from services.runtime.cli.messages import Item, read_jsonl
from services.runtime.cli.publishing import publish_all
from services.runtime.cli.remittance import Defaults, read_remittance
from services.runtime.progress import decode_progress
from services.runtime.reading import latest_by_key, read_topic
from services.runtime.records import InputRecord
from services.runtime.settings import Settings
from services.runtime.topics import create_topics

PATIENCE_S = 60.0


class DemoFailedError(Exception):
    """Something the demo promises did not hold."""


class Stage:
    """One run of the service. Files are written under `folder`, worker logs and state too."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings, self.folder = settings, folder
        self._workers: list[subprocess.Popen[bytes]] = []
        create_topics(settings, TOPICS)

    def start_worker(self) -> None:
        """One more process that runs every service."""
        environment = os.environ | {
            "KAFKA_BOOTSTRAP_SERVERS": self.settings.cluster,
            "ANNUITY_LEDGER_TOPIC_PREFIX": self.settings.topic_prefix,
            "ANNUITY_LEDGER_PARTITIONS": str(self.settings.partitions),
            "ANNUITY_LEDGER_DATA_DIR": str(self.folder / "state"),
        }
        command = [sys.executable, "-m", "services.runtime.cli", "worker", "all"]
        with (self.folder / f"worker-{time.monotonic_ns()}.log").open("wb") as log:
            self._workers.append(subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT))

    def kill_worker(self) -> None:
        """SIGKILL the oldest worker: it flushes nothing and tells nobody."""
        victim = self._workers.pop(0)
        victim.send_signal(signal.SIGKILL)
        victim.wait()

    def stop(self) -> None:
        """End every worker, letting transactions in flight end."""
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            worker.wait(30)
        self._workers.clear()

    def write(self, name: str, lines: Iterable[Line]) -> Path:
        """Write a file of JSON lines."""
        path = self.folder / f"{name}.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    def write_remittance(self, name: str, text: str) -> Path:
        """Write a payroll remittance."""
        path = self.folder / f"{name}.csv"
        path.write_text(text)
        return path

    def publish(self, *paths: Path) -> int:
        """Publish files as `annuity-ledger publish` does, for the first time or again; how many records went out."""
        published = publish_all((item for path in paths for item in _items(path)), self.settings)
        if published.failed:
            raise DemoFailedError(f"not delivered: {published.failed[0]}")
        return published.delivered.total()

    def read(self, topic: str) -> list[InputRecord]:
        """Everything committed to a topic."""
        return asyncio.run(read_topic(self.settings, topic, prefix=self.settings.topic_prefix))

    def wait_for_terms(self) -> None:
        """Until the contract is on the ledger log."""
        self._wait(lambda: bool(self.read("ledger-log")), "the contract's terms")

    def wait_closed(self, day: date) -> None:
        """Until every partition has closed a day and settled it."""

        def closed() -> bool:
            notes = [decode_progress(value).note for value in self._latest("ledger-progress").values()]
            done = [n.get("last_closed") == day.isoformat() and n.get("to_settle") == 0 for n in notes]
            return len(done) == self.settings.partitions and all(done)

        self._wait(closed, f"the close of {day}")

    def _latest(self, topic: str) -> dict[bytes, bytes]:
        return asyncio.run(latest_by_key(self.settings, topic, prefix=self.settings.topic_prefix))

    def _wait(self, until: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not until():
            if any(worker.poll() is not None for worker in self._workers):
                raise DemoFailedError(f"a worker ended while waiting for {what}; its log is in {self.folder}")
            if time.monotonic() > deadline:
                raise DemoFailedError(f"waited {PATIENCE_S:.0f} s for {what}; worker logs are in {self.folder}")
            time.sleep(0.3)


def _items(path: Path) -> Iterator[Item]:
    return read_remittance(path, Defaults()) if path.suffix == ".csv" else read_jsonl(path)


@contextmanager
def stage(settings: Settings, folder: Path) -> Iterator[Stage]:
    """A stage whose workers are stopped whatever happens."""
    one = Stage(settings, folder)
    try:
        yield one
    finally:
        one.stop()
