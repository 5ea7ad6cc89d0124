"""What is held under a contract on a day, for the review of its charges (FND-4).

A participant counts with the value of all Individual Accounts at the day's values, as the books stand once the day is
settled: before any market value adjustment or charge, for nothing is taken out. It counts before anything of a later
day is settled, or any later request decided; so the total does not depend on when the ledger comes round to it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_schema.values import Value, changed
from services.domain.market import Market
from services.domain.maturing import valuation
from services.domain.numbers import ZERO, exact
from services.domain.sources import View
from services.domain.state import Participant


class Totalling(Value, frozen=True):
    """A contract's total of a day as far as it is counted: every participant up to the key `after` is in it."""

    date: date
    contract_id: str
    after: str = ""
    total: Decimal = ZERO
    participants: int = 0

    @property
    def key(self) -> str:
        """Of the contract and the day."""
        return f"{self.date}|{self.contract_id}"

    @property
    def prefix(self) -> str:
        """How the keys of the contract's participants begin; ids have no `|` in them."""
        return f"{self.contract_id}|"

    def with_value(self, value: Decimal) -> Totalling:
        """With one participant more, who counts as such with any value but zero."""
        return changed(self, total=self.total + value, participants=self.participants + (value > 0))


class TotalRow(Value, frozen=True):
    """A row of the table: a total under way; or, without one, that a participant was counted out of turn."""

    totalling: Totalling | None = None


@exact
def value_on(market: Market, participant: Participant | None, day: date) -> Decimal:
    """What a participant's Individual Accounts are worth on a closed day, in dollars, each position and guaranteed term
    to the cent; zero where there are none yet.
    """
    if participant is None or not participant.accounts:
        return ZERO
    at = valuation(market, participant, day)
    return sum((View(at, account).value() for account in participant.accounts), ZERO)
