"""Positions as consumer group offsets, for the tools that show lag. Nothing reads them back: the progress records
are the truth.

They are committed under a group of their own, `<service>-progress`, apart from the transactions: the broker lets
nobody but a live member commit for a group that has members, and a batch must never fail because of a mirror.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.runtime.connecting import for_aiokafka
from services.runtime.discretion import told
from services.runtime.reader import stop_consumer
from services.runtime.service import ServiceSpec
from services.runtime.settings import Settings

_log = structlog.get_logger(__name__)
_EVERY_S = 2.0
_TIMEOUT_S = 5.0


class HasPositions(Protocol):
    """Something that has read a partition of each input up to some place."""

    @property
    def positions(self) -> dict[str, int]:
        """Next offset by topic; empty when not known yet."""


async def mirror_positions(spec: ServiceSpec, settings: Settings, owned: Mapping[int, HasPositions]) -> None:
    """Every two seconds, until cancelled, commit the positions that changed. Whatever goes wrong is tried again."""
    group = f"{settings.topic_prefix}{spec.name}-progress"
    mirrored: dict[tuple[str, int], int] = {}
    failing = False
    while True:
        await asyncio.sleep(_EVERY_S)
        now = {(topic, n): at for n, one in owned.items() for topic, at in one.positions.items()}
        if changed := dict(now.items() - mirrored.items()):
            offsets = {TopicPartition(settings.topic_prefix + topic, n): at for (topic, n), at in changed.items()}
            failure = await _failure(_commit(settings, group, offsets))
            if failure is None:
                mirrored.update(changed)
            elif not failing:
                _log.info("positions_not_mirrored", group=group, reason=failure)
            failing = failure is not None


async def _failure(commit: Coroutine[Any, Any, None]) -> str | None:
    """Why the commit failed, None when it did not. In a task of its own: aiokafka lets out cancellations that are not
    its caller's.
    """
    committing = asyncio.create_task(commit)
    done, _ = await asyncio.wait([committing], timeout=_TIMEOUT_S)
    if not done:
        committing.cancel()
        return "timed out"
    if committing.cancelled():
        return "cancelled from within"
    error = committing.exception()
    return None if error is None else told(error)


async def _commit(settings: Settings, group: str, offsets: dict[TopicPartition, int]) -> None:
    """A client for each commit: one that stays would fetch the partitions it must be assigned in order to commit."""
    consumer = AIOKafkaConsumer(
        **for_aiokafka(settings), group_id=group, enable_auto_commit=False, auto_offset_reset="none"
    )
    try:
        await consumer.start()
        consumer.assign(list(offsets))
        consumer.pause(*offsets)
        for tp, offset in offsets.items():
            consumer.seek(tp, offset)
        await consumer.commit(offsets)
    finally:
        await stop_consumer(consumer)
