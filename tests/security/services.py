"""An installation whose workers and commands go through the secured door, each as whom it is."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.cli.running import Done, annuity_ledger
from tests.pipeline.installation import Installation, Json, Line
from tests.security.secured import SecuredBroker


class SecuredInstallation(Installation):
    """The administrator's own reads and writes go through the inner door. `user` is who the next process is."""

    def __init__(self, broker: SecuredBroker, prefix: str, logs: Path, partitions: int = 2) -> None:
        super().__init__(broker.inner, prefix, logs, partitions)
        self.broker, self.logs, self.user = broker, logs, "admin"
        self.more: dict[str, str] = {}

    @property
    def environment(self) -> dict[str, str]:
        """What the next process needs to be `user`."""
        return super().environment | self.broker.environment(self.user) | self.more

    def start_as(self, service: str) -> "subprocess.Popen[bytes]":
        """A worker that is the principal of its own service."""
        self.user = service
        return self.start(service)

    def run(self, user: str, *arguments: object) -> Done:
        """A command of a user's."""
        self.user = user
        return annuity_ledger(*arguments, environment=self.environment)

    def publish(self, user: str, lines: Iterable[Line]) -> Done:
        """Lines published as a user does."""
        file = self.logs / f"{user}.jsonl"
        file.write_text("".join(json.dumps({"topic": topic, "value": value}) + "\n" for topic, value in lines))
        return self.run(user, "publish", file)

    def failing(self, service: str) -> tuple[int, Json, str]:
        """A worker that cannot go on: its exit code, what it said it stopped of, and all it logged."""
        command = [sys.executable, "-m", "services.runtime.cli", "worker", service]
        environment = os.environ | self.environment | {"ANNUITY_LEDGER_LOG_FORMAT": "json"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
        (stopped,) = (event for event in events if event["event"] == "worker_stopped")
        return done.returncode, stopped, done.stderr

    def logged(self) -> str:
        """What all workers have logged."""
        return "".join(file.read_text() for file in sorted(self.logs.glob("*.log")))
