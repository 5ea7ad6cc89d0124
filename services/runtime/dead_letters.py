"""Dead letters: the bytes of what could not be read, for a person to look at and, mended, to publish again.

The service's own headers are the last of a dead letter: a sender may have put any before them, of these names too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contracts_schema.alarms import DeadLetterReason
from contracts_schema.headers import DEAD_LETTER_PREFIX, Headers
from services.runtime.cutting import CUT_FROM, SHA256, cut
from services.runtime.records import InputRecord, OutputRecord

TOPIC = "dead-letters"
_MARKS = tuple(DEAD_LETTER_PREFIX + name for name in ("reason", "detail", "topic", "partition", "offset"))
_CUT_MARKS = (CUT_FROM, SHA256)


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
    """The record's key, bytes and headers as they came, and why and from where in headers of our own. Only what is too
    large to be written is cut.
    """
    record = cut(record)
    told = (reason.value, detail, record.topic, str(record.partition), str(record.offset))
    ours = tuple((name, value.encode(errors="replace")) for name, value in zip(_MARKS, told, strict=True))
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
    sent, ours = parted(headers, _MARKS)
    if not ours:
        return None
    reason, detail, *where = (value.decode(errors="replace") for value in ours)
    original = place_in("/".join(where))
    if original is None:
        return None
    whole, size = parted(sent, _CUT_MARKS)
    if not size or not size[0].isdigit():
        return Cause(sent, original, reason, detail)
    return Cause(whole, original, reason, detail, int(size[0]))


def place_in(text: str) -> Place | None:
    """The place that is written so; None where it is none."""
    topic, *numbers = text.split("/")
    if not topic or len(numbers) != 2 or not all(number.isascii() and number.isdecimal() for number in numbers):
        return None
    return Place(topic, int(numbers[0]), int(numbers[1]))


def parted(headers: Headers, names: Sequence[str]) -> tuple[Headers, tuple[bytes, ...]]:
    """The headers before the last ones, where those are of these names in this order, and the values of those; else
    all of them, and none.
    """
    at = len(headers) - len(names)
    if at < 0 or [name for name, _ in headers[at:]] != [*names]:
        return headers, ()
    return headers[:at], tuple(value for _, value in headers[at:])
