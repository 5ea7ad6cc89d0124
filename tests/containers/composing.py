"""The service as `deploy/compose.yaml` describes it, brought up, watched and hurt through the engine's command line."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from services.runtime.broker.ports import free_port

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "deploy" / "compose.yaml"
PLAIN = Path(__file__).parent / "plain"
BROKER = "kafka:9092"
PARTITIONS = 4
Json = dict[str, Any]
Line = tuple[str, Json]


def image() -> str:
    """The image under test, as `deploy/containers/images.sh` has named it."""
    assert "ANNUITY_LEDGER_IMAGE" in os.environ, "To be run by `make test-containers`, which makes the images."
    return os.environ["ANNUITY_LEDGER_IMAGE"]


def docker(*arguments: str, given: str | None = None, seconds: float = 120) -> str:
    """Run a command of the engine's; what it printed. Fails the test with what it complained of."""
    done = subprocess.run(
        ["docker", *arguments], input=given, capture_output=True, text=True, check=False, timeout=seconds
    )
    assert done.returncode == 0, f"docker {' '.join(arguments[:4])} …: {done.stderr or done.stdout}"
    return done.stdout


class Composed:
    """One Compose project. To be closed with `down`."""

    def __init__(self, project: str) -> None:
        self.project = project
        self.network = f"{project}_default"
        self.image = image()
        self._port = free_port()

    def up(self, *arguments: str) -> None:
        """Create and start what is not there yet; returns before it is ready."""
        self._compose("up", "--detach", "--no-build", *arguments)

    def down(self) -> None:
        """Remove everything, data included."""
        self._compose("down", "--volumes", "--remove-orphans", "--timeout", "3")

    def logs(self) -> str:
        """What all containers have said, for a failure's report."""
        return self._compose("logs", "--no-color", "--tail", "60")

    def containers(self, service: str) -> list[str]:
        """The names of a service's containers, those that have ended included."""
        labels = [f"com.docker.compose.project={self.project}", f"com.docker.compose.service={service}"]
        filters = [part for label in labels for part in ("--filter", f"label={label}")]
        return sorted(docker("ps", "--all", "--format", "{{.Names}}", *filters).split())

    def healthy(self, service: str, count: int = 1) -> bool:
        """Whether that many containers of the service are there and pass their healthchecks."""
        names = self.containers(service)
        return len(names) == count and all(state(name).get("Health", {}).get("Status") == "healthy" for name in names)

    def send(self, lines: Iterable[Line], per_second: float = 10_000) -> Json:
        """Have a plain producer in the project's network write the lines; what it says when all are delivered."""
        text = "\n".join(json.dumps({"topic": topic, "key": key_of(value), "value": value}) for topic, value in lines)
        said = docker(*self._plain("produce.py"), BROKER, str(per_second), given=text, seconds=300)
        told: Json = json.loads(said)
        return told

    def read(self, topic: str, keys: str, count: int, seconds: float = 90) -> list[Json]:
        """What a plain consumer in the network reads of a topic, of keys that begin so: at least `count` records, and
        all there are.
        """
        arguments = [BROKER, topic, keys, str(count), str(seconds)]
        said = docker(*self._plain("consume.py"), *arguments, seconds=seconds + 60)
        records = [json.loads(line) for line in said.splitlines()]
        assert len(records) >= count, f"{len(records)} of {count} on {topic}\n{self.logs()}"
        return records

    def hold(self, topic: str) -> str:
        """Start a container that keeps a transaction open on a topic of one partition; stop it to have that taken
        back.
        """
        run = [part if part != "--rm" else "--detach" for part in self._plain("hold.py")]
        name = docker(*run, BROKER, topic).strip()
        wait(lambda: "holding" in docker("logs", name), f"a transaction on {topic}")
        return name

    def _plain(self, script: str) -> list[str]:
        """The start of a command that runs a script in the image's Python: it has confluent-kafka."""
        code = (PLAIN / script).read_text()
        network = ["--network", self.network, "--label", f"com.docker.compose.project={self.project}"]
        return ["run", "--rm", "--interactive", *network, "--entrypoint", "python3", self.image, "-c", code]

    def _compose(self, *arguments: str) -> str:
        settings = {
            "ANNUITY_LEDGER_PARTITIONS": str(PARTITIONS),
            "COMPOSE_PROJECT_NAME": self.project,
            "KAFKA_PORT": str(self._port),
        }
        command = [*_compose_command(), "--file", str(COMPOSE_FILE), *arguments]
        done = subprocess.run(
            command, env=os.environ | settings, capture_output=True, text=True, check=False, timeout=240
        )
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr or done.stdout}"
        return done.stdout


def _compose_command() -> list[str]:
    """Compose as a plugin, or as a command of its own."""
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    if plugin.returncode == 0:
        return ["docker", "compose"]
    assert shutil.which("docker-compose"), "There is no Compose: deploy/containers/engine.sh installs it."
    return ["docker-compose"]


def key_of(value: Json) -> str | None:
    """Requests are keyed by participant; reference data need no key."""
    return f"{value['contract_id']}|{value['participant_id']}" if "participant_id" in value else None


def state(container: str) -> Json:
    """What the engine says of a container's state."""
    found: Json = json.loads(docker("inspect", "--format", "{{json .State}}", container))
    return found


def asked(container: str, question: str) -> tuple[bool, Json]:
    """What a worker answers to `health` or `ready`, and whether with a yes."""
    command = ["docker", "exec", container, "python3", "-m", "services.runtime.probe", question]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    answer = done.stdout.strip()
    return done.returncode == 0, json.loads(answer) if answer.startswith("{") else {"said": answer + done.stderr}


def wait(until: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Ask again and again; fail when it takes too long."""
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.5)
