"""A worker process: one or several services, until it is told to stop or cannot go on."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

import structlog

from contracts_schema.topics import TOPICS, Topic
from services.runtime.collecting import collect_seldom
from services.runtime.discretion import told
from services.runtime.errors import WorkerError
from services.runtime.health import Health
from services.runtime.logging import configure_logging
from services.runtime.metrics_server import metrics_served
from services.runtime.owned import OwnedPartitions
from services.runtime.pace import Pace
from services.runtime.service import ServiceSpec
from services.runtime.settings import Settings
from services.runtime.topics import check_co_partitioned, partition_count, wait_for_topics

_log = structlog.get_logger(__name__)
_LINGERING_THREADS_S = 5.0


def run_worker(specs: Sequence[ServiceSpec], settings: Settings, topics: Mapping[str, Topic] = TOPICS) -> int:
    """Run the services until SIGTERM or SIGINT, then let transactions in flight end and leave the groups.

    Returns the process's exit code: 0 after a signal, 1 when the worker could not go on, which is logged with what
    to do. To be called from the main thread, once in a process's life.
    """
    configure_logging(settings)
    collect_seldom()
    try:
        asyncio.run(_until_signal(specs, settings, topics))
    except WorkerError as fault:
        _log.error("worker_stopped", fault=type(fault).__name__, reason=str(fault), exc_info=fault.__cause__)
        return _ended(1)
    except Exception as error:  # noqa: BLE001 -- the last one who can say what ended the process
        _log.exception("worker_stopped", fault=type(error).__name__, reason=told(error))
        return _ended(1)
    _log.info("worker_stopped", reason="asked to")
    return _ended(0)


async def _until_signal(specs: Sequence[ServiceSpec], settings: Settings, topics: Mapping[str, Topic]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await serve(specs, settings, stop, topics)


async def serve(
    specs: Sequence[ServiceSpec], settings: Settings, stop: asyncio.Event, topics: Mapping[str, Topic] = TOPICS
) -> None:
    """Run the services in this event loop until `stop` is set. Raises `WorkerError` when one of them cannot go on;
    all are stopped then.
    """
    for spec in specs:
        check_co_partitioned(spec, topics)
    health = Health()
    with metrics_served(settings, health):
        beating = asyncio.create_task(health.beat())
        try:
            await _serve(specs, settings, stop, topics, health)
        finally:
            beating.cancel()


async def _serve(
    specs: Sequence[ServiceSpec], settings: Settings, stop: asyncio.Event, topics: Mapping[str, Topic], health: Health
) -> None:
    await wait_for_topics(settings, topics, stop)
    if stop.is_set():
        return
    pace, counts = Pace(), [partition_count(topics[spec.membership], settings) for spec in specs]
    owned = [OwnedPartitions(spec, count, settings, pace) for spec, count in zip(specs, counts, strict=True)]
    health.services = owned
    await _until_stop_or_fault([one.run() for one in owned], stop)


async def _until_stop_or_fault(runs: Sequence[Coroutine[Any, Any, None]], stop: asyncio.Event) -> None:
    asked = asyncio.create_task(stop.wait())
    services = [asyncio.create_task(run) for run in runs]
    try:
        done, _ = await asyncio.wait([asked, *services], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (asked, *services):
            task.cancel()
        await asyncio.gather(asked, *services, return_exceptions=True)
    for task in done - {asked}:
        task.result()


def _ended(code: int) -> int:
    """Wait a moment for threads that are still in a call to the broker; then end without them, so that no worker is
    left that serves nothing.
    """
    deadline = time.monotonic() + _LINGERING_THREADS_S
    lingering = [t for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon]
    for thread in lingering:
        thread.join(max(0.0, deadline - time.monotonic()))
    if any(thread.is_alive() for thread in lingering):
        _log.warning("threads_left_behind")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
