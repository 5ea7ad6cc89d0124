"""How long partitions stand still when their worker is killed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.chaos.fleet import Event, Worker

_SOON_S = 1.0
Place = tuple[str, int]


@dataclass(eq=False)
class _Outage:
    at: float
    victim: Worker
    ready: dict[Place, float] = field(default_factory=dict)
    served: dict[Place, float] = field(default_factory=dict)


@dataclass
class Failovers:
    """From each SIGKILL until the last of the victim's partitions moves on: its next commit by another process.

    A partition that is read again but has nothing to commit within a second counts as served when it is read.
    """

    _outages: list[tuple[_Outage, frozenset[Place]]] = field(default_factory=list)

    def killed(self, victim: Worker, owned: Iterable[int], at: float) -> None:
        """A worker that read these partitions was killed."""
        places = frozenset((victim.service, number) for number in owned)
        if places:
            self._outages.append((_Outage(at, victim), places))

    def see(self, event: Event) -> None:
        """Something that a worker logged."""
        if event.partition is None or event.name not in ("reading", "transaction_committed"):
            return
        place = (event.service, event.partition)
        for outage, places in self._outages:
            if place in places and event.worker is not outage.victim and event.at > outage.at:
                kept = outage.ready if event.name == "reading" else outage.served
                kept.setdefault(place, event.at)

    def seconds(self) -> list[float]:
        """Each outage's length, shortest first; partitions that were never served again are the drain's to report."""
        return sorted(
            max(ends) - outage.at
            for outage, places in self._outages
            if (ends := [end for place in places if (end := _end(outage, place)) is not None])
        )


def _end(outage: _Outage, place: Place) -> float | None:
    ready, served = outage.ready.get(place), outage.served.get(place)
    if ready is not None and (served is None or served > ready + _SOON_S):
        return ready
    return served
