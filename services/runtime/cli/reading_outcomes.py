"""Outcomes as the messages that they are, from records and from files."""

from pathlib import Path
from typing import Any

import msgspec
from pydantic import BaseModel, ValidationError

from contracts_schema.outcomes import Acknowledgement, Alarm, Confirmation, DayCloseCompleted, Notice, Rejection
from contracts_schema.quotes import Quote
from contracts_schema.remittances import RemittanceNotice
from contracts_schema.topics import TOPICS
from services.runtime.cli.failures import CommandError
from services.runtime.cli.lines import Record

Outcome = Confirmation | Rejection | Notice | Acknowledgement | Quote | DayCloseCompleted | Alarm | RemittanceNotice
EXPLAINED = ("confirmations", "rejections", "acknowledgements", "notices", "quotes")
_BY_KIND: dict[str, type[BaseModel]] = {
    "rejection": Rejection,
    "acknowledgement": Acknowledgement,
    "quote": Quote,
    "matured_value_stays": Notice,
    "maturity_approaching": Notice,
    "rate_lock_ended": Notice,
    "held_by_aml_order": Notice,
    "deferred_payment_due": Notice,
    "annual_statement": Notice,
}


def outcome_of(record: Record) -> Outcome | None:
    """The record's message; None where it is none that this version can read (a dead letter is none at all)."""
    model = TOPICS[record.topic].model
    if model is None or record.value is None:
        return None
    try:
        read = model.model_validate_json(record.value)
    except ValidationError:
        return None
    return read if isinstance(read, Outcome) else None


def outcome_in(path: Path) -> Confirmation | Rejection | Notice | Acknowledgement | Quote:
    """The outcome in a file: its value alone, or a line as `replay` and `watch --json` write it.

    Raises `CommandError` for a file that holds none.
    """
    try:
        fields: Any = msgspec.json.decode(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{path} holds no JSON: {error}") from None
    value = fields["value"] if isinstance(fields, dict) and isinstance(fields.get("value"), dict) else fields
    kind = value.get("kind") if isinstance(value, dict) else None
    try:
        read = _BY_KIND.get(str(kind), Confirmation).model_validate_json(msgspec.json.encode(value))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise CommandError(
            f"{path} holds no confirmation, rejection, notice, acknowledgement or quote: {where}: {first['msg']}"
        ) from None
    assert isinstance(read, Confirmation | Rejection | Notice | Acknowledgement | Quote), "the models named here"
    return read
