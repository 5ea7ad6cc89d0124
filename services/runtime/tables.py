"""Tables: a partition's state, changed only by a commit, rebuilt from a changelog.

Within a batch a service sees its own changes at once (the overlay); the committed rows stay as they were until the
transaction that carries the changes is known to be committed. Where the rows are is a store's choice: in memory or on
disk.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from services.runtime.dates import DateIndex

T = TypeVar("T")
_ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class TableSpec(Generic[T]):
    """A table a service keeps: its name in the service, its changelog topic, and how a row becomes bytes and back.

    `index`: the date, if any, under which a row is to be found; only a table that has it can be asked by date.
    `index_version` is raised when `index` gives other dates than before for rows that are already stored.
    """

    name: str
    changelog: str
    encode: Callable[[T], bytes]
    decode: Callable[[bytes], T]
    index: Callable[[T], date | None] | None = None
    index_version: int = 1


class Rows(Protocol[T]):
    """Committed rows by key."""

    def get(self, key: str, /) -> T | None:
        """The row, or None."""

    def __setitem__(self, key: str, row: T, /) -> None: ...

    def pop(self, key: str, default: None, /) -> T | None:
        """Remove the row, if there is one."""

    def __contains__(self, key: object, /) -> bool: ...

    def __len__(self) -> int: ...

    def items(self) -> Iterable[tuple[str, T]]:
        """All rows."""

    def keys_after(self, prefix: str, after: str) -> Iterable[str]:
        """Keys that begin so and come after one, in order."""


class RowsInMemory(dict[str, T]):
    """Rows in a dict."""

    def keys_after(self, prefix: str, after: str) -> Iterable[str]:
        """Keys that begin so and come after one, in order; it looks at all of them."""
        return sorted(key for key in self if key > after and key.startswith(prefix))


class Dates(Protocol):
    """Keys by date, as a batch has left them."""

    def set(self, key: str, day: date | None) -> None:
        """Put a key under a date, or nowhere."""

    def first(self) -> date | None:
        """The earliest date."""

    def until(self, day: date | None, limit: int) -> list[str]:
        """Up to that many keys up to a date."""

    def count(self, day: date | None) -> int:
        """How many up to a date."""


class Table(Generic[T]):
    """The rows of one partition by key. Rows are values: to change one, put another."""

    def __init__(self, spec: TableSpec[T], rows: Rows[T] | None = None, dates: Dates | None = None) -> None:
        self.spec = spec
        self._rows: Rows[T] = RowsInMemory() if rows is None else rows
        self._changes: dict[str, T] = {}
        self._index = spec.index
        self._dates: Dates = DateIndex() if dates is None else dates

    def get(self, key: str) -> T | None:
        """The row as this batch has left it, or None."""
        if key in self._changes:
            value = self._changes[key]
            return None if value is _ABSENT else value
        return self._rows.get(key)

    def put(self, key: str, value: T) -> None:
        """Set the row; visible to this batch at once, kept only if the batch is committed."""
        self._changes[key] = value
        if self._index is not None:
            self._dates.set(key, self._index(value))

    def delete(self, key: str) -> None:
        """Remove the row, if there is one."""
        self._changes[key] = _ABSENT
        if self._index is not None:
            self._dates.set(key, None)

    def first(self) -> date | None:
        """The earliest date of any row as this batch has left them, or None."""
        return self._dates.first()

    def until(self, day: date | None, limit: int) -> list[str]:
        """Keys of up to that many rows of a date or an earlier one, as this batch has left them, the earliest dates
        first; none where there is no date. Costs what it finds, not what there is.
        """
        return self._dates.until(day, limit)

    def count(self, day: date | None) -> int:
        """How many rows have a date on or before this one, as this batch has left them."""
        return self._dates.count(day)

    def items(self) -> Iterator[tuple[str, T]]:
        """All rows as this batch has left them, in no promised order; the table must not be changed meanwhile."""
        for key, value in self._rows.items():
            if key not in self._changes:
                yield key, value
        for key, value in self._changes.items():
            if value is not _ABSENT:
                yield key, value

    def keys_after(self, prefix: str, after: str, limit: int) -> list[str]:
        """Up to that many keys that begin so and come after one, in order, as this batch has left them."""
        changed = {key for key in self._changes if key > after and key.startswith(prefix)}
        there = {key for key in changed if self._changes[key] is not _ABSENT}
        stored = (key for key in self._rows.keys_after(prefix, after) if key not in changed)
        return sorted([*there, *islice(stored, limit)])[:limit]

    def __len__(self) -> int:
        added = sum(1 for key, value in self._changes.items() if value is not _ABSENT and key not in self._rows)
        removed = sum(1 for key, value in self._changes.items() if value is _ABSENT and key in self._rows)
        return len(self._rows) + added - removed

    def changelog(self) -> Iterator[tuple[bytes, bytes | None]]:
        """The batch's changes as changelog records: the last value of each key that changed, None for one removed."""
        encode = self.spec.encode
        for key, value in self._changes.items():
            if value is not _ABSENT:
                yield key.encode(), encode(value)
            elif key in self._rows:
                yield key.encode(), None

    def commit(self) -> None:
        """The transaction with the changes is committed: make them the state."""
        for key, value in self._changes.items():
            if value is _ABSENT:
                self._rows.pop(key, None)
            else:
                self._rows[key] = value
        self._changes.clear()

    def restore(self, key: bytes, value: bytes | None) -> None:
        """Apply one changelog record; raises whatever the decoder raises, and nothing is changed then."""
        name = key.decode()
        row = None if value is None else self.spec.decode(value)
        if self._index is not None:
            self._dates.set(name, None if row is None else self._index(row))
        if row is None:
            self._rows.pop(name, None)
        else:
            self._rows[name] = row
