"""Rows in a database, as the bytes that their changelog has; those used last are kept decoded."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from rocksdict import WriteBatch

from services.runtime.stores.database import Database, prefix_end
from services.runtime.tables import TableSpec

T = TypeVar("T")
_RECENT = 4_000


class StoredRows(Generic[T]):
    """Rows of one table. What is set shows at once and reaches the database by `drain`.

    `encode` and `decode` are the table's, but for what they keep: the bytes of a row that is about to be set need not
    be made a second time.
    """

    def __init__(self, database: Database, spec: TableSpec[T]) -> None:
        self._database = database
        self._prefix = b"r" + spec.name.encode() + b"\0"
        self._spec = spec
        self._recent: dict[str, T | None] = {}
        self._older: dict[str, T | None] = {}
        self._bytes: dict[int, tuple[T, bytes]] = {}
        self._unwritten: dict[str, bytes | None] = {}

    def encode(self, row: T) -> bytes:
        """The row's bytes."""
        data = self._spec.encode(row)
        self._bytes[id(row)] = (row, data)
        return data

    def decode(self, data: bytes) -> T:
        """The row of these bytes; raises what the table's decoder raises."""
        row = self._spec.decode(data)
        self._bytes[id(row)] = (row, data)
        return row

    def get(self, key: str) -> T | None:
        """The row, or None."""
        if key in self._recent:
            return self._recent[key]
        if key in self._older:
            row = self._older.pop(key)
        elif (data := self._read(key)) is None:
            row = None
        else:
            row = self._spec.decode(data)
        self._keep(key, row)
        return row

    def __setitem__(self, key: str, row: T) -> None:
        known = self._bytes.get(id(row))
        self._unwritten[key] = known[1] if known is not None and known[0] is row else self._spec.encode(row)
        self._keep(key, row)

    def pop(self, key: str, default: None) -> T | None:
        """Remove the row, if there is one."""
        row = self.get(key)
        self._unwritten[key] = default
        self._keep(key, default)
        return row

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def items(self) -> Iterator[tuple[str, T]]:
        """All rows; to be asked when nothing is unwritten."""
        assert not self._unwritten, "a commit writes what it sets"
        begin = len(self._prefix)
        for key, data in self._database.range(self._prefix, prefix_end(self._prefix)):
            yield key[begin:].decode(), self._spec.decode(data)

    def keys_after(self, prefix: str, after: str) -> Iterator[str]:
        """Keys that begin so and come after one, in order; to be asked when nothing is unwritten."""
        assert not self._unwritten, "a commit writes what it sets"
        begin, first = self._prefix + prefix.encode(), self._prefix + after.encode() + b"\0"
        for key, _ in self._database.range(max(begin, first), prefix_end(begin)):
            yield key[len(self._prefix) :].decode()

    def __len__(self) -> int:
        return sum(1 for _ in self._database.range(self._prefix, prefix_end(self._prefix)))

    def drain(self, batch: WriteBatch) -> None:
        """Put into the batch what was set since the last one."""
        for key, data in self._unwritten.items():
            if data is None:
                batch.delete(self._prefix + key.encode())
            else:
                batch.put(self._prefix + key.encode(), data)
        self._unwritten.clear()
        self._bytes.clear()

    def _read(self, key: str) -> bytes | None:
        if key in self._unwritten:
            return self._unwritten[key]
        return self._database.get(self._prefix + key.encode())

    def _keep(self, key: str, row: T | None) -> None:
        """Keep it with the recent ones; when those are many, the ones before them are forgotten."""
        self._recent[key] = row
        if len(self._recent) > _RECENT:
            self._older, self._recent = self._recent, {}
