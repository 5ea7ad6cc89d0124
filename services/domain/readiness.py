"""Whether a day may close, and what it waits for when it may not (GEN-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from contracts_schema.closing_orders import LATE_AFTER_MINUTES
from services.domain.close_control import policy_on
from services.domain.closing import Calendar, Reference, day_to_close, missing, next_business_day
from services.domain.plausibility import Held, held_on

PUBLISHED_ON = {
    "unit value": "fund-values",
    "price of fund": "fund-prices",
    "charge schedule": "charge-classes",
    "declared rate": "credited-rates",
    "one-year minimum": "credited-rates",
    "yields": "market-yields",
}
"""How the names of what is missing begin, and the topics where it is published."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a day waits for before it can close, since its close: at `late_at` it is late."""

    day: date
    closes_at: datetime
    late_at: datetime
    missing: tuple[str, ...]
    held: tuple[Held, ...]
    needs_order: bool

    @property
    def ready(self) -> bool:
        """Whether it waits for nothing but that what was received before the close is on the ledger log."""
        return not (self.missing or self.held or self.needs_order)


def waiting_for(state: Reference, day: date, calendar: Calendar) -> Waiting:
    """What a day still waits for. What later days' unit values moved from is not known before the day before closes."""
    return Waiting(
        day=day,
        closes_at=calendar.closes_at(day),
        late_at=late_at(state, day, calendar),
        missing=tuple(missing(state, day, calendar)),
        held=tuple(held_on(state, day, calendar)),
        needs_order=_needs_order(state, day),
    )


def may_close(state: Reference, day: date, calendar: Calendar) -> bool:
    """Whether everything that a day needs is there and no person has to say anything first."""
    if _needs_order(state, day) or missing(state, day, calendar):
        return False
    return not held_on(state, day, calendar)


def days_waiting(state: Reference, until: date, calendar: Calendar) -> list[date]:
    """The business days that are not closed, up to a day."""
    days: list[date] = []
    day = day_to_close(state, calendar)
    while day is not None and day <= until:
        days.append(day)
        day = next_business_day(day, calendar)
    return days


def late_at(state: Reference, day: date, calendar: Calendar) -> datetime:
    """When a day that is not closed is late, by the policy in force on it or the usual minutes after its close."""
    policy = policy_on(state.control, day)
    minutes = LATE_AFTER_MINUTES if policy is None else policy.late_after_minutes
    return calendar.closes_at(day).astimezone(UTC) + timedelta(minutes=minutes)


def topic_of(name: str) -> str:
    """The topic on which what is missing is published."""
    return next(topic for beginning, topic in PUBLISHED_ON.items() if name.startswith(beginning))


def _needs_order(state: Reference, day: date) -> bool:
    policy = policy_on(state.control, day)
    return policy is not None and policy.closes == "by_command" and day not in state.control.ordered
