"""Builders of what operations order about the close, and reference folded without the services around it."""

import json
from datetime import UTC, date, datetime

from contracts_schema.alarms import AlarmCode
from services.domain.closing import Reference
from services.domain.referencing import Folded, ReferenceRecord, close_through, fold
from services.runtime.calendar import ExchangeCalendar
from tests.domain.books import Book, Json, Outcome

CALENDAR = ExchangeCalendar()
Message = tuple[str, Json]


def policy(since: str = "2021-01-01", **more: object) -> Json:
    return {"kind": "policy", "effective_from": since, "authorised_by": "head-of-ops", **more}


def by_percent(percent: str, **funds: str) -> list[Json]:
    """Bands of unit values: of every fund, and of some funds their own."""
    return [{"percent": percent}, *({"fund": fund, "percent": own} for fund, own in funds.items())]


def to_close(day: str, by: str = "head-of-ops") -> Json:
    return {"kind": "close", "date": day, "authorised_by": by}


def release(item: str, value: str, **more: object) -> Json:
    """A release; `kind="discard"` makes it a discard."""
    order = {"kind": "release", "item": item, "value": value, "authorised_by": "ann", "reason": "checked with the fund"}
    return {**order, **more}


def ordered(book: Book, order: Json) -> list[Outcome]:
    """What an order brings about, but for the closes of partitions."""
    return [outcome for outcome in book.publish("closing-orders", order) if outcome.topic != "day-closes"]


def days(book: Book) -> list[str]:
    """The days closed so far."""
    entries = (json.loads(record.value or b"") for record in book.log)
    return [entry["date"] for entry in entries if entry["type"] == "day_closed"]


def reference(*messages: Message) -> Reference:
    """Reference after some messages, nothing closed; none may be refused."""
    state = Reference()
    for message in messages:
        folded = folded_into(state, message)
        assert {alarm.code for alarm in folded.alarms} <= {AlarmCode.HELD_FOR_RELEASE}, folded.alarms
        state = folded.state
    return state


def folded_into(state: Reference, message: Message) -> Folded:
    """What a message does to a state."""
    topic, value = message
    return fold(state, ReferenceRecord(topic, 0, 0, json.dumps(value).encode()), CALENDAR)


def closed_through(day: str, *messages: Message) -> Reference:
    """The same, and every day closed that can be up to a day."""
    return close_through(reference(*messages), date.fromisoformat(day), CALENDAR).state


def utc(text: str) -> datetime:
    """A moment, given as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
