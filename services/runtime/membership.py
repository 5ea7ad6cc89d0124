"""Which partitions are ours: Faust's worker joins the consumer group and is told, and that is all it is used for.

Its consumer stays paused, delivers nothing, seeks nothing and commits nothing; reading, writing and state are the
processors'. The group's client has a thread of its own, so that heartbeats go out while a batch is folded.

Faust's assignor leaves partitions where they are as far as an even share allows, so most find their state on disk.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, cast

import faust
import structlog
from aiokafka.errors import KafkaConnectionError
from faust.app.base import BootStrategy
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from services.runtime.connecting import allowed, for_faust
from services.runtime.errors import MembershipLostError, NotAllowedError
from services.runtime.settings import Settings

_WATCH_S = 1.0
_HUNG_S = 300.0
_AGAIN_S = 2.0
_log = structlog.get_logger(__name__)
OnAssigned = Callable[[frozenset[int]], Awaitable[None]]
OnRevoked = Callable[[], Awaitable[None]]


class Membership:
    """One member of one group, for the partitions of one topic. For each assignment `revoked` is awaited, then
    `assigned` with all partition numbers, kept or new. The group goes on when they have returned.
    """

    def __init__(self, group: str, topic: str, settings: Settings, assigned: OnAssigned, revoked: OnRevoked) -> None:
        self._group = group
        self._topic = topic
        self._settings = settings
        self._assigned = assigned
        self._revoked = revoked
        self._app = self._new_app()

    async def run(self) -> None:
        """Be a member until cancelled, then leave the group. A broker that is away when the group is to be joined is
        waited for. Raises `MembershipLostError` when the group's client has broken down.
        """
        while True:
            try:
                await self._stay()
            except KafkaConnectionError as away:
                await self._revoked()
                _log.warning("broker_away", group=self._group, reason=str(away), again_in_s=_AGAIN_S)
                await asyncio.sleep(_AGAIN_S)
                self._app = self._new_app()

    def _new_app(self) -> "_MembershipApp":
        """A client that has not been started: one that has broken down cannot be started again."""
        app = _MembershipApp(self._group, **_options(self._settings))
        app.transport = _PausedTransport(app.conf.broker, app)
        app.topics.add(app.topic(self._topic))
        app.on_partitions_assigned.connect(self._on_assigned)
        app.on_partitions_revoked.connect(self._on_revoked)
        return app

    async def _stay(self) -> None:
        """Be a member for the life of one client. Raises `KafkaConnectionError` where there is no broker to be met."""
        starting = asyncio.create_task(self._app.start())
        try:
            while True:
                await asyncio.sleep(_WATCH_S)
                await self._watch(starting)
        finally:
            starting.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await starting
            await self._leave()

    async def _leave(self) -> None:
        try:
            await self._app.stop()
        except Exception as error:  # noqa: BLE001 -- a client that has broken down cannot always be stopped
            _log.warning("leaving_failed", group=self._group, reason=repr(error))

    async def _watch(self, starting: "asyncio.Task[None]") -> None:
        """Ask the client for its errors, as a poll would: nobody polls it otherwise, and an error nobody sees
        leaves a member that owns nothing and joins nothing: also while it is starting, which may then never end. The
        poll also tells it that this process is alive; without one it leaves the group after a while.
        """
        try:
            if starting.done() and not self._app.should_stop:
                starting.result()
            if not self._app.should_stop:
                with allowed(f"be a member of group {self._group}"):
                    await cast(_PausedConsumer, self._app.consumer).poll_nothing()
        except NotAllowedError:
            raise
        except Exception as error:
            raise self._lost(self._app.crash_reason or error) from error
        if self._app.should_stop:
            raise self._lost(self._app.crash_reason)

    def _lost(self, reason: BaseException | None) -> Exception:
        if isinstance(reason, KafkaConnectionError):
            away: Exception = KafkaConnectionError(str(reason))
            return away
        return MembershipLostError(f"group {self._group}: {reason!r}")  # which has seen no records

    async def _on_assigned(self, *sent: Any, **_: object) -> None:  # noqa: ANN401 -- as Faust declares its signals
        _app, assigned = sent
        await self._assigned(frozenset(tp.partition for tp in assigned))

    async def _on_revoked(self, *_: object, **__: object) -> None:
        await self._revoked()


def _options(settings: Settings) -> dict[str, Any]:
    return {
        **for_faust(settings),
        "broker_session_timeout": settings.session_timeout_s,
        "broker_heartbeat_interval": settings.session_timeout_s / 3,
        "broker_max_poll_interval": _HUNG_S,
        "consumer_auto_offset_reset": "latest",
        "stream_wait_empty": False,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "web_enabled": False,
    }


class _NoExtras(BootStrategy):
    """Start the consumer and what it needs; no producer, no web server, no sensors."""

    enable_kafka_producer = False
    enable_web = False
    enable_sensors = False


class _MembershipApp(faust.App):
    BootStrategy = _NoExtras

    async def on_first_start(self) -> None:
        """Make no data directory: there are no tables."""


class _PausedListener(driver.ConsumerRebalanceListener):
    async def on_partitions_assigned(self, assigned: Iterable[Any]) -> None:
        assigned = set(assigned)
        self._thread._ensure_consumer().pause(*assigned)  # noqa: SLF001 -- Faust has no public way to its client
        await super().on_partitions_assigned(assigned)


class _PausedConsumer(driver.Consumer):
    """A consumer that Faust cannot get to consume."""

    RebalanceListener = _PausedListener

    def resume_partitions(self, tps: Iterable[TP]) -> None:
        """Stay paused."""

    async def perform_seek(self) -> None:
        """There is no position to go to."""

    async def commit(self, *_: object, **__: object) -> bool:
        """There is nothing to commit."""
        return False

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Nothing flows, and that is right."""

    async def poll_nothing(self) -> None:
        """Poll the paused client, if it is there yet, in its own thread; raises what went wrong with the group."""
        client = self._thread._consumer  # noqa: SLF001 -- as above
        if client is None or not client.subscription():
            return
        polling = client.getmany(timeout_ms=0)
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(polling, self._thread.thread_loop))


class _PausedTransport(driver.Transport):
    Consumer = _PausedConsumer
