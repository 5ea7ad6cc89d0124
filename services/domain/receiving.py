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
from contracts_schema.types import IDENTIFIER
from services.domain.availability import unavailable_in_request

MAX_BYTES = 64 * 1024
MAX_DEPTH = 32
"""How deep lists and objects may lie in one another: readers of JSON give up somewhere, and ours not alike."""
MAX_NOTES, LONGEST_NAME = 20, 100
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
    """What intake needs of the world: the trade date of an instant, its calendar day in New York, and whom the
    deployment trusts (GEN-2).
    """

    trade_date_of: Callable[[datetime], date]
    day_of: Callable[[datetime], date]
    trusted_submitters: frozenset[str] = frozenset()


def receive(raw: Raw, door: Door) -> RequestEntry | DeadLetter:
    """Read one record. The same bytes at the same place always give the same entry."""
    read = _object(raw.value)
    if isinstance(read, DeadLetter):
        return read
    nobody = _no_identity(read)
    return nobody or _entry(raw, door, read)


def participant_key(request: dict[str, Any]) -> str:
    """The key of everything about the request's participant; only for requests that were received."""
    return f"{request['contract_id']}|{request['participant_id']}"


def fingerprint(topic: str, request: dict[str, Any]) -> str:
    """SHA-256 over topic and canonical JSON without `received_at`: what makes two requests the same."""
    content = {name: value for name, value in request.items() if name != "received_at"}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(f"{topic}\n{canonical}".encode()).hexdigest()


def _object(value: bytes | None) -> dict[str, Any] | DeadLetter:
    if not value:
        return DeadLetter(DeadLetterReason.EMPTY, "the record has no value")
    if len(value) > MAX_BYTES:
        return DeadLetter(DeadLetterReason.TOO_LARGE, f"{len(value)} bytes; at most {MAX_BYTES} are read")
    try:
        read = _json(value)
    except RecursionError:
        return DeadLetter(DeadLetterReason.TOO_DEEP, f"more than {MAX_DEPTH} lists and objects in one another")
    except ValueError as error:
        return DeadLetter(DeadLetterReason.NOT_JSON, f"{type(error).__name__}: {error}"[:200])
    if not isinstance(read, dict):
        return DeadLetter(DeadLetterReason.NOT_AN_OBJECT, f"a JSON {type(read).__name__}, not an object")
    return read


def _json(value: bytes) -> object:
    """What the bytes say, if it can be written again: no NaN, no infinity, no half of a surrogate pair."""
    read: object = json.loads(value.decode(), parse_constant=_refuse_constant)
    _check_depth(read, MAX_DEPTH)
    json.dumps(read, allow_nan=False, ensure_ascii=False).encode()
    return read


def _check_depth(value: object, levels: int) -> None:
    if isinstance(value, (dict, list)):
        if levels == 0:
            raise RecursionError
        for part in value.values() if isinstance(value, dict) else value:
            _check_depth(part, levels - 1)


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


def _entry(raw: Raw, door: Door, request: dict[str, Any]) -> RequestEntry:
    parsed, defects = read_request(raw.topic, request)
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
        notes=_notes(parsed) if parsed is not None else (),
        traceparent=raw.traceparent,
        request=request,
    )


def _in_future(received_at: datetime, recorded_at: datetime) -> Defect:
    message = f"received_at {received_at.isoformat()} lies after its arrival {recorded_at.isoformat()}"
    reason = Reason.RECEIVED_IN_FUTURE
    return Defect(code=reason, rules=reason.rules, message=message, field="received_at")


def _notes(request: AnyRequest) -> tuple[str, ...]:
    """The fields that were ignored, the first of them by name."""
    unknown = list(unknown_fields(request))
    notes = [f"unknown field ignored: {name[:LONGEST_NAME]}" for name in unknown[:MAX_NOTES]]
    if len(unknown) > MAX_NOTES:
        notes.append(f"{len(unknown) - MAX_NOTES} more unknown fields ignored")
    return tuple(notes)
