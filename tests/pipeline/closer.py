"""Processes of reference one after the other, killed in the middle of a close."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from queue import Empty, Queue
from typing import Any, Self

_WAIT_S = 60.0


class Closer:
    """One process at work and the next one ready. To be used as a context manager."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = (
            os.environ
            | environment
            | {
                "ANNUITY_LEDGER_LOG_LEVEL": "DEBUG",
                "ANNUITY_LEDGER_LOG_FORMAT": "json",
            }
        )
        self._ready = _Process(self._environment)
        self._working: _Process | None = None

    def __enter__(self) -> Self:
        self.go_on()
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self._working, self._ready):
            if process is not None:
                process.kill()

    def go_on(self) -> None:
        """Set the next process to work."""
        self._working, self._ready = self._ready, _Process(self._environment)
        self._working.begin()

    def kill_closing(self, after_s: float) -> bool:
        """Kill the process this long after it has begun to close a day; whether it was before it had committed."""
        assert self._working is not None
        self._working.wait_for("slice_begun")
        time.sleep(after_s)
        self._working.kill()
        return "transaction_committed" not in self._working.rest()


class _Process:
    """What it logs is read as it comes: its `event`s."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", "tests.pipeline.reference_alone"]
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._events: Queue[str] = Queue()
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def begin(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def wait_for(self, event: str) -> None:
        """Until it logs an event."""
        deadline = time.monotonic() + _WAIT_S
        while True:
            try:
                if self._events.get(timeout=deadline - time.monotonic()) == event:
                    return
            except (Empty, ValueError):
                raise AssertionError(f"waited for {event}; logged: {self._lines[-20:]}") from None

    def kill(self) -> None:
        """SIGKILL: nothing is flushed, nothing is left."""
        self._process.kill()
        self._process.wait(10)

    def rest(self) -> list[str]:
        """What it logged since the last event waited for; it is dead."""
        self._reader.join(10)
        found = []
        while not self._events.empty():
            found.append(self._events.get())
        return found

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._lines.append(line)
            try:
                entry: dict[str, Any] = json.loads(line)
            except ValueError:
                continue
            self._events.put(str(entry.get("event")))
