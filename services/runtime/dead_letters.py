"""Dead letters: the bytes of what could not be read, for a person to look at and, mended, to publish again.

The service's own headers are the last of a dead letter: a sender may have put any before them, of these names too.
"""

from dataclasses import dataclass
from typing import NamedTuple

from contracts_schema.alarms import DeadLetterReason
from contracts_schema.headers import DEAD_LETTER_PREFIX, Headers
from services.runtime.records import InputRecord, OutputRecord

TOPIC = "dead-letters"


class Place(NamedTuple):
    """Where a record is; written `topic/partition/offset`, the topic without the installation's prefix."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


@dataclass(frozen=True, slots=True)
class Cause:
    """What the headers of a dead letter say: those that came with the record, where it stood, and why it is one.

    `cut_from` is how many bytes it had where only the first of them were kept, else None.
    """

    sent: Headers
    original: Place
    reason: str
    detail: str
    cut_from: int | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter read again: the record as it came, and why it is one.

    `at_ms` is when it was written, milliseconds since 1970 in UTC.
    """

    place: Place
    cause: Cause
    at_ms: int
    key: bytes | None
    value: bytes | None

    @property
    def original(self) -> Place:
        """Where the record stood that could not be read."""
        return self.cause.original


def dead_letter(record: InputRecord, partition: int, reason: DeadLetterReason, detail: str) -> OutputRecord:
    """The record's key, bytes and headers as they came, and why and from where in headers of our own."""
    marks = {"reason": reason.value, "detail": detail, "topic": record.topic}
    marks |= {"partition": str(record.partition), "offset": str(record.offset)}
    ours = tuple((DEAD_LETTER_PREFIX + name, value.encode(errors="replace")) for name, value in marks.items())
    return OutputRecord(TOPIC, partition, record.key, record.value, (*record.headers, *ours))


def read_dead_letter(record: InputRecord) -> DeadLetter | None:
    """What `dead_letter` wrote; None for a record that is none of its."""
    cause = cause_in(record.headers)
    if cause is None:
        return None
    place = Place(TOPIC, record.partition, record.offset)
    return DeadLetter(place, cause, record.timestamp_ms, record.key, record.value)


def cause_in(headers: Headers) -> Cause | None:
    """What the headers say; None where they are not those of a dead letter."""
    sent, ours = parted(headers, DEAD_LETTER_PREFIX)
    told = {name: value.decode(errors="replace") for name, value in ours}
    original = place_in("/".join(told.get(name, "") for name in ("topic", "partition", "offset")))
    if original is None or "reason" not in told:
        return None
    cut_from = told.get("cut-from", "")
    return Cause(
        sent, original, told["reason"], told.get("detail", ""), int(cut_from) if cut_from.isdecimal() else None
    )


def place_in(text: str) -> Place | None:
    """The place that is written so; None where it is none."""
    topic, *numbers = text.split("/")
    if not topic or len(numbers) != 2 or not all(number.isascii() and number.isdecimal() for number in numbers):
        return None
    return Place(topic, int(numbers[0]), int(numbers[1]))


def parted(headers: Headers, prefix: str) -> tuple[Headers, Headers]:
    """The headers before the last ones whose names begin so; and those, without the prefix."""
    at = len(headers)
    while at and headers[at - 1][0].startswith(prefix):
        at -= 1
    return headers[:at], tuple((name.removeprefix(prefix), value) for name, value in headers[at:])
