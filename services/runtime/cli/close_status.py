"""How the daily close stands, from reference's state and the services' progress."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.domain.close_control import policy_on
from services.domain.closing import Reference, day_to_close
from services.domain.plausibility import Held, held
from services.domain.readiness import Waiting, days_waiting, topic_of, waiting_for
from services.reference.logic import STATE
from services.reference.rows import reference_of
from services.runtime.calendar import ExchangeCalendar
from services.runtime.cli.statuses import PartitionStatus
from services.runtime.reading import latest_by_key
from services.runtime.settings import Settings

CALENDAR = ExchangeCalendar()
NAME = "YOUR-NAME"
ORDERS = "annuity-ledger close"


@dataclass(frozen=True, slots=True)
class CloseStatus:
    """The close as of `now`: days whose close has passed and that are not closed, and the one that comes next.

    `ahead` is what is held already of later days. Lags count records still to be read.
    """

    now: datetime
    last_closed: date | None
    policy_from: date | None
    by_command: bool
    waits: tuple[Waiting, ...]
    coming: Waiting | None
    ahead: tuple[Held, ...]
    lags: dict[str, int]
    to_settle: int


async def reference_state(settings: Settings) -> Reference:
    """Reference's state as last committed."""
    rows = await latest_by_key(settings, STATE.changelog, prefix=settings.topic_prefix, partition=0)
    return reference_of((key.decode(), STATE.decode(value)) for key, value in rows.items())


def close_status(state: Reference, found: Sequence[PartitionStatus], now: datetime) -> CloseStatus:
    """The status at a moment. Pure."""
    passed = CALENDAR.last_closed(now)
    waits = tuple(waiting_for(state, day, CALENDAR) for day in days_waiting(state, passed, CALENDAR))
    first = day_to_close(state, CALENDAR)
    coming = None if first is None else max(first, _after(passed))
    policy = None if first is None else policy_on(state.control, first)
    return CloseStatus(
        now=now,
        last_closed=state.last_closed,
        policy_from=None if policy is None else policy.effective_from,
        by_command=policy is not None and policy.closes == "by_command",
        waits=waits,
        coming=None if coming is None else waiting_for(state, coming, CALENDAR),
        ahead=tuple(one for one in held(state, CALENDAR) if coming is None or one.day > coming),
        lags={name: sum(one.lag for one in found if one.service == name) for name in ("reference", "intake", "ledger")},
        to_settle=sum(one.note.get("to_settle", 0) for one in found if one.service == "ledger"),
    )


def to_do(waiting: Waiting) -> list[str]:
    """What a person can do so that a day closes, a line each; none where it only waits for the services."""
    lines = [f"publish on {topic_of(name)}: {name}" for name in waiting.missing]
    lines += [line for one in waiting.held for line in to_judge(one)]
    if waiting.needs_order:
        lines.append(f"order it: {ORDERS} order {waiting.day} --authorised-by {NAME}")
    return lines


def to_judge(one: Held) -> list[str]:
    """What may become of a held value."""
    what = f"{shlex.quote(one.item)} {one.value:f} --authorised-by {NAME} --reason 'WHY'"
    return [
        f"if {one.value:f} is right: {ORDERS} release {what}",
        f"if it is wrong: publish the right one on {one.topic}, or take it back: {ORDERS} discard {what}",
    ]


def plain_fields(status: CloseStatus) -> dict[str, Any]:
    """Plain fields."""
    return {
        "now": status.now.isoformat(),
        "last_closed": status.last_closed and str(status.last_closed),
        "closes": "by_command" if status.by_command else "automatic",
        "policy_effective_from": status.policy_from and str(status.policy_from),
        "lags": status.lags,
        "to_settle": status.to_settle,
        "waits": [_waiting(waiting, status.now) for waiting in status.waits],
        "coming": status.coming and _waiting(status.coming, status.now),
        "held_ahead": [_held(one) for one in status.ahead],
    }


def _waiting(waiting: Waiting, now: datetime) -> dict[str, Any]:
    return {
        "date": str(waiting.day),
        "closes_at": waiting.closes_at.isoformat(),
        "late_at": waiting.late_at.isoformat(),
        "late": waiting.late_at <= now,
        "missing": [{"name": name, "topic": topic_of(name)} for name in waiting.missing],
        "held": [_held(one) for one in waiting.held],
        "needs_order": waiting.needs_order,
        "to_do": to_do(waiting),
    }


def _held(one: Held) -> dict[str, Any]:
    return {
        "item": one.item,
        "value": format(one.value, "f"),
        "date": str(one.day),
        "topic": one.topic,
        "rule": one.rule,
        "message": one.message,
        "numbers": dict(one.numbers),
    }


def _after(day: date) -> date:
    day += timedelta(days=1)
    while not CALENDAR.is_business_day(day):
        day += timedelta(days=1)
    return day
