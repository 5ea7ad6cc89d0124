"""One broker's place on disk, and how Java is called there."""

import base64
import os
import subprocess
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.runtime.broker.errors import BrokerError
from services.runtime.broker.node import Node, java_environment
from services.runtime.broker.ports import free_port, is_free
from services.runtime.broker.properties import write_properties
from services.runtime.broker.runlog import RunLog

_HEAP = ("-Xms256m", "-Xmx1g")
_QUIET = ("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true")
_FORMAT_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Installation:
    """`home` holds the configuration, the data and what Java unpacks; with `temporary` it goes when the broker does."""

    java: Path
    jars: Sequence[Path]
    home: Path
    temporary: bool
    log: RunLog

    def run(self, port: int) -> Node:
        """Start Kafka on `port`, on the data that are there, or prepare the storage first. Raises `BrokerError`."""
        if not is_free(port):
            raise BrokerError(
                f"Port {port} of 127.0.0.1 is taken: end the program that listens there, or choose another port."
            )
        self._configure(port)
        if not (self.home / "log" / "meta.properties").exists():
            self._format()
        scratch = self.home if self.temporary else None
        return Node([*self._java(), "kafka.Kafka", "server.properties"], self.home, scratch, self.log)

    def _configure(self, port: int) -> None:
        try:
            (self.home / "tmp").mkdir(parents=True, exist_ok=True)
            write_properties(self.home, port, controller_port=free_port())
        except OSError as error:
            raise BrokerError(f"Kafka's data cannot be kept in {self.home}: {error}") from error

    def _format(self) -> None:
        command = [*self._java(), *self._format_arguments()]
        start = self.log.size()
        with self.log.path.open("ab") as out:
            done = subprocess.run(
                command,
                cwd=self.home,
                env=java_environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                check=False,
                timeout=_FORMAT_TIMEOUT_S,
            )
        if done.returncode != 0:
            raise BrokerError(f"Kafka cannot prepare its storage in {self.home}.\n{self.log.tail(start)}")

    def _format_arguments(self) -> list[str]:
        return ["kafka.tools.StorageTool", "format", "-t", _cluster_id(), "-c", "server.properties"]

    def _java(self) -> list[str]:
        class_path = os.pathsep.join(map(str, self.jars))
        options = [f"-Djava.io.tmpdir={self.home / 'tmp'}", "-Dlog4j2.configurationFile=log4j2.properties"]
        return [str(self.java), *_HEAP, *_QUIET, *options, "-cp", class_path]


def _cluster_id() -> str:
    """A random UUID in Kafka's form. One that begins with a dash would be read as an option."""
    while (text := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return text
