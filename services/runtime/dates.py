"""Rows by date, in memory: which come first, which have come due, how many.

Derived from the rows and never the truth. A change shows at once and is never taken back: when a transaction fails,
the index is dropped with its table.
"""

from bisect import bisect_left, insort
from datetime import date


class DateIndex:
    """Keys by date; each key stands under one date at most."""

    def __init__(self) -> None:
        self._dates: dict[str, date] = {}
        self._keys: dict[date, dict[str, None]] = {}
        self._order: list[date] = []

    def set(self, key: str, day: date | None) -> None:
        """Put a key under a date, or nowhere."""
        known = self._dates.get(key)
        if known == day:
            return
        if known is not None:
            self._remove(key, known)
        if day is not None:
            self._dates[key] = day
            if day not in self._keys:
                self._keys[day] = {}
                insort(self._order, day)
            self._keys[day][key] = None

    def first(self) -> date | None:
        """The earliest date that a key stands under, or None."""
        return self._order[0] if self._order else None

    def until(self, day: date | None, limit: int) -> list[str]:
        """Up to that many keys under a date or an earlier one, the earliest dates first; none where there is no
        date.
        """
        found: list[str] = []
        for due in self._order:
            if day is None or due > day or len(found) >= limit:
                break
            for key in self._keys[due]:
                if len(found) >= limit:
                    break
                found.append(key)
        return found

    def count(self, day: date | None) -> int:
        """How many keys stand under a date or an earlier one; zero where there is no date."""
        total = 0
        for due in self._order:
            if day is None or due > day:
                break
            total += len(self._keys[due])
        return total

    def _remove(self, key: str, known: date) -> None:
        del self._dates[key]
        keys = self._keys[known]
        del keys[key]
        if not keys:
            del self._keys[known]
            del self._order[bisect_left(self._order, known)]
