"""Keys by date in a database, in order, with how many there are under each date: nothing has to be decoded or counted
when a life begins.
"""

from collections.abc import Callable, Iterator
from datetime import date

from rocksdict import WriteBatch

from services.runtime.dates import OrderedDates
from services.runtime.stores.database import Database, prefix_end

_COUNT = 8


class StoredDates(OrderedDates):
    """As `DateIndex`; `committed` says under which date a key stands in the database. What is set shows at once and
    reaches the database by `drain`.
    """

    def __init__(self, database: Database, table: str, committed: Callable[[str], date | None]) -> None:
        self._database = database
        self._keys = b"d" + table.encode() + b"\0"
        self._counted = b"n" + table.encode() + b"\0"
        self._committed = committed
        self._moved: dict[str, tuple[date | None, date | None]] = {}
        self._added: dict[date, dict[str, None]] = {}
        self._recounted: set[date] = set()
        self._lowest: dict[date, bytes] = {}
        self._counts: dict[date, int] = dict(self._stored_counts())
        super().__init__(self._counts)

    def set(self, key: str, day: date | None) -> None:
        """Put a key under a date, or nowhere."""
        if key in self._moved:
            stored, known = self._moved[key]
        else:
            stored = known = self._committed(key)
        self._moved[key] = (stored, day)
        if day == known:
            return
        if known is not None:
            self._added.get(known, {}).pop(key, None)
            self._recount(known, -1)
        if day is not None:
            if day != stored:
                self._added.setdefault(day, {})[key] = None
            self._recount(day, 1)

    def drain(self, batch: WriteBatch) -> None:
        """Put into the batch what was set since the last one."""
        for key, (stored, day) in self._moved.items():
            if stored == day:
                continue
            if stored is not None:
                batch.delete(self._key(stored) + key.encode())
            if day is not None:
                added = self._key(day) + key.encode()
                batch.put(added, b"")
                if added < self._lowest.get(day, b""):
                    self._lowest[day] = added
        for day in self._recounted:
            if count := self._counts.get(day, 0):
                batch.put(self._counted + _ordinal(day), count.to_bytes(_COUNT, "big"))
            else:
                batch.delete(self._counted + _ordinal(day))
                self._lowest.pop(day, None)
        self._moved.clear()
        self._added.clear()
        self._recounted.clear()

    def _under(self, day: date) -> Iterator[str]:
        """Keys under a date: those in the database that have not moved, and those that have moved there.

        The search begins at the lowest key found the last time: what came before it is deleted, and to pass over many
        deleted keys again and again is slow.
        """
        prefix = self._key(day)
        lowest = None
        for at, _ in self._database.range(self._lowest.get(day, prefix), prefix_end(prefix)):
            if lowest is None:
                lowest = self._lowest[day] = at
            key = at[len(prefix) :].decode()
            if key not in self._moved or self._moved[key][1] == day:
                yield key
        yield from list(self._added.get(day, ()))

    def _number(self, day: date) -> int:
        return self._counts[day]

    def _recount(self, day: date, change: int) -> None:
        count = self._counts.get(day, 0) + change
        self._recounted.add(day)
        if count == change:
            self._date_added(day)
        if count:
            self._counts[day] = count
        else:
            del self._counts[day]
            self._date_gone(day)

    def _stored_counts(self) -> Iterator[tuple[date, int]]:
        begin = len(self._counted)
        for key, value in self._database.range(self._counted, prefix_end(self._counted)):
            yield date.fromordinal(int.from_bytes(key[begin:], "big")), int.from_bytes(value, "big")

    def _key(self, day: date) -> bytes:
        return self._keys + _ordinal(day)


def _ordinal(day: date) -> bytes:
    return day.toordinal().to_bytes(4, "big")
