"""What a withdrawal takes before its own amount: without adjustment and without charge on it (WDL-14)."""

from __future__ import annotations

from decimal import Decimal

from contracts_schema.figures import Charge, Leg
from contracts_schema.requests import WithdrawalRequest
from contracts_schema.values import Value, changed
from services.domain.cases import Case
from services.domain.closing_fee import closing_fees
from services.domain.fees import FeeTaken
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
    """What is due before the withdrawal of accounts, in its order: the maintenance fee of a full one (WDL-5)."""
    fees = closing_fees(case, views)
    taken = [fee for fee in fees if fee is not None]
    if not taken:
        return TakenFirst(views)
    after = (view if fee is None else changed(view, account=fee.account) for view, fee in zip(views, fees, strict=True))
    legs = tuple(_leg(leg, fee, several=len(views) > 1) for fee in taken for leg in fee.legs)
    return TakenFirst(tuple(after), legs, tuple(fee.charge for fee in taken))


def _leg(leg: Leg, fee: FeeTaken, *, several: bool) -> Leg:
    """A leg of a fee; of several accounts it says whose it is (WDL-13)."""
    return leg.model_copy(update={"account": fee.account.type}) if several else leg
