"""What every row is given: the broker, how much to do, and places for logs."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from services.runtime.settings import Settings

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / ".bench"
STATE = RESULTS / "state"
PARTITIONS = 4
_STOP_S = 20


@dataclass(frozen=True)
class Bench:
    """One run. `records` is the size of the count-and-sum job, from which the others take theirs; `repeats` how
    often what is cheap is done, of which the median counts; `broker_pid` is None for a broker that is not ours;
    `comparators` is the Python that has the comparators installed.
    """

    servers: str
    broker_pid: int | None
    records: int
    repeats: int
    comparators: Path
    logs: Path
    console: Console

    def settings(self, row: str, partitions: int = PARTITIONS) -> Settings:
        """Settings of an installation of the row's own on the one broker."""
        prefix = f"bench-{row}-{uuid.uuid4().hex[:8]}-"
        return Settings(bootstrap_servers=self.servers, topic_prefix=prefix, partitions=partitions)

    @contextmanager
    def process(
        self, name: str, command: Sequence[str], settings: Settings, more: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A process that is given the settings in its environment, ended when the context is; its output is kept."""
        environment = os.environ | {
            "KAFKA_BOOTSTRAP_SERVERS": settings.cluster,
            "ANNUITY_LEDGER_TOPIC_PREFIX": settings.topic_prefix,
            "ANNUITY_LEDGER_PARTITIONS": str(settings.partitions),
            "ANNUITY_LEDGER_DATA_DIR": str(STATE),
            **(more or {}),
        }
        with (self.logs / f"{name}.log").open("wb") as log:
            running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()

    @contextmanager
    def module(
        self, name: str, module: str, settings: Settings, *arguments: str, python: Path | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A Python module as a process, by default with our own Python."""
        command = [str(python or sys.executable), "-m", module, *arguments]
        with self.process(name, command, settings) as running:
            yield running
