"""Metrics over HTTP, from a thread of its own, and the lag that they show.

The lag is the broker's ends, asked for every few seconds in one call per service, less the positions last committed.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import structlog
from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]  # it does not say it exports it
from prometheus_client import start_http_server

from services.runtime.errors import MetricsAddressError
from services.runtime.listing import new_admin
from services.runtime.metrics import LAG, REGISTRY
from services.runtime.mirror import HasPositions
from services.runtime.service import ServiceSpec
from services.runtime.settings import Settings

_log = structlog.get_logger(__name__)
_EVERY_S = 5.0
_TIMEOUT_S = 5.0


@contextmanager
def metrics_served(settings: Settings) -> Iterator[None]:
    """Within it metrics can be scraped, where a port is set. Raises `MetricsAddressError` where it cannot be had."""
    if settings.metrics_port is None:
        yield
        return
    try:
        server, thread = start_http_server(settings.metrics_port, settings.metrics_address, REGISTRY)
    except OSError as error:
        raise MetricsAddressError(
            f"Metrics cannot be served at {settings.metrics_address} port {settings.metrics_port}: {error}. Workers on "
            "one machine need a port each: set ANNUITY_LEDGER_METRICS_PORT, or leave it unset for none."
        ) from error
    _log.info("metrics_served", address=settings.metrics_address, port=server.server_port)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def watch_lag(spec: ServiceSpec, settings: Settings, owned: Mapping[int, HasPositions]) -> None:
    """Until cancelled, keep the lag of the owned partitions; for ever idle where metrics are off. A broker that is away
    leaves it as it was last known.
    """
    if settings.metrics_port is None:
        return
    admin = new_admin(settings)
    while True:
        try:
            ends = await asyncio.to_thread(_ends, admin, settings.topic_prefix, spec.inputs, list(owned))
        except KafkaException as error:
            _log.debug("lag_unknown", service=spec.name, reason=str(error))
        else:
            _set(spec, ends, owned)
        await asyncio.sleep(_EVERY_S)


def _set(spec: ServiceSpec, ends: Mapping[tuple[str, int], int], owned: Mapping[int, HasPositions]) -> None:
    for (topic, number), end in ends.items():
        position = owned[number].positions.get(topic) if number in owned else None
        if position is not None:
            LAG.labels(spec.name, number, topic).set(max(0, end - position))


def _ends(admin: AdminClient, prefix: str, topics: Iterable[str], numbers: list[int]) -> dict[tuple[str, int], int]:
    wanted = {TopicPartition(prefix + topic, number): (topic, number) for topic in topics for number in numbers}
    if not wanted:
        return {}
    latest: OffsetSpec = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # the client types little
    asked = admin.list_offsets(dict.fromkeys(wanted, latest), request_timeout=_TIMEOUT_S)
    return {wanted[tp]: answer.result().offset for tp, answer in asked.items()}
