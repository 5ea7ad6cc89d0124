"""Dead letters to be read: a line each, or one whole. Pure.

What a sender sent is shown so that it cannot play with the terminal: text only where all of it can be printed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from services.runtime.cli.letter_history import History
from services.runtime.cli.letters import Row
from services.runtime.cli.lines import as_text, named
from services.runtime.cli.redrive_orders import already
from services.runtime.dead_letters import DeadLetter

SHOWN_BYTES = 4096
_WIDTH = 16
_HEX = _WIDTH * 3 - 1
_COLUMNS = "{:<22} {:<20} {:<13} {:<33} {:>8} {:<8} {}"
HEAD = _COLUMNS.format("dead letter", "written", "reason", "original", "bytes", "redriven", "key")


def row_line(row: Row) -> str:
    """A dead letter in the columns of `HEAD`."""
    size, redriven = "none" if row.size is None else row.size, "yes" if row.redriven else "no"
    told = (row.place, moment(row.at_ms), row.reason, row.original, size, redriven, shown(row.key))
    return _COLUMNS.format(*map(str, told)).rstrip()


def row_fields(row: Row) -> dict[str, Any]:
    """Plain fields."""
    return {
        "dead_letter": str(row.place),
        "written_at": moment(row.at_ms),
        "reason": row.reason,
        "detail": row.detail,
        "original": str(row.original),
        **named("key", row.key),
        "bytes": row.size,
        "redriven": row.redriven,
    }


def letter_lines(letter: DeadLetter, history: History) -> Iterator[str]:
    """All there is to know of a dead letter, its bytes last: text, or a hex dump of what is none."""
    yield f"dead letter  {letter.place}, written {moment(letter.at_ms)}"
    yield f"original     {letter.original}"
    yield f"reason       {letter.cause.reason}: {shown(letter.cause.detail.encode())}"
    yield f"key          {shown(letter.key)}"
    yield from (f"header       {shown(name.encode())}: {shown(value)}" for name, value in letter.cause.sent)
    yield from _told(letter, history)
    yield from _value(letter.value)
    if letter.cause.cut_from is not None:
        yield f"(the first of {letter.cause.cut_from} bytes: all of them are at {letter.original}, while it is kept)"


def letter_fields(letter: DeadLetter, history: History) -> dict[str, Any]:
    """Plain fields; bytes that are not UTF-8 in base64."""
    return {
        "dead_letter": str(letter.place),
        "written_at": moment(letter.at_ms),
        "reason": letter.cause.reason,
        "detail": letter.cause.detail,
        "original": str(letter.original),
        **named("key", letter.key),
        "headers": [[name, as_text(value)] for name, value in letter.cause.sent],
        **named("value", letter.value),
        "cut_from": letter.cause.cut_from,
        "redriven": None if history.mark is None else history.mark.model_dump(mode="json"),
        "dead_letter_again": None if history.again is None else str(history.again),
        "chain": [mark.model_dump(mode="json") for mark in history.chain],
    }


def moment(at_ms: int) -> str:
    """A time in UTC, to the second."""
    return f"{datetime.fromtimestamp(at_ms // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def shown(data: bytes | None) -> str:
    """Bytes in a line: as they are where they can be printed, else with escapes."""
    if data is None:
        return "-"
    text = data.decode(errors="backslashreplace")
    return text if text.isprintable() else text.encode("unicode_escape").decode()


def hex_lines(data: bytes) -> Iterator[str]:
    """Sixteen bytes a line: their offset, in hexadecimal, and what of them is ASCII."""
    for at in range(0, len(data), _WIDTH):
        part = data[at : at + _WIDTH]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        yield f"{at:08x}  {part.hex(' '):<{_HEX}}  {text}"


def _told(letter: DeadLetter, history: History) -> Iterator[str]:
    mark = history.mark
    if mark is None:
        yield "redriven     no"
    else:
        bytes_ = "mended" if mark.mended else "as it was"
        forced = ", forced though it could not be read" if mark.forced else ""
        yield f"redriven     {already(mark).removeprefix('it was redriven ')}, {bytes_}{forced}"
    if history.again is not None:
        yield f"             which could not be read either: {history.again}"
    earlier = [one for one in history.chain if one is not mark and one.original != str(letter.original)]
    for one in earlier:
        yield f"chain        {one.original} was redriven by {one.redriven_by} as {one.redriven_as}"


def _value(value: bytes | None) -> Iterator[str]:
    if value is None:
        yield "bytes        none: a record without a value"
        return
    first = value[:SHOWN_BYTES]
    text = _printable(first, whole=len(first) == len(value))
    yield f"bytes        {len(value)}, {'not text' if text is None else 'UTF-8'}"
    yield ""
    yield from hex_lines(first) if text is None else text.splitlines()
    if len(value) > len(first):
        yield f"({len(value) - len(first)} more bytes; --raw FILE writes all of them)"


def _printable(data: bytes, *, whole: bool) -> str | None:
    """The bytes as text that does nothing but print; a character that is cut off at the end is left out."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        if whole or error.start < len(data) - 3:
            return None
        text = data[: error.start].decode()
    return (
        text if all(line.isprintable() for line in text.replace("\t", " ").replace("\r\n", "\n").split("\n")) else None
    )
