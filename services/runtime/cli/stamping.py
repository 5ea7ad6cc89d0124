"""Messages of files as records to fold: each with a timestamp and an offset, as a broker would have given it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from contracts_schema.entries import read_entry
from contracts_schema.topics import REQUEST_TOPICS
from contracts_schema.types import Instant
from services.runtime.cli.messages import BadLine, Item, Message, field_of
from services.runtime.records import InputRecord

LOG = "ledger-log"
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def stamped(items: Iterable[Item]) -> Iterator[InputRecord | BadLine]:
    """Records in the order of the lines; the timestamp is the line's, else its value's `received_at`, else that of
    the line before.
    """
    offsets: Counter[str] = Counter()
    before: int | None = None
    for item in items:
        if isinstance(item, BadLine):
            yield item
            continue
        try:
            at = _timestamp_ms(item, before)
            if item.topic == LOG:
                read_entry(item.value or b"")
        except ValueError as error:
            yield BadLine(item.place, str(error).replace("\n", " "))
            continue
        before = at
        yield _record(item, offsets[item.topic], at or 0)
        offsets[item.topic] += 1


def _record(message: Message, offset: int, timestamp_ms: int) -> InputRecord:
    key = None if message.key is None else message.key.encode()
    return InputRecord(message.topic, 0, offset, key, message.value, (), timestamp_ms)


def _timestamp_ms(message: Message, before: int | None) -> int | None:
    """Milliseconds since 1970; None for reference messages ahead of all timestamps: nothing depends on theirs."""
    if message.timestamp is not None:
        return message.timestamp if isinstance(message.timestamp, int) else _milliseconds(message.timestamp)
    if message.topic in REQUEST_TOPICS:
        received_at = field_of(message.value, "received_at")
        try:
            return _milliseconds(received_at)
        except ValueError:
            if before is None:
                raise ValueError("no timestamp, no received_at, and no line before it to take one from") from None
    return before


def _milliseconds(moment: object) -> int:
    try:
        read: datetime = _INSTANT.validate_python(moment)
    except ValidationError:
        raise ValueError(
            f"timestamp {moment!r}: milliseconds since 1970, or ISO 8601 with its offset, is needed"
        ) from None
    return int(read.timestamp() * 1000)
