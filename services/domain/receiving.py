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

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from contracts_schema.entries import Defect, RequestEntry
from contracts_schema.reasons import DeadLetterReason, Reason
from contracts_schema.requests import REQUEST_MODELS, AnyRequest, unknown_fields
from contracts_schema.types import IDENTIFIER, Instant
from services.domain.availability import unavailable_in_request

MAX_BYTES = 256 * 1024
CLOCK_SKEW = timedelta(minutes=5)
"""How far a sender's clock may run ahead before `received_at` counts as in the future; moves no trade date."""

INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)

DEFECT_OF_ERROR = {
    "missing": Reason.MISSING_FIELD,
    "not_a_decimal_string": Reason.AMOUNT_NOT_A_STRING,
    "not_a_number": Reason.AMOUNT_NOT_A_NUMBER,
    "number_negative": Reason.AMOUNT_NOT_POSITIVE,
    "number_zero": Reason.AMOUNT_NOT_POSITIVE,
    "number_too_large": Reason.AMOUNT_TOO_LARGE,
    "number_too_precise": Reason.AMOUNT_TOO_PRECISE,
    "percent_out_of_range": Reason.PERCENT_OUT_OF_RANGE,
    "percentages_not_100": Reason.PERCENTAGES_NOT_100,
    "option_named_twice": Reason.OPTION_NAMED_TWICE,
    "one_quantity": Reason.ONE_QUANTITY_NEEDED,
    "date_not_plausible": Reason.DATE_NOT_PLAUSIBLE,
    "not_a_date": Reason.DATE_NOT_PLAUSIBLE,
    "not_a_timestamp": Reason.DATE_NOT_PLAUSIBLE,
}


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
    """What intake needs of the world: the trade date of an instant, and whom the deployment trusts (GEN-2)."""

    trade_date_of: Callable[[datetime], date]
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
        read = json.loads(value.decode(), parse_constant=_refuse_constant)
        json.dumps(read, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        return DeadLetter(DeadLetterReason.NOT_JSON, f"{type(error).__name__}: {error}"[:200])
    if not isinstance(read, dict):
        return DeadLetter(DeadLetterReason.NOT_AN_OBJECT, f"a JSON {type(read).__name__}, not an object")
    return read


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
    parsed, defects = _parsed(raw.topic, request)
    received_at, submitter = _received_at(request), request.get("submitted_by")
    if received_at is not None and received_at > raw.recorded_at + CLOCK_SKEW:
        message = f"received_at {received_at.isoformat()} lies after its arrival {raw.recorded_at.isoformat()}"
        reason = Reason.RECEIVED_IN_FUTURE
        defects = (*defects, Defect(code=reason, rules=reason.rules, message=message, field="received_at"))
    return RequestEntry(
        topic=raw.topic,
        source_partition=raw.partition,
        source_offset=raw.offset,
        recorded_at=raw.recorded_at,
        trade_date_recorded=door.trade_date_of(raw.recorded_at),
        trade_date_received=None if received_at is None else door.trade_date_of(received_at),
        received_at_trusted=isinstance(submitter, str) and submitter in door.trusted_submitters,
        fingerprint=fingerprint(raw.topic, request),
        defects=(*defects, *(unavailable_in_request(parsed) if parsed is not None else ())),
        notes=tuple(f"unknown field ignored: {name}" for name in unknown_fields(parsed)) if parsed is not None else (),
        traceparent=raw.traceparent,
        request=request,
    )


def _parsed(topic: str, request: dict[str, Any]) -> tuple[AnyRequest | None, tuple[Defect, ...]]:
    """The request as its model, or every defect of its form, each field's first."""
    try:
        return REQUEST_MODELS[topic].model_validate(request), ()
    except ValidationError as error:
        return None, tuple(_defect(found) for found in error.errors(include_url=False, include_input=False))


def _defect(error: ErrorDetails) -> Defect:
    reason = DEFECT_OF_ERROR.get(error["type"])
    if reason is None:
        reason = Reason.WRONG_TYPE if error["type"].endswith(("_type", "_parsing")) else Reason.INVALID_VALUE
    field = ".".join(str(part) for part in error["loc"]) or None
    return Defect(code=reason, rules=reason.rules, message=error["msg"], field=field)


def _received_at(request: dict[str, Any]) -> datetime | None:
    try:
        return INSTANT.validate_python(request.get("received_at"))
    except ValidationError:
        return None
