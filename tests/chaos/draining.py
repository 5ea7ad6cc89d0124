"""Waiting until everything that was sent is answered, or until nothing moves any more."""

import asyncio
import time
from collections.abc import Callable, Mapping

from contracts_schema.topics import REQUEST_TOPICS
from services.runtime.progress import Progress, decode_progress
from services.runtime.reading import end_offsets, latest_by_key
from services.runtime.settings import Settings

_STUCK_S = 40.0
Positions = Mapping[str, Mapping[int, int]]


def drain(settings: Settings, last_day: str, pump: Callable[[float], object]) -> bool:
    """True when every request has been read and the last day is settled everywhere; False when it gets no nearer.

    `pump` is called to pass the time.
    """
    seen: object = None
    moved = time.monotonic()
    while time.monotonic() - moved < _STUCK_S:
        intake, ledger = (asyncio.run(progress(settings, service)) for service in ("intake", "ledger"))
        ends = {topic: _ends(settings, topic) for topic in (*REQUEST_TOPICS, "ledger-log")}
        if _all_read(intake, ends, REQUEST_TOPICS) and _all_read(ledger, ends, ("ledger-log",)):
            notes = [one.note for one in ledger.values()]
            if all(n.get("last_closed") == last_day and n.get("to_settle") == 0 for n in notes):
                return True
        if (now := (intake, ledger)) != seen:
            seen, moved = now, time.monotonic()
        pump(0.5)
    return False


async def progress(settings: Settings, service: str) -> dict[int, Progress]:
    """The last progress of each partition of a service."""
    latest = await latest_by_key(settings.cluster, f"{service}-progress", prefix=settings.topic_prefix)
    return {int(key): decode_progress(value) for key, value in latest.items()}


def _ends(settings: Settings, topic: str) -> Mapping[int, int]:
    return asyncio.run(end_offsets(settings.cluster, topic, prefix=settings.topic_prefix))


def _all_read(found: Mapping[int, Progress], ends: Positions, topics: tuple[str, ...]) -> bool:
    return all(
        end == 0 or (n in found and found[n].positions.get(topic, 0) >= end)
        for topic in topics
        for n, end in ends[topic].items()
    )
