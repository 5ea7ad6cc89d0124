"""Whether a worker is alive, and whether it is ready: what orchestrators ask, answered truthfully.

Alive: the event loop turns. Ready: every service of the worker has joined its group, hears from the broker, and each
partition it owns is restored and has read up to where its inputs ended when its life began. A worker that recovers is
alive and not ready; so is one that leaves. A standby, which owns no partition, is ready: it can take over.

Changed in the event loop, read by the threads of the metrics server.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

_BEAT_S = 1.0
_STALLED_S = 30.0
Json = dict[str, object]


class Stage(StrEnum):
    """Where a partition stands."""

    RECOVERING = "recovering"
    """Its previous owner is fenced, its state restored, or the next attempt at that is waited for."""
    CATCHING_UP = "catching_up"
    """What had been written when its life began is not all read."""
    SERVING = "serving"


class Standing(StrEnum):
    """Where a service stands in its group."""

    JOINING = "joining"
    BROKER_AWAY = "broker_away"
    MEMBER = "member"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What one service says of itself: its standing, and the stage of each partition it owns."""

    service: str
    standing: Standing
    partitions: Mapping[int, Stage]

    def hindrances(self) -> list[str]:
        """What keeps it from being ready, in words; empty when it is."""
        if self.standing is not Standing.MEMBER:
            return [f"{self.service}: {self.standing}"]
        stages = sorted(self.partitions.items())
        return [f"{self.service} {number}: {stage}" for number, stage in stages if stage is not Stage.SERVING]


class HasReadiness(Protocol):
    """A service that can be asked."""

    def readiness(self) -> Readiness:
        """How it stands now. May be called from any thread."""


class Health:
    """Of one worker process. Until `services` is set, the broker and its topics are waited for."""

    def __init__(self) -> None:
        self.services: Sequence[HasReadiness] = ()
        self._turned = time.monotonic()

    async def beat(self) -> None:
        """Until cancelled, note that the event loop turns."""
        while True:
            self._turned = time.monotonic()
            await asyncio.sleep(_BEAT_S)

    def alive(self) -> tuple[bool, Json]:
        """Whether the loop has turned within half a minute, and the answer in full."""
        ago = time.monotonic() - self._turned
        alive = ago < _STALLED_S
        return alive, {"alive": alive, "turned_s_ago": round(ago, 1)}

    def ready(self) -> tuple[bool, Json]:
        """Whether requests are served, and the answer in full: what hinders it, and how each service stands."""
        services = [service.readiness() for service in self.services]
        waiting_for = [each for one in services for each in one.hindrances()]
        if not services:
            waiting_for = ["the broker and its topics"]
        if not self.alive()[0]:
            waiting_for.append("the event loop")
        told = {
            one.service: {
                "standing": one.standing,
                "partitions": {str(n): s for n, s in sorted(one.partitions.items())},
            }
            for one in services
        }
        return not waiting_for, {"ready": not waiting_for, "waiting_for": waiting_for, "services": told}
