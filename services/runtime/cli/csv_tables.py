"""Tables as CSV, UTF-8, whose first line names the columns. Empty lines are passed over, and white space around
fields.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from services.runtime.cli.messages import BadLine

Columns = tuple[str, ...]


class Row(NamedTuple):
    """A row's fields by column, and the file and line it stands in."""

    place: str
    fields: Mapping[str, str]


def read_table(path: Path, wrong: Callable[[Columns], str | None]) -> Iterator[Row | BadLine]:
    """The rows of a file, and the lines that are none. `wrong` says what is wrong with the columns: then, or where the
    file is not UTF-8, there is one bad line and nothing else.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        yield BadLine(f"{path}:{line}", "not UTF-8; nothing of this file was taken. Save it as UTF-8")
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = tuple(name.strip() for name in next(reader, []))
        reason = "a column is named twice" if len(set(columns)) < len(columns) else wrong(columns)
        if reason is not None:
            yield BadLine(f"{path}:1", f"{reason}; nothing of this file was taken")
            return
        for fields in reader:
            if any(map(str.strip, fields)):
                yield _row(f"{path}:{reader.line_num}", columns, fields)
    except csv.Error as error:
        yield BadLine(f"{path}:{reader.line_num + 1}", f"no CSV, and nothing after it was read: {error}")


def _row(place: str, columns: Columns, fields: list[str]) -> Row | BadLine:
    if len(fields) != len(columns):
        return BadLine(place, f"{len(fields)} fields, but the first line names {len(columns)}")
    return Row(place, dict(zip(columns, map(str.strip, fields), strict=True)))
