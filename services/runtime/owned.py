"""The partitions of one service that this worker owns: a processor for each, from assignment to revocation."""

import asyncio

import structlog

from services.runtime import metrics
from services.runtime.errors import MembershipLostError
from services.runtime.health import Readiness, Standing
from services.runtime.membership import Membership
from services.runtime.metrics_server import watch_lag
from services.runtime.mirror import mirror_positions
from services.runtime.pace import Pace
from services.runtime.processor import Processor
from services.runtime.service import ServiceSpec
from services.runtime.settings import Settings

_log = structlog.get_logger(__name__)
_STOP_S = 10.0


class OwnedPartitions:
    """Joins the service's group and keeps a processor per partition it is given. Every assignment, kept or new,
    starts fresh processors.
    """

    def __init__(self, spec: ServiceSpec, count: int, settings: Settings, pace: Pace) -> None:
        self._spec = spec
        self._count = count
        self._settings = settings
        self._pace = pace
        self._processors: dict[int, Processor] = {}
        self._assigned: dict[int, Processor] | None = None  # replaced whole: it is read by other threads
        self._leaving = False
        self._broker_answers = True
        self._fault: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Serve until cancelled. Raises what a processor or the membership cannot recover from."""
        prefix = self._settings.topic_prefix
        group = prefix + self._spec.name
        membership = Membership(group, prefix + self._spec.membership, self._settings, self._take, self._drop)
        member = asyncio.create_task(membership.run())
        mirror = asyncio.create_task(mirror_positions(self._spec, self._settings, self._processors))
        lag = asyncio.create_task(watch_lag(self._spec, self._settings, self._processors, self._heard))
        try:
            await asyncio.wait([member, self._fault], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._leaving = True
            mirror.cancel()
            lag.cancel()
            await self._drop()  # before the group is left: its next owner need not wait for what is in flight
            member.cancel()
            await asyncio.gather(member, mirror, lag, return_exceptions=True)
        if self._fault.done():
            self._fault.result()
        if not member.cancelled():
            member.result()
        raise MembershipLostError(f"group {group}: its client ended without a reason")

    def readiness(self) -> Readiness:
        """How it stands in its group, and where each partition stands; may be asked from any thread."""
        assigned = self._assigned
        if self._leaving or assigned is None:
            return Readiness(self._spec.name, Standing.LEAVING if self._leaving else Standing.JOINING, {})
        stages = {number: processor.stage for number, processor in assigned.items()}
        return Readiness(self._spec.name, Standing.MEMBER if self._broker_answers else Standing.BROKER_AWAY, stages)

    async def _take(self, partitions: frozenset[int]) -> None:
        await self._drop()
        if self._leaving:
            return
        _log.info("assigned", service=self._spec.name, partitions=sorted(partitions))
        metrics.taken(self._spec.name, partitions)
        for number in sorted(partitions):
            processor = Processor(self._spec, number, self._count, self._settings, self._failed)
            self._processors[number] = processor
            processor.start(self._pace)
        self._assigned = dict(self._processors)

    async def _drop(self) -> None:
        self._assigned = None
        dropped = dict(self._processors)
        self._processors.clear()
        if dropped:
            _log.info("released", service=self._spec.name, partitions=sorted(dropped))
            await asyncio.gather(*(processor.stop(_STOP_S) for processor in dropped.values()))
            metrics.released(self._spec.name, dropped, self._spec.inputs)

    def _heard(self, answered: bool) -> None:  # noqa: FBT001 -- what there is to tell
        self._broker_answers = answered

    def _failed(self, error: Exception) -> None:
        if not self._fault.done():
            self._fault.set_exception(error)
