"""Whom a transaction has changed, and so has account values to write: one record each, at its end.

A transaction of a backlog changes many of them day after day; what counts is a participant's last record.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from services.domain.account_prices import prices_on
from services.domain.account_values import account_values
from services.domain.market import Market
from services.domain.state import Emission, Participant
from services.domain.steps import Step


class Touched:
    """Participants by their key, each with the closed day that its last change is of."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[Participant, date]] = {}

    def add(self, step: Step) -> None:
        """A participant after a step, if that changed it."""
        if step.as_of is not None:
            self._last[step.participant.key] = (step.participant, step.as_of)

    def values(self, market: Market) -> list[Emission]:
        """One record of everybody since this was last asked."""
        return self._taken(market, lambda _: True)

    def before_close(self, market: Market) -> list[Emission]:
        """The records that must be made before the next day is closed: where a fixed option begins on the frozen day,
        what was decided on it is valued by its index as it stands now.
        """
        last_closed = market.head.last_closed
        contracts = {books.contract_id for books, as_of in self._last.values() if as_of == last_closed}
        begin = {each for each in contracts if last_closed is not None and _begins(market, each, last_closed)}
        return self._taken(market, begin.__contains__) if begin else []

    def _taken(self, market: Market, of_contract: Callable[[str], bool]) -> list[Emission]:
        taken = [key for key, (books, _) in self._last.items() if of_contract(books.contract_id)]
        return [account_values(market, *self._last.pop(key)) for key in taken]


def _begins(market: Market, contract_id: str, day: date) -> bool:
    """Whether an option of the contract begins on the business day after the last closed one."""
    return any(price.index_date is not None for price in prices_on(market, contract_id, day).alike.values())
