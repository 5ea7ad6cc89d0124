"""Rounds: the participants of a contract visited one after the other, once a close brings their annual notices.

What is due by a contract stands in nobody's books, so that no date leads to it. That a round is under way is a row;
how far it has come is not: a new life begins it again and passes over whoever has been visited.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from services.domain.market import Market, MarketRow
from services.domain.state import Participant
from services.runtime.tables import Table

ROUND = "round|"
KEYS_AT_ONCE = 20_000


class _Round(NamedTuple):
    day: date
    contract: str


class StatementRounds:
    """The rounds of one partition, the earliest first."""

    def __init__(self, participants: Table[Participant], rows: Table[MarketRow]) -> None:
        self._participants = participants
        self._rows = rows
        self._left: dict[_Round, Iterator[str] | None] = {}

    def __len__(self) -> int:
        return len(self._left)

    def first(self) -> date | None:
        """The close of the earliest round under way, or None."""
        return next(iter(self._left)).day if self._left else None

    def restored(self) -> None:
        """Take up the rounds that the rows tell of."""
        told = ((key.removeprefix(ROUND), row.visiting) for key, row in self._rows.items())
        self._left = dict.fromkeys(sorted(_Round(day, key.rpartition("|")[0]) for key, day in told if day is not None))

    def begin(self, market: Market) -> None:
        """Begin a round of every contract for which the last closed day brings annual notices."""
        for contract, closes in market.statements.items():
            if closes[-1].day == market.head.last_closed:
                begun = _Round(closes[-1].day, contract)
                self._left[begun] = None
                self._rows.put(_key(begun), MarketRow(visiting=begun.day))

    def visits(self) -> Iterator[str]:
        """Keys of participants to visit; a round ends when it has no more. To be left off at any of them."""
        for each in list(self._left):
            keys = self._left[each] or self._keys(f"{each.contract}|")
            self._left[each] = keys
            while (key := next(keys, None)) is not None:  # `yield from` would end them with this generator
                yield key
            del self._left[each]
            self._rows.delete(_key(each))

    def _keys(self, prefix: str) -> Iterator[str]:
        """Keys in their order, many at a time; whoever comes meanwhile holds nothing on the day, visited or not."""
        after = ""
        while keys := self._participants.keys_after(prefix, after, KEYS_AT_ONCE):
            yield from keys
            after = keys[-1]


def _key(of: _Round) -> str:
    return f"{ROUND}{of.contract}|{of.day}"
