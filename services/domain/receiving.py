"""From bytes to an entry of the ledger log, or to a dead letter (GEN-2, GEN-3).

What can be read becomes an entry, with everything the form shows to be wrong; the ledger rejects it.
Only what cannot be read, or names no contract, participant or request id, is a dead letter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from contracts_schema.alarms import DeadLetterReason
from contracts_schema.entries import Defect, RequestEntry
from contracts_schema.parsing import read_instant, read_request
from contracts_schema.reasons import Reason
from contracts_schema.requests import AnyRequest
from contracts_schema.shares import unknown_fields
from contracts_schema.sizes import DEPTH_MOST, NAME_MOST, REQUEST_BYTES, TRACEPARENT_MOST
from contracts_schema.types import IDENTIFIER
from services.domain.availability import unavailable_in_request
from services.domain.sizes import fits, oversize

MAX_NOTES = 20
CLOCK_SKEW = timedelta(minutes=5)
"""How far a sender's clock may run ahead before `received_at` counts as in the future; moves no trade date."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A record of a request topic as it lies on the broker; `recorded_at` is the broker's timestamp."""

    topic: str
    partition: int
    offset: int
    value: bytes | None
    recorded_at: datetime
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Why a record could not become a request, for the header of the dead letter."""

    reason: DeadLetterReason
    detail: str


@dataclass(frozen=True, slots=True)
class Door:
    """What intake needs of the world: the trade date of an instant, its calendar day in New York, whom the deployment
    trusts (GEN-2), and how many bytes it reads as a request.
    """

    trade_date_of: Callable[[datetime], date]
    day_of: Callable[[datetime], date]
    trusted_submitters: frozenset[str] = frozenset()
    max_bytes: int = REQUEST_BYTES


def receive(raw: Raw, door: Door) -> RequestEntry | DeadLetter:
    """Read one record. The same bytes at the same place always give the same entry."""
    read = _object(raw.value, door.max_bytes)
    if isinstance(read, DeadLetter):
        return read
    content, in_bounds = read
    nobody = _no_identity(content)
    return nobody or _entry(raw, door, content, () if in_bounds else oversize(content))


def participant_key(request: dict[str, Any]) -> str:
    """The key of everything about the request's participant; only for requests that were received."""
    return f"{request['contract_id']}|{request['participant_id']}"


def fingerprint(topic: str, request: dict[str, Any]) -> str:
    """SHA-256 over topic and canonical JSON without `received_at`: what makes two requests the same."""
    content = {name: value for name, value in request.items() if name != "received_at"}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(f"{topic}\n{canonical}".encode()).hexdigest()


def _object(value: bytes | None, max_bytes: int) -> tuple[dict[str, Any], bool] | DeadLetter:
    """The object that the bytes are, and whether all that is in it is short enough."""
    if not value:
        return DeadLetter(DeadLetterReason.EMPTY, "the record has no value")
    if len(value) > max_bytes:
        return DeadLetter(DeadLetterReason.TOO_LARGE, f"{len(value)} bytes; at most {max_bytes} are read")
    try:
        read, in_bounds = _json(value)
    except RecursionError:
        return DeadLetter(DeadLetterReason.TOO_DEEP, f"more than {DEPTH_MOST} lists and objects in one another")
    except ValueError as error:
        return DeadLetter(DeadLetterReason.NOT_JSON, f"{type(error).__name__}: {error}"[:200])
    if not isinstance(read, dict):
        return DeadLetter(DeadLetterReason.NOT_AN_OBJECT, f"a JSON {type(read).__name__}, not an object")
    return read, in_bounds


def _json(value: bytes) -> tuple[object, bool]:
    """What the bytes say, if it can be written again: no NaN, no infinity, no half of a surrogate pair; and whether
    all that is in it is short enough.
    """
    read: object = json.loads(value.decode(), parse_constant=_refuse_constant)
    in_bounds = not isinstance(read, (dict, list)) or fits(read, DEPTH_MOST)
    json.dumps(read, allow_nan=False, ensure_ascii=False).encode()
    return read, in_bounds


def _refuse_constant(name: str) -> None:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def _no_identity(request: dict[str, Any]) -> DeadLetter | None:
    for field, reason in (
        ("contract_id", DeadLetterReason.NO_CONTRACT),
        ("participant_id", DeadLetterReason.NO_PARTICIPANT),
        ("request_id", DeadLetterReason.NO_REQUEST_ID),
    ):
        value = request.get(field)
        if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
            return DeadLetter(reason, f"{field} is missing or no identifier")
    return None


def _entry(raw: Raw, door: Door, request: dict[str, Any], too_long: tuple[Defect, ...]) -> RequestEntry:
    parsed, defects = read_request(raw.topic, request)
    told = {defect.field for defect in defects}
    defects += tuple(defect for defect in too_long if defect.field not in told)
    traceparent, untraced = _trace_context(raw.traceparent)
    received_at, submitter = read_instant(request.get("received_at")), request.get("submitted_by")
    if received_at is not None and received_at > raw.recorded_at + CLOCK_SKEW:
        defects = (*defects, _in_future(received_at, raw.recorded_at))
        received_at = None
    return RequestEntry(
        topic=raw.topic,
        source_partition=raw.partition,
        source_offset=raw.offset,
        recorded_at=raw.recorded_at,
        trade_date_recorded=door.trade_date_of(raw.recorded_at),
        trade_date_received=None if received_at is None else door.trade_date_of(received_at),
        day_recorded=door.day_of(raw.recorded_at),
        day_received=None if received_at is None else door.day_of(received_at),
        received_at_trusted=isinstance(submitter, str) and submitter in door.trusted_submitters,
        fingerprint=fingerprint(raw.topic, request),
        defects=(*defects, *(unavailable_in_request(parsed) if parsed is not None else ())),
        notes=(*(_notes(parsed) if parsed is not None else ()), *untraced),
        traceparent=traceparent,
        request=request,
    )


def _trace_context(sent: str | None) -> tuple[str | None, tuple[str, ...]]:
    """It is copied unchanged, or not at all where it cannot be one; then a note says so."""
    if sent is None or len(sent) <= TRACEPARENT_MOST:
        return sent, ()
    return None, (f"traceparent ignored: longer than {TRACEPARENT_MOST} characters",)


def _in_future(received_at: datetime, recorded_at: datetime) -> Defect:
    message = f"received_at {received_at.isoformat()} lies after its arrival {recorded_at.isoformat()}"
    reason = Reason.RECEIVED_IN_FUTURE
    return Defect(code=reason, rules=reason.rules, message=message, field="received_at")


def _notes(request: AnyRequest) -> tuple[str, ...]:
    """The fields that were ignored, the first of them by name."""
    unknown = list(unknown_fields(request))
    notes = [f"unknown field ignored: {name[:NAME_MOST]}" for name in unknown[:MAX_NOTES]]
    if len(unknown) > MAX_NOTES:
        notes.append(f"{len(unknown) - MAX_NOTES} more unknown fields ignored")
    return tuple(notes)
