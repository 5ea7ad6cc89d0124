"""Doing what the plan says: wait for what triggers a fault, let it happen, mend what must be mended."""

import queue
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from signal import SIGCONT, SIGSTOP

from services.runtime.broker import EmbeddedBroker
from tests.chaos.failover import Failovers
from tests.chaos.fleet import Event, Fleet, Worker
from tests.chaos.plan import SERVICES, Fault, Kind, Trigger
from tests.chaos.sending import Pace

USUAL = 2
_TRIGGER_S = 30.0
_TICK_S = 0.05
_SCALED_S = 4.0


@dataclass(eq=False)
class Injector:
    """Runs the plan against the fleet and the broker, from one thread. What was hit is counted by kind and trigger."""

    fleet: Fleet
    broker: EmbeddedBroker
    pace: Pace
    random: Random
    failovers: Failovers = field(default_factory=Failovers)
    hit: Counter[Kind] = field(default_factory=Counter)
    seen: Counter[Trigger] = field(default_factory=Counter)
    _later: list[tuple[float, Callable[[], object]]] = field(default_factory=list)

    def run(self, plan: Sequence[Fault]) -> None:
        """All the faults, one after the other; what was stopped or is missing may still be so when this returns."""
        for at, fault in enumerate(plan):
            self.pump(fault.pause_s)
            event = self._await(fault)
            victim = self._victim(fault, event)
            if event is not None and fault.delay_ms:
                time.sleep(fault.delay_ms / 1000)
            where = "" if event is None or event.partition is None else f" in {event.service}-{event.partition}"
            self._tell(f"{at + 1}/{len(plan)} {fault.kind} at {fault.trigger}{where}: {_named(fault, victim)}")
            self._do(fault, victim)
            self.pace.done = (at + 1) / len(plan)

    def settle(self) -> None:
        """Wake who is stopped, replace who is gone."""
        while self._later:
            self.pump(_TICK_S)
        for service in SERVICES:
            for _ in range(USUAL - len(self.fleet.of(service))):
                self.fleet.start(service)

    def pump(self, seconds: float, wanted: Callable[[Event], bool] = lambda _: False) -> Event | None:
        """Follow the logs for a while, or until a wanted event; replace workers that fell."""
        deadline = time.monotonic() + seconds
        while True:
            self._due()
            left = deadline - time.monotonic()
            try:
                event = self.fleet.events.get(timeout=max(0.0, min(_TICK_S, left)))
            except queue.Empty:
                if left <= 0:
                    return None
                continue
            self._note(event)
            if wanted(event):
                return event

    def _due(self) -> None:
        now = time.monotonic()
        due = [step for at, step in self._later if at <= now]
        self._later = [(at, step) for at, step in self._later if at > now]
        for step in due:
            step()
        for worker in self.fleet.fallen():
            self._tell(f"{self.fleet.died[-1]}; another takes its place")
            self.fleet.start(worker.service)

    def _note(self, event: Event) -> None:
        self.failovers.see(event)
        if event.name == "reading" and event.partition is not None:
            event.worker.owned.add(event.partition)
        elif event.name == "released":
            event.worker.owned.clear()

    def _await(self, fault: Fault) -> Event | None:
        """The event that triggers the fault; None where none is needed, or none came."""
        if fault.trigger is Trigger.MOMENT:
            self.seen[fault.trigger] += 1
            return None
        if fault.trigger is Trigger.RESTORE:
            self.fleet.start(fault.service)  # who joins makes everybody restore
            self._in(10.0, lambda: self._trim(fault.service))
        service = "ledger" if fault.trigger is Trigger.SETTLING else fault.service
        name = "slice_begun" if fault.trigger in (Trigger.SETTLING, Trigger.CLOSING) else fault.trigger.value
        since = time.monotonic()
        self.pace.waiting = True
        event = self.pump(_TRIGGER_S, lambda e: e.name == name and e.service == service and e.at > since)
        self.pace.waiting = False
        if event is not None:
            self.seen[fault.trigger] += 1
        return event

    def _victim(self, fault: Fault, event: Event | None) -> Worker | None:
        """The worker in which the trigger was seen, else one by chance; None where all are gone just then."""
        if event is not None and event.service == fault.service:
            return event.worker
        return self.random.choice(self.fleet.of(fault.service) or [None])

    def _do(self, fault: Fault, victim: Worker | None) -> None:
        service = fault.service
        match fault.kind:
            case Kind.KILL if victim is not None:
                owned = set(victim.owned)
                self.failovers.killed(victim, owned, time.monotonic())
                self.fleet.kill(victim)
                self._in(fault.down_s, lambda: self._fill(service))
            case Kind.ZOMBIE if victim is not None:
                victim.signal(SIGSTOP)
                self._in(fault.down_s, lambda: victim.signal(SIGCONT))
            case Kind.TERM if victim is not None:
                self.fleet.terminate(victim)
                self._in(fault.down_s, lambda: self._fill(service))
            case Kind.ROLL:
                self._roll(service)
            case Kind.SCALE:
                self._scale(service)
            case Kind.BROKER:
                self.broker.kill()
                self.pump(fault.down_s)
                self.broker.restart()
            case _:
                return
        self.hit[fault.kind] += 1

    def _roll(self, service: str) -> None:
        for worker in self.fleet.of(service):
            self.fleet.start(service)
            self.fleet.terminate(worker)
            self.pump(2.0)

    def _scale(self, service: str) -> None:
        for worker in self.fleet.of(service)[1:]:
            self.fleet.terminate(worker)
        self.pump(_SCALED_S)
        self.fleet.start(service)
        self.fleet.start(service)
        self.pump(_SCALED_S)
        self._trim(service)

    def _fill(self, service: str) -> None:
        if len(self.fleet.of(service)) < USUAL:
            self.fleet.start(service)

    def _trim(self, service: str) -> None:
        for worker in self.fleet.of(service)[USUAL:]:
            self.fleet.terminate(worker)

    def _in(self, seconds: float, step: Callable[[], object]) -> None:
        self._later.append((time.monotonic() + seconds, step))

    def _tell(self, what: str) -> None:
        print(f"  {what}", file=sys.stderr, flush=True)  # noqa: T201 -- a program's own progress


def _named(fault: Fault, victim: Worker | None) -> str:
    alone = fault.kind in (Kind.KILL, Kind.ZOMBIE, Kind.TERM)
    return victim.name if alone and victim is not None else "broker" if fault.kind is Kind.BROKER else fault.service
