"""Metrics, health and readiness over HTTP, from a thread of its own, and the lag that the metrics show.

The lag is the broker's ends, asked for every few seconds in one call per service, less the positions last committed.
"""

import asyncio
import json
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]  # it does not say it exports it
from prometheus_client import make_wsgi_app

from services.runtime.errors import MetricsAddressError
from services.runtime.health import Health
from services.runtime.listing import new_admin
from services.runtime.metrics import LAG, REGISTRY
from services.runtime.mirror import HasPositions
from services.runtime.service import ServiceSpec
from services.runtime.settings import Settings

_log = structlog.get_logger(__name__)
_EVERY_S = 5.0
_TIMEOUT_S = 5.0


@contextmanager
def metrics_served(settings: Settings, health: Health) -> Iterator[None]:
    """Within it `/metrics` can be scraped, and `/health` and `/ready` be asked, where a port is set. Raises
    `MetricsAddressError` where it cannot be had.
    """
    if settings.metrics_port is None:
        yield
        return
    try:
        server = _server(settings.metrics_address, settings.metrics_port, answering(health))
    except OSError as error:
        raise MetricsAddressError(
            f"Metrics cannot be served at {settings.metrics_address} port {settings.metrics_port}: {error}. Workers on "
            "one machine need a port each: set ANNUITY_LEDGER_METRICS_PORT, or leave it unset for none."
        ) from error
    thread = Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    _log.info("metrics_served", address=settings.metrics_address, port=server.server_port)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answering(health: Health) -> WSGIApplication:
    """What is answered: 200 or 503 with the reason as JSON to `/health` and `/ready`, metrics to everything else."""
    metrics: WSGIApplication = make_wsgi_app(REGISTRY)
    questions = {"/health": health.alive, "/ready": health.ready}

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        question = questions.get(environ["PATH_INFO"])
        if question is None:
            return metrics(environ, start_response)
        well, told = question()
        headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
        start_response("200 OK" if well else "503 Service Unavailable", headers)
        return [json.dumps(told).encode()]

    return answer


class _Server(ThreadingMixIn, WSGIServer):
    """Answers each in a thread of its own: a scrape does not make a probe wait."""

    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Somebody asks every few seconds: that is not worth a line."""


def _server(address: str, port: int, app: WSGIApplication) -> WSGIServer:
    family, *_, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    kind = type("_Server", (_Server,), {"address_family": family})
    return make_server(str(place[0]), port, app, kind, handler_class=_Silent)


async def watch_lag(
    spec: ServiceSpec, settings: Settings, owned: Mapping[int, HasPositions], heard: Callable[[bool], None]
) -> None:
    """Until cancelled, keep the lag of the owned partitions, and tell each time whether the broker answered; for ever
    idle where metrics are off. A broker that is away leaves the lag as it was last known.
    """
    if settings.metrics_port is None:
        return
    admin = new_admin(settings)
    while True:
        try:
            ends = await asyncio.to_thread(_ends, admin, settings.topic_prefix, spec.inputs, list(owned))
        except KafkaException as error:
            _log.debug("lag_unknown", service=spec.name, reason=str(error))
            heard(False)
        else:
            _set(spec, ends, owned)
            heard(True)
        await asyncio.sleep(_EVERY_S)


def _set(spec: ServiceSpec, ends: Mapping[tuple[str, int], int], owned: Mapping[int, HasPositions]) -> None:
    for (topic, number), end in ends.items():
        position = owned[number].positions.get(topic) if number in owned else None
        if position is not None:
            LAG.labels(spec.name, number, topic).set(max(0, end - position))


def _ends(admin: AdminClient, prefix: str, topics: Iterable[str], numbers: list[int]) -> dict[tuple[str, int], int]:
    wanted = {TopicPartition(prefix + topic, number): (topic, number) for topic in topics for number in numbers}
    if not wanted:
        admin.list_topics(prefix + next(iter(topics)), timeout=_TIMEOUT_S)  # a standby must hear of a broker's end too
        return {}
    latest: OffsetSpec = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # the client types little
    asked = admin.list_offsets(dict.fromkeys(wanted, latest), request_timeout=_TIMEOUT_S)
    return {wanted[tp]: answer.result().offset for tp, answer in asked.items()}
