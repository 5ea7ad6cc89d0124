"""What a withdrawal takes before its own amount: without adjustment and without charge on it (WDL-14)."""

from __future__ import annotations

from decimal import Decimal

from contracts_schema.figures import Charge, Leg
from contracts_schema.requests import WithdrawalRequest
from contracts_schema.values import Value
from services.domain.cases import Case
from services.domain.numbers import ZERO
from services.domain.sources import View


class TakenFirst(Value, frozen=True):
    """The accounts as the withdrawal finds them, and what was taken of them before it: the positions' legs and the
    charges that they paid, which come to the same dollars.
    """

    views: tuple[View, ...]
    legs: tuple[Leg, ...] = ()
    charges: tuple[Charge, ...] = ()

    @property
    def taken(self) -> Decimal:
        """The charges together, in dollars."""
        return sum((charge.amount for charge in self.charges), ZERO)


def taken_first(case: Case[WithdrawalRequest], views: tuple[View, ...]) -> TakenFirst:
    """What is due before the withdrawal of accounts, in its order; no rule that is built takes anything."""
    del case
    return TakenFirst(views)
