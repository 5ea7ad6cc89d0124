"""Messages read from files: one JSON object a line, or a payroll remittance (`remittance.py`).

A value goes as the very bytes that stand in the file: nothing is parsed and written anew, so a number keeps its
places and a mistake stays the sender's.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from contracts_schema.topics import REFERENCE_TOPICS, REQUEST_TOPICS, TOPICS

PUBLISHABLE = (*REQUEST_TOPICS, *REFERENCE_TOPICS)


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a file, and the file and line it stands in. `timestamp` is what the line says, for replays."""

    place: str
    topic: str
    key: str | None
    value: bytes | None
    timestamp: int | str | None = None


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that no message can be made from, and why."""

    place: str
    reason: str


Item = Message | BadLine


class _Line(msgspec.Struct, frozen=True):
    """A line as it is written; other fields are passed over, so that what was written by `replay` can be read."""

    topic: str
    key: str | None = None
    timestamp: int | str | None = None
    value: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    value_base64: str | None = None


_decoder = msgspec.json.Decoder(_Line)


def read_jsonl(path: Path, topics: tuple[str, ...] = PUBLISHABLE) -> Iterator[Item]:
    """The messages of a file of JSON lines, and the lines that are none; empty lines are passed over."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield read_line(line.strip(), f"{path}:{number}", topics)


def read_line(line: bytes, place: str, topics: tuple[str, ...] = PUBLISHABLE) -> Item:
    """One line. Its `value` may be anything: a JSON string stands for raw bytes, its own in UTF-8."""
    try:
        read = _decoder.decode(line.decode().encode())
        value = _value(read)
    except UnicodeDecodeError as error:
        return BadLine(place, f"not UTF-8 (byte {error.start + 1} of the line)")
    except (msgspec.MsgspecError, binascii.Error, RecursionError, ValueError) as error:
        return BadLine(place, f"no message: {error}")
    if read.topic not in topics:
        return BadLine(place, _wrong_topic(read.topic))
    key = read.key if read.key is not None else key_of(read.topic, value)
    return Message(place, read.topic, key, value, read.timestamp)


def key_of(topic: str, value: bytes | None) -> str | None:
    """The key the table of topics asks for, from the fields of the value; None where they are not all there."""
    parts = [field_of(value, name) for name in TOPICS[topic].key.split("|")]
    return "|".join(map(str, parts)) if all(isinstance(part, str) and part for part in parts) else None


def field_of(value: bytes | None, name: str) -> object:
    """A field of a JSON object; None where there is no such field, or no object."""
    try:
        fields = msgspec.json.decode(value or b"")
    except (ValueError, RecursionError):
        return None
    return fields.get(name) if isinstance(fields, dict) else None


def count_lines(path: Path) -> int:
    """How many lines a file has, for a progress bar."""
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _value(read: _Line) -> bytes | None:
    if read.value_base64 is not None:
        return base64.b64decode(read.value_base64, validate=True)
    if isinstance(read.value, msgspec.UnsetType):
        raise msgspec.ValidationError("the line has no `value`")
    raw = bytes(read.value)
    if raw.startswith(b'"'):
        return str(msgspec.json.decode(raw, type=str)).encode()
    return None if raw == b"null" else raw


def _wrong_topic(name: str) -> str:
    if name in TOPICS:
        return f"topic {name} is written by {TOPICS[name].writer} only"
    return f"unknown topic {name}; there are {', '.join(PUBLISHABLE)}"
