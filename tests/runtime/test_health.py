"""Alive and ready as an orchestrator hears it, over HTTP, from workers in every state."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import structlog
from confluent_kafka.admin import AdminClient

from services.runtime import probe, processor
from services.runtime.batches import BatchLoop
from services.runtime.broker import EmbeddedBroker
from services.runtime.health import Health, Readiness, Stage, Standing
from services.runtime.restore import restore
from services.runtime.settings import Settings
from services.runtime.topics import create_topics
from services.runtime.worker import serve
from tests.runtime.counting import SPEC, TOPICS
from tests.runtime.harness import PATIENCE_S, Worker, publish, until

ALL = {str(n): "serving" for n in range(4)}


def asked(port: int, question: str) -> tuple[int, dict[str, Any]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", f"/{question}")
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


async def asked_until(port: int, status: int, **facts: object) -> dict[str, Any]:
    """Ask whether it is ready until that is answered so."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found, told = await asyncio.to_thread(asked, port, "ready")
        if found == status and facts.items() <= told.items():
            return told
        assert time.monotonic() < deadline, told
        await asyncio.sleep(0.05)


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[int]:
    """The counting service in this event loop; the port that it answers at."""
    stop = asyncio.Event()
    with structlog.testing.capture_logs() as logs:
        worker = asyncio.create_task(serve([SPEC], settings.model_copy(update={"metrics_port": 0}), stop, TOPICS))
        await until(lambda: any(line["event"] == "metrics_served" for line in logs))
    try:
        yield next(line["port"] for line in logs if line["event"] == "metrics_served")
    finally:
        stop.set()
        await asyncio.wait_for(worker, PATIENCE_S)


async def test_a_worker_is_ready_when_its_state_is_restored(
    counting: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = asyncio.Event()

    async def waiting(*given: Any) -> Any:  # noqa: ANN401 -- what restore takes and gives
        await go_on.wait()
        return await restore(*given)

    monkeypatch.setattr(processor, "restore", waiting)
    async with serving(counting) as port:
        told = await asked_until(port, 503, waiting_for=[f"count {n}: recovering" for n in range(4)])
        assert told["services"] == {"count": {"standing": "member", "partitions": dict.fromkeys(ALL, "recovering")}}
        assert asked(port, "health")[0] == 200, "a worker that recovers is alive"
        go_on.set()
        told = await asked_until(port, 200)
        assert told == {
            "ready": True,
            "waiting_for": [],
            "services": {"count": {"standing": "member", "partitions": ALL}},
        }


async def test_a_worker_is_ready_when_it_has_read_what_there_was(
    counting: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(counting, "numbers", [(2, "k", "1")] * 10)
    go_on = asyncio.Event()
    turn = BatchLoop.turn

    async def waiting(loop: BatchLoop) -> None:
        await go_on.wait()
        await turn(loop)

    monkeypatch.setattr(BatchLoop, "turn", waiting)
    async with serving(counting) as port:
        await asked_until(port, 503, waiting_for=["count 2: catching_up"])
        go_on.set()
        await asked_until(port, 200)


async def test_a_worker_whose_broker_goes_away_is_alive_and_not_ready() -> None:
    with EmbeddedBroker() as broker:
        settings = Settings(bootstrap_servers=broker.bootstrap_servers, topic_prefix="h-", partitions=4)
        await asyncio.to_thread(create_topics, settings, TOPICS)
        async with serving(settings) as port:
            await asked_until(port, 200)
            broker.kill()
            told = await asked_until(port, 503)
            assert told["waiting_for"]
            assert asked(port, "health")[0] == 200
            await asyncio.to_thread(broker.restart)
            await asked_until(port, 200)


async def test_a_worker_that_still_looks_for_its_broker_is_alive_and_not_ready(tmp_path: Path) -> None:
    nowhere = Settings(bootstrap_servers="127.0.0.1:1", topic_prefix="n-", partitions=4)
    with Worker(nowhere, tmp_path / "log", ANNUITY_LEDGER_METRICS_PORT="0") as worker:
        (served,) = await worker.logged("metrics_served")
        assert asked(served["port"], "ready") == (
            503,
            {"ready": False, "waiting_for": ["the broker and its topics"], "services": {}},
        )
        assert asked(served["port"], "health")[0] == 200


async def test_a_worker_asked_to_stop_has_left_its_group_when_it_ends(counting: Settings, tmp_path: Path) -> None:
    """Its heir need not wait for the session to time out."""
    patient = counting.model_copy(update={"session_timeout_s": 30})
    with Worker(patient, tmp_path / "log", ANNUITY_LEDGER_SESSION_TIMEOUT_S="30") as worker:
        await worker.logged("reading", times=4)
        worker.process.send_signal(signal.SIGTERM)
        assert await worker.ended() == 0
    group = f"{counting.topic_prefix}count"
    admin = AdminClient({"bootstrap.servers": counting.cluster})
    (described,) = admin.describe_consumer_groups([group]).values()
    assert described.result().members == []


@pytest.mark.parametrize(
    ("standing", "partitions", "hindrances"),
    [
        (Standing.MEMBER, {1: Stage.SERVING, 0: Stage.SERVING}, []),
        (Standing.MEMBER, {}, []),  # a standby
        (Standing.MEMBER, {1: Stage.RECOVERING, 0: Stage.CATCHING_UP}, ["s 0: catching_up", "s 1: recovering"]),
        (Standing.JOINING, {}, ["s: joining"]),
        (Standing.LEAVING, {}, ["s: leaving"]),
        (Standing.BROKER_AWAY, {0: Stage.SERVING}, ["s: broker_away"]),
    ],
)
def test_what_hinders_a_service_from_being_ready(
    standing: Standing, partitions: Mapping[int, Stage], hindrances: list[str]
) -> None:
    readiness = Readiness("s", standing, partitions)
    assert readiness.hindrances() == hindrances
    health = Health()
    health.services = [_Service(readiness), _Service(Readiness("t", Standing.MEMBER, {0: Stage.SERVING}))]
    ready, told = health.ready()
    assert (ready, told["waiting_for"]) == (not hindrances, hindrances)


class _Service:
    def __init__(self, said: Readiness) -> None:
        self._said = said

    def readiness(self) -> Readiness:
        return self._said


def test_a_worker_whose_loop_stands_still_is_neither_alive_nor_ready() -> None:
    health = Health()
    health.services = [_Service(Readiness("s", Standing.MEMBER, {}))]
    assert (health.alive()[0], health.ready()[0]) == (True, True)
    health._turned -= 60
    assert (health.alive()[0], health.ready()[0]) == (False, False)
    assert health.ready()[1]["waiting_for"] == ["the event loop"]


async def test_the_probe_asks_the_worker_beside_it(
    counting: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(counting) as port:
        await asked_until(port, 200)
        monkeypatch.setenv("ANNUITY_LEDGER_METRICS_PORT", str(port))
        assert await asyncio.to_thread(probe.main, "ready") == 0
        assert json.loads(capsys.readouterr().out.splitlines()[-1])["ready"]
    assert probe.main("ready") == 1
    assert f"No answer at port {port}" in capsys.readouterr().out
