"""Rows by date, in memory: which come first, which have come due, how many.

Derived from the rows and never the truth. A change shows at once and is never taken back: when a transaction fails,
the index is dropped with its table.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice


class OrderedDates(ABC):
    """The dates that keys stand under, in order; who keeps the keys says which and how many stand under each."""

    def __init__(self, dates: Iterable[date] = ()) -> None:
        self._order = sorted(dates)

    @abstractmethod
    def set(self, key: str, day: date | None) -> None:
        """Put a key under a date, or nowhere."""

    @abstractmethod
    def _under(self, day: date) -> Iterator[str]:
        """Keys under a date."""

    @abstractmethod
    def _number(self, day: date) -> int:
        """How many keys stand under a date."""

    def first(self) -> date | None:
        """The earliest date that a key stands under, or None."""
        return self._order[0] if self._order else None

    def until(self, day: date | None, limit: int) -> list[str]:
        """Up to that many keys under a date or an earlier one, the earliest dates first; none where there is no
        date.
        """
        return list(islice(chain.from_iterable(self._under(due) for due in self._due(day)), limit))

    def count(self, day: date | None) -> int:
        """How many keys stand under a date or an earlier one; zero where there is no date."""
        return sum(self._number(due) for due in self._due(day))

    def _due(self, day: date | None) -> list[date]:
        return [] if day is None else self._order[: bisect_right(self._order, day)]

    def _date_added(self, day: date) -> None:
        insort(self._order, day)

    def _date_gone(self, day: date) -> None:
        del self._order[bisect_left(self._order, day)]


class DateIndex(OrderedDates):
    """Keys by date; each key stands under one date at most."""

    def __init__(self) -> None:
        super().__init__()
        self._dates: dict[str, date] = {}
        self._keys: dict[date, dict[str, None]] = {}

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
                self._date_added(day)
            self._keys[day][key] = None

    def _under(self, day: date) -> Iterator[str]:
        return iter(self._keys[day])

    def _number(self, day: date) -> int:
        return len(self._keys[day])

    def _remove(self, key: str, known: date) -> None:
        del self._dates[key]
        keys = self._keys[known]
        del keys[key]
        if not keys:
            del self._keys[known]
            self._date_gone(known)
