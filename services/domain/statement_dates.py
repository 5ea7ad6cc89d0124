"""At which closes annual notices are due, by the contract's statement date (NTC-1).

Decided beyond the document, which says "each year" and "as of a date no more than 60 days before": the values are those
of the last business day on or before the statement date, and the notice is made at that day's close, which knows the
business day after it. Where the terms want them no older than so many days and they would be, or where the exchange did
not open as was announced, they are those of the next close.

A statement date counts where the version of the terms in force on it names it; so every participant of the contract has
its notice, whenever the version came, and a version cannot change what was due before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from contracts_schema.terms import ContractTerms
from contracts_schema.values import Value

_DAY = timedelta(days=1)


class StatementClose(Value, frozen=True):
    """A closed day at which a contract's annual notice is due, and the statement date that it is of."""

    day: date
    dated: date


class Close(NamedTuple):
    """A closed day and the business day that followed it, as was known then."""

    day: date
    following: date

    def tells(self, dated: date, at_most: int) -> bool:
        """Whether it is the last close before a statement date, at most so many days before it."""
        return self.day < dated < self.following and (dated - self.day).days <= at_most


def statement_at(versions: Sequence[ContractTerms], close: Close, before: Close | None) -> StatementClose | None:
    """The notice that a close brings a contract's participants, if any; `versions` are its terms, ascending. Where it
    brings those of two statement dates, of two versions, it is the later one's.
    """
    if all(version.statement_date is None for version in versions):
        return None
    first = close.day if before is None else before.day + _DAY
    dates = [day for day in _days(first, close.following) if _told(versions, day, close, before)]
    return StatementClose(close.day, dates[-1]) if dates else None


def _told(versions: Sequence[ContractTerms], dated: date, close: Close, before: Close | None) -> bool:
    in_force = [version for version in versions if version.effective_from <= dated]
    named = in_force[-1].statement_date if in_force else None
    if named is None or named.of_year(dated.year) != dated:
        return False
    if dated > close.day:
        return close.tells(dated, named.values_at_most_days)
    return before is None or not before.tells(dated, named.values_at_most_days)


def _days(first: date, end: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((end - first).days))
