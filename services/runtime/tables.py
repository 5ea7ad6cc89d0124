"""Tables: a partition's state in memory, changed only by a commit, rebuilt from a changelog.

Within a batch a service sees its own changes at once (the overlay); the committed rows stay as they were until the
transaction that carries the changes is known to be committed. The rows sit in any mutable mapping, a dict here; a
store on disk takes its place there.
"""

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class TableSpec(Generic[T]):
    """A table a service keeps: its name in the service, its changelog topic, and how a row becomes bytes and back."""

    name: str
    changelog: str
    encode: Callable[[T], bytes]
    decode: Callable[[bytes], T]


class Table(Generic[T]):
    """The rows of one partition by key. Rows are values: to change one, put another."""

    def __init__(self, spec: TableSpec[T], rows: MutableMapping[str, T] | None = None) -> None:
        self.spec = spec
        self._rows: MutableMapping[str, T] = {} if rows is None else rows
        self._changes: dict[str, T] = {}

    def get(self, key: str) -> T | None:
        """The row as this batch has left it, or None."""
        if key in self._changes:
            value = self._changes[key]
            return None if value is _ABSENT else value
        return self._rows.get(key)

    def put(self, key: str, value: T) -> None:
        """Set the row; visible to this batch at once, kept only if the batch is committed."""
        self._changes[key] = value

    def delete(self, key: str) -> None:
        """Remove the row, if there is one."""
        self._changes[key] = _ABSENT

    def items(self) -> Iterator[tuple[str, T]]:
        """All rows as this batch has left them, in no promised order; the table must not be changed meanwhile."""
        for key, value in self._rows.items():
            if key not in self._changes:
                yield key, value
        for key, value in self._changes.items():
            if value is not _ABSENT:
                yield key, value

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
        if value is None:
            self._rows.pop(name, None)
        else:
            self._rows[name] = self.spec.decode(value)
