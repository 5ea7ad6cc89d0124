"""The container engine through its command line."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
PATIENCE_S = 120


def image() -> str:
    """The image under test, as `deploy/containers/images.sh` has named it."""
    assert "ANNUITY_LEDGER_IMAGE" in os.environ, "To be run by `make test-containers`, which makes the images."
    return os.environ["ANNUITY_LEDGER_IMAGE"]


def client() -> str:
    """Where the engine's command is."""
    found = shutil.which("docker")
    assert found, "There is no container engine here: deploy/containers/engine.sh installs one."
    return found


def run(
    *command: str, given: str | None = None, more: dict[str, str] | None = None, seconds: float = 2 * PATIENCE_S
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, in this environment and `more`."""
    environment = os.environ | (more or {})
    return subprocess.run(
        command, input=given, env=environment, capture_output=True, text=True, check=False, timeout=seconds
    )


def docker(*arguments: str, given: str | None = None) -> str:
    """Run a command of the engine's; what it printed. Fails the test with what it complained of."""
    done = run(client(), *arguments, given=given)
    assert done.returncode == 0, f"docker {' '.join(arguments[:4])} …: {done.stderr or done.stdout}"
    return done.stdout


def state(container: str) -> Json:
    """What the engine says of a container's state."""
    found: Json = json.loads(docker("inspect", "--format", "{{json .State}}", container))
    return found


def said(container: str) -> str:
    """What a container has written so far."""
    done = run(client(), "logs", container)
    return done.stdout + done.stderr


def asked(container: str, question: str) -> tuple[bool, Json]:
    """What a worker answers to `health` or `ready`, and whether with a yes. It has no answer before it listens."""
    done = run(client(), "exec", container, "python3", "-m", "services.runtime.probe", question)
    answer = done.stdout.strip()
    return done.returncode == 0, json.loads(answer) if answer.startswith("{") else {}


def wait(until: Callable[[], bool], what: str, seconds: float = PATIENCE_S) -> None:
    """Ask again and again; fail when it takes too long."""
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.5)
