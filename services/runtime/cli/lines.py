"""Records as JSON lines: {"topic", "key", "headers", "value"}, the value's JSON exactly as its bytes.

What is no JSON object (a dead letter) becomes a string, or where it is not UTF-8 `value_base64` (`key_base64`, and in
headers an object {"base64": …}).
"""

import base64
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

import msgspec

from contracts_schema.headers import Headers
from contracts_schema.topics import TOPICS

_encoder = msgspec.json.Encoder()


class Record(Protocol):
    """A record as it was read or is to be written."""

    @property
    def topic(self) -> str:
        """Without the installation's prefix."""
        ...

    @property
    def key(self) -> bytes | None:
        """As on the broker."""
        ...

    @property
    def value(self) -> bytes | None:
        """As on the broker."""
        ...

    @property
    def headers(self) -> Headers:
        """As on the broker."""
        ...


def record_line(record: Record) -> bytes:
    """The record as one line, without its end."""
    fields = {
        "topic": record.topic,
        **named("key", record.key),
        "headers": [[name, as_text(value)] for name, value in record.headers],
    }
    start = _encoder.encode(fields)[:-1]
    if record.value is not None and TOPICS[record.topic].model is not None:
        return start + b',"value":' + record.value + b"}"
    return start + b"," + _encoder.encode(named("value", record.value))[1:]


class OutcomeFiles:
    """A file `<topic>.jsonl` per topic in a folder, written anew. Use as a context manager."""

    def __init__(self, folder: Path, topics: Iterable[str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._files: dict[str, BinaryIO] = {topic: (folder / f"{topic}.jsonl").open("wb") for topic in topics}
        self.written = dict.fromkeys(self._files, 0)

    def write(self, records: Sequence[Record]) -> None:
        """Append the records that belong to one of the files."""
        for record in records:
            file = self._files.get(record.topic)
            if file is not None:
                file.write(record_line(record) + b"\n")
                self.written[record.topic] += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()


def named(name: str, data: bytes | None) -> dict[str, object]:
    """The bytes as a field of that name, or where they are not UTF-8 of the name with `_base64`."""
    text = as_text(data)
    return {f"{name}_base64": text["base64"]} if isinstance(text, dict) else {name: text}


def as_text(data: bytes | None) -> str | dict[str, str] | None:
    """The bytes as text, or where they are not UTF-8 in base64."""
    if data is None:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
