"""Dead letters, as a test looks at them."""

from __future__ import annotations

from dataclasses import dataclass

from contracts_schema.alarms import DeadLetterReason
from contracts_schema.headers import DEAD_LETTER_PREFIX, header
from services.runtime.cli.lines import Record


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Bytes that could not be read: the topic they were sent to, why, and the key and value as they came."""

    topic: str
    reason: DeadLetterReason
    detail: str
    key: bytes | None
    value: bytes | None


def dead_letter_of(record: Record) -> DeadLetter:
    """A record of the topic `dead-letters`."""
    return DeadLetter(
        topic=_mark(record, "topic"),
        reason=DeadLetterReason(_mark(record, "reason")),
        detail=_mark(record, "detail"),
        key=record.key,
        value=record.value,
    )


def _mark(record: Record, name: str) -> str:
    return (header(record.headers, DEAD_LETTER_PREFIX + name) or b"").decode(errors="replace")
