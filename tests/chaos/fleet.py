"""The workers of a run: processes, one service each, whose structured logs are followed while they run."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.runtime.settings import Settings

_STOP_S = 30.0


@dataclass(frozen=True, slots=True)
class Event:
    """A line that a worker logged, and when it was read."""

    worker: "Worker"
    name: str
    service: str
    partition: int | None
    at: float
    said: dict[str, Any]


@dataclass(eq=False)
class Worker:
    """One process. `owned` are the partitions it reads, as far as it has said; `ours` that we ended it."""

    name: str
    service: str
    process: subprocess.Popen[bytes]
    owned: set[int] = field(default_factory=set)
    ours: bool = False

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens where the process has ended."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    @property
    def running(self) -> bool:
        """Whether the process is still there, stopped or not."""
        return self.process.poll() is None


class Fleet:
    """Starts and ends workers. `events` is what they say, in the order read. `code`: a folder whose `services` they
    run instead of this repository's.
    """

    def __init__(self, settings: Settings, logs: Path, store: dict[str, str], code: Path | None = None) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.workers: list[Worker] = []
        self.died: list[str] = []
        self.logs = logs
        self._started = 0
        root = Path(__file__).parents[2]
        self._folder = code or root
        self._environment = os.environ | {
            "KAFKA_BOOTSTRAP_SERVERS": settings.cluster,
            "ANNUITY_LEDGER_TOPIC_PREFIX": settings.topic_prefix,
            "ANNUITY_LEDGER_PARTITIONS": str(settings.partitions),
            "ANNUITY_LEDGER_LOG_LEVEL": "DEBUG",
            "PYTHONPATH": os.pathsep.join(str(path) for path in (code, root) if path is not None),
            **store,
        }

    def of(self, service: str) -> list[Worker]:
        """The workers of a service that run and were not asked to end, the oldest first."""
        return [w for w in self.workers if w.service == service and w.running and not w.ours]

    def start(self, service: str) -> Worker:
        """One more worker of a service."""
        self._started += 1
        name = f"{self._started:03}-{service}"
        process = subprocess.Popen(
            [sys.executable, "-m", "services.runtime.cli", "worker", service],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        worker = Worker(name, service, process)
        self.workers.append(worker)
        threading.Thread(target=self._follow, args=(worker,), name=name, daemon=True).start()
        return worker

    def kill(self, worker: Worker) -> None:
        """SIGKILL: nothing is flushed, nobody is told."""
        worker.ours = True
        worker.signal(signal.SIGKILL)
        worker.process.wait(_STOP_S)

    def terminate(self, worker: Worker, *, wait: bool = False) -> None:
        """SIGTERM, and a while to end in good order in."""
        worker.ours = True
        worker.signal(signal.SIGTERM)
        if wait:
            try:
                worker.process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                self.died.append(f"{worker.name} did not end within {_STOP_S:.0f} s of SIGTERM")
                self.kill(worker)

    def fallen(self) -> list[Worker]:
        """Workers that ended though nobody ended them; told once."""
        found = [w for w in self.workers if not w.ours and not w.running]
        for worker in found:
            worker.ours = True
            self.died.append(f"{worker.name} ended by itself with exit code {worker.process.returncode}")
        return found

    def stop(self) -> None:
        """End all that still run, stopped ones too."""
        for worker in self.workers:
            if worker.running:
                self.kill(worker)

    def _follow(self, worker: Worker) -> None:
        assert worker.process.stderr is not None
        with (self.logs / f"{worker.name}.log").open("wb") as log:
            for line in worker.process.stderr:
                event = _event(worker, line)
                if event is not None:
                    self.events.put(event)
                log.write(line)
                if event is None or event.name not in ("transaction_begun", "transaction_committed"):
                    log.flush()


def _event(worker: Worker, line: bytes) -> Event | None:
    try:
        said = json.loads(line)
        return Event(worker, said["event"], said["service"], said.get("partition"), time.monotonic(), said)
    except (ValueError, KeyError, TypeError):
        return None
