"""What is due when: date to keys, in memory, derived from the tables and never the truth."""

from collections.abc import Iterable
from datetime import date


class DueIndex:
    """Keys by the date on which something of theirs is due; each key stands under one date at most."""

    def __init__(self) -> None:
        self._dates: dict[str, date] = {}
        self._keys: dict[date, set[str]] = {}

    def set(self, key: str, due: date | None) -> None:
        """Put a key under a date, or nowhere."""
        known = self._dates.get(key)
        if known == due:
            return
        if known is not None:
            self._remove(key, known)
        if due is not None:
            self._dates[key] = due
            self._keys.setdefault(due, set()).add(key)

    def first(self) -> date | None:
        """The earliest date anything is due, or None."""
        return min(self._keys, default=None)

    def until(self, day: date | None, limit: int) -> list[str]:
        """Up to that many keys due on or before a day, the earliest dates first, in a settled order."""
        found: list[str] = []
        for due in sorted(due for due in self._keys if day is not None and due <= day):
            found += sorted(self._keys[due])[: limit - len(found)]
            if len(found) >= limit:
                break
        return found

    def count(self, day: date | None) -> int:
        """How many keys are due on or before a day."""
        return sum(len(keys) for due, keys in self._keys.items() if day is not None and due <= day)

    def _remove(self, key: str, due: date) -> None:
        del self._dates[key]
        self._keys[due].discard(key)
        if not self._keys[due]:
            del self._keys[due]


def fill(index: DueIndex, items: Iterable[tuple[str, date | None]]) -> None:
    """Put every key under its date."""
    for key, due in items:
        index.set(key, due)
