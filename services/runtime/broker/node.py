"""The running Java process, seen through its supervisor."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from services.runtime.broker.errors import BrokerError
from services.runtime.broker.properties import STARTED
from services.runtime.broker.runlog import RunLog

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
_START_TIMEOUT_S = 120.0
_STOP_TIMEOUT_S = 30.0


def java_environment() -> dict[str, str]:
    """What Java gets of our environment: no options and class paths that are meant for other programs."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TZ") if name in os.environ}


class Node:
    """One Kafka process from the moment it serves clients.

    Made by running `command` in `cwd`; that takes until Kafka says that it has started, and raises `BrokerError` when
    it ends before, or does not say so in time. `scratch` is removed should this process die without stopping the node.
    """

    def __init__(self, command: Sequence[str], cwd: Path, scratch: Path | None, log: RunLog) -> None:
        self._log = log
        self._log_start = log.size()
        self._pid: int | None = None
        with log.path.open("ab") as out:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_SUPERVISOR), str(scratch or ""), *command],
                cwd=cwd,
                env=java_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=out,
                start_new_session=True,  # Ctrl-C is for us: we end the node in good order
            )
        try:
            self._pid = self._read_pid()
            self._await_started()
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int | None:
        """Java's process id."""
        return self._pid

    @property
    def running(self) -> bool:
        """Whether the process is still there."""
        return self._supervisor.poll() is None

    def wait(self) -> int:
        """Wait for the process to end; its exit code."""
        return self._supervisor.wait()

    def stop(self) -> None:
        """Ask Kafka to end; insist after half a minute."""
        assert self._supervisor.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it may have ended by itself
            self._supervisor.stdin.write(b"stop\n")
            self._supervisor.stdin.flush()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._supervisor.wait(_STOP_TIMEOUT_S)
        self.kill()

    def kill(self) -> None:
        """End the process at once, by SIGKILL. Harmless when it has ended."""
        if self._pid is not None:
            if self.running:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGKILL)
            self._supervisor.wait()  # before its pipe is closed: it would take that for our death, and remove the data
        for pipe in (self._supervisor.stdin, self._supervisor.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self._supervisor.wait()

    def _read_pid(self) -> int:
        assert self._supervisor.stdout is not None
        line = self._supervisor.stdout.readline()
        if not line:
            raise BrokerError(f"Java cannot be started.\n{self._log.tail(self._log_start)}")
        return int(line)

    def _await_started(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while STARTED not in self._log.since(self._log_start):
            if not self.running:
                raise BrokerError(f"Kafka ended while it was starting.\n{self._log.tail(self._log_start)}")
            if time.monotonic() > deadline:
                raise BrokerError(
                    f"Kafka did not start within {_START_TIMEOUT_S:.0f} s.\n{self._log.tail(self._log_start)}"
                )
            time.sleep(0.05)
