"""Whether bytes that were a dead letter could be read now: asked of the very functions by which the services read."""

from dataclasses import dataclass
from datetime import datetime

from contracts_schema.parsing import REFERENCE_MODELS, Malformed, read_reference
from contracts_schema.sizes import REQUEST_BYTES
from contracts_schema.topics import REQUEST_TOPICS
from services.domain.receiving import DeadLetter, Door, Raw, receive
from services.runtime.calendar import ExchangeCalendar
from services.runtime.dead_letters import Place

_CALENDAR = ExchangeCalendar()
REPLACES = "reference data has no ids: it replaces what was published of the same since, until its day closes"


@dataclass(frozen=True, slots=True)
class Reread:
    """Why the bytes still cannot be read, None where they can; and what to know of them before they are redriven."""

    unreadable: str | None = None
    remark: str | None = None


def reread(original: Place, value: bytes | None, now: datetime, max_bytes: int = REQUEST_BYTES) -> Reread:
    """What the service that reads the topic would make of the bytes."""
    if original.topic in REQUEST_TOPICS:
        return _request(original, value, now, max_bytes)
    if original.topic in REFERENCE_MODELS:
        read = read_reference(original.topic, value or b"")
        return Reread(f"MALFORMED: {read.message}") if isinstance(read, Malformed) else Reread(remark=REPLACES)
    return Reread(f"no service reads {original.topic}")


def _request(original: Place, value: bytes | None, now: datetime, max_bytes: int) -> Reread:
    door = Door(_CALENDAR.trade_date, _CALENDAR.local_day, max_bytes=max_bytes)
    read = receive(Raw(*original, value, now), door)
    if isinstance(read, DeadLetter):
        return Reread(f"{read.reason.value}: {read.detail}")
    if not read.defects:
        return Reread()
    found = ", ".join(f"{one.code.value}{f' in {one.field}' if one.field else ''}" for one in read.defects)
    return Reread(remark=f"it can be read, and would be rejected: {found}")
