"""What is done to an installation, and when: drawn from the seed alone, before anything runs."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

SERVICES = ("intake", "ledger", "reference")


class Kind(StrEnum):
    """What befalls the installation."""

    KILL = "kill"  # SIGKILL of one worker
    ZOMBIE = "zombie"  # SIGSTOP for longer than the session timeout, then SIGCONT
    TERM = "term"  # SIGTERM of one worker
    ROLL = "roll"  # every worker of a service replaced, one after the other
    SCALE = "scale"  # workers of a service: to one, to three, and back to two
    BROKER = "broker"  # SIGKILL of the broker, and its restart on the same data


class Trigger(StrEnum):
    """What is waited for: an event that workers log, or no more than the moment."""

    TRANSACTION = "transaction_begun"
    SETTLING = "settling"
    CLOSING = "closing"
    RESTORE = "restore_begun"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: after a pause, some milliseconds after its trigger was seen in a worker of the service.

    `down_s` is how long what it hits stays away.
    """

    kind: Kind
    trigger: Trigger
    service: str
    pause_s: float
    delay_ms: float
    down_s: float


IN_HAND = (Trigger.TRANSACTION, Trigger.SETTLING, Trigger.CLOSING)
"""Where a worker has a batch in hand that it must not write any more when it wakes."""

_WEIGHTS = {Kind.KILL: 10, Kind.ZOMBIE: 3, Kind.TERM: 2, Kind.ROLL: 1, Kind.SCALE: 1, Kind.BROKER: 2}
_STOPPED_S = (8.0, 11.0)  # the session timeout is 6
_DOWN_S = {Kind.ZOMBIE: _STOPPED_S}


def plan(seed: int, count: int) -> tuple[Fault, ...]:
    """The faults of a run: each kind and each trigger at least once, a third of them while a day is being settled."""
    if count < len(Kind):
        raise ValueError(f"at least {len(Kind)} faults, one of each kind")
    random = Random(f"faults {seed}")  # noqa: S311 -- to be drawn again from the same seed
    kinds = [*Kind, *random.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=count - len(Kind))]
    random.shuffle(kinds)
    triggers = _triggers(count)
    random.shuffle(triggers)
    _wake_with_a_batch(kinds, triggers)
    faults = [_fault(kind, trigger, random) for kind, trigger in zip(kinds, triggers, strict=True)]
    return tuple(_reference_too(faults))


def _triggers(count: int) -> list[Trigger]:
    settling, some = math.ceil(count / 3), max(1, count // 8)
    chosen = [Trigger.SETTLING] * settling + [Trigger.CLOSING] * some + [Trigger.RESTORE] * some
    chosen += [Trigger.TRANSACTION] * max(1, count // 4)
    return chosen + [Trigger.MOMENT] * (count - len(chosen))


def _wake_with_a_batch(kinds: Sequence[Kind], triggers: list[Trigger]) -> None:
    """Let zombies be stopped where there is something in hand: swap triggers with faults of other kinds."""
    others = [at for at, kind in enumerate(kinds) if kind is not Kind.ZOMBIE and triggers[at] in IN_HAND]
    for at, kind in enumerate(kinds):
        if kind is Kind.ZOMBIE and triggers[at] not in IN_HAND and others:
            other = others.pop()
            triggers[at], triggers[other] = triggers[other], triggers[at]


def _fault(kind: Kind, trigger: Trigger, random: Random) -> Fault:
    service = random.choice(SERVICES[:2])
    if trigger is Trigger.SETTLING and kind is not Kind.ROLL:
        service = "ledger"
    elif trigger is Trigger.CLOSING:
        service = "reference"
    pause, down = random.uniform(1.0, 4.0), random.uniform(*_DOWN_S.get(kind, (0.3, 3.0)))
    return Fault(kind, trigger, service, pause, random.choice((0.0, random.uniform(0, 25))), down)


def _reference_too(faults: Sequence[Fault]) -> Iterator[Fault]:
    """Every third fault that hits a worker at no matter what moment hits one of reference."""
    at = 0
    for fault in faults:
        if fault.trigger is Trigger.MOMENT:
            at += 1
        yield replace(fault, service="reference") if fault.trigger is Trigger.MOMENT and at % 3 == 0 else fault
