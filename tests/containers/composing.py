"""The service as `deploy/compose.yaml` describes it: brought up, written to, read from and taken down."""

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from services.runtime.broker.ports import free_port
from tests.containers.engine import PATIENCE_S, Json, client, docker, image, run, said, state, wait

COMPOSE_FILE = Path(__file__).parents[2] / "deploy" / "compose.yaml"
PLAIN = Path(__file__).parent / "plain"
BROKER = "kafka:9092"
PARTITIONS = 4
WORKERS = {"intake": 1, "reference": 1, "ledger": 2, "remittances": 1}
"""How many of each service."""
Line = tuple[str, Json]


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
        """What the workers have said last, for a failure's report."""
        return self._compose("logs", "--no-color", "--tail", "25", *WORKERS)

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
        told: Json = json.loads(docker(*self._plain("produce.py"), BROKER, str(per_second), given=text))
        return told

    def read(self, topic: str, keys: str, count: int, *, quiet: float = 2) -> list[Json]:
        """What a plain consumer in the network reads of a topic, of keys that begin so: at least `count` records, and
        all that come until none has for `quiet` seconds.
        """
        arguments = [BROKER, topic, keys, str(count), str(quiet), str(PATIENCE_S)]
        records = [json.loads(line) for line in docker(*self._plain("consume.py"), *arguments).splitlines()]
        assert len(records) >= count, f"{len(records)} of {count} on {topic}\n{self.logs()}"
        return records

    @contextmanager
    def holding(self, topic: str) -> Iterator[None]:
        """Within it a transaction is open on a topic of one partition; it is taken back in the end."""
        run = [part if part != "--interactive" else "--detach" for part in self._plain("hold.py")]
        name = docker(*run, BROKER, topic).strip()
        try:
            wait(lambda: "holding" in said(name), f"a transaction on {topic}")
            yield
        finally:
            docker("stop", name)

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
        done = run(*_compose_command(), "--file", str(COMPOSE_FILE), *arguments, more=settings)
        assert done.returncode == 0, f"compose {' '.join(arguments)}: {done.stderr or done.stdout}"
        return done.stdout


def _compose_command() -> list[str]:
    """Compose as a plugin, or as a command of its own."""
    if run(client(), "compose", "version").returncode == 0:
        return [client(), "compose"]
    alone = shutil.which("docker-compose")
    assert alone, "There is no Compose: deploy/containers/engine.sh installs it."
    return [alone]


def key_of(value: Json) -> str | None:
    """Requests are keyed by participant; reference data need no key."""
    return f"{value['contract_id']}|{value['participant_id']}" if "participant_id" in value else None
