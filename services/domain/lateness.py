"""A notice when a day is not closed some time after its close, once a day (GEN-1).

The clock is the caller's: what is told depends on `now`, and is no part of what the ledger folds. Only a policy asks
for notices; without any, loading years of history tells nobody that they are late.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from contracts_schema.alarms import AlarmCode
from contracts_schema.outcomes import Alarm
from services.domain.close_control import policy_on
from services.domain.closing import Calendar, Reference, day_to_close, next_business_day
from services.domain.readiness import Waiting, late_at, waiting_for

NAMED = 100
"""How many of what is missing or held an alarm lists."""


def late_through(state: Reference, now: datetime, calendar: Calendar) -> date | None:
    """The last day that is late and was not told; None where there is none."""
    day, found = day_to_close(state, calendar), None
    if day is None or not state.control.policies:
        return None
    told = state.control.told_late
    if told is not None and told >= day:
        day = next_business_day(told, calendar)
    while calendar.closes_at(day) <= now:
        if policy_on(state.control, day) is not None and late_at(state, day, calendar) <= now:
            found = day
        day = next_business_day(day, calendar)
    return found


def tell_late(state: Reference, now: datetime, calendar: Calendar) -> tuple[Reference, Alarm | None]:
    """One alarm for all days that became late and were not told, with what the first that is not closed waits for."""
    through, first = late_through(state, now, calendar), day_to_close(state, calendar)
    if through is None or first is None:
        return state, None
    waiting = waiting_for(state, first, calendar)
    alarm = Alarm(
        code=AlarmCode.CLOSE_LATE,
        rules=("GEN-1",),
        message=f"{_days(first, through)} not closed {_minutes(waiting, now)} minutes after the close at "
        f"{waiting.closes_at.isoformat()}; {_why(waiting)}",
        topic="closing-orders",
        date=through,
        missing=waiting.missing[:NAMED] or None,
        held=tuple(one.item for one in waiting.held[:NAMED]) or None,
    )
    return replace(state, control=replace(state.control, told_late=through)), alarm


def _days(first: date, through: date) -> str:
    return f"{first} is" if first == through else f"{first} to {through} are"


def _minutes(waiting: Waiting, now: datetime) -> int:
    return int((now - waiting.closes_at.astimezone(UTC)).total_seconds()) // 60


def _why(waiting: Waiting) -> str:
    """What the day waits for, in words."""
    named = [f"missing: {', '.join(waiting.missing[:NAMED])}"] if waiting.missing else []
    if waiting.held:
        named.append(f"held for release: {', '.join(one.item for one in waiting.held[:NAMED])}")
    if waiting.needs_order:
        named.append(f"no order to close {waiting.day} was given")
    ready = "all is there, but what was received before the close is not yet on the ledger log"
    return "; ".join(named) or ready
