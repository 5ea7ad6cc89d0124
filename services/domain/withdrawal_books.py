"""What the books keep of a withdrawal beside the positions it left (MVA-10, WDL-10, LIM-2, LIM-3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from contracts_schema.requests import WithdrawalRequest
from contracts_schema.terms import AccountType
from contracts_schema.values import Value
from services.domain.cases import Case
from services.domain.death_benefit import less_withdrawn
from services.domain.numbers import ZERO
from services.domain.reinvestment import remembered
from services.domain.selling import Sale
from services.domain.sources import View
from services.domain.state import Account
from services.domain.withdrawal_limits import with_uses_of


class Left(Value, frozen=True):
    """An account as a withdrawal found it (`view`), what was taken of it, and what that pays in dollars, before tax is
    withheld: with what a death benefit adds to it (`guarantee`, MVA-10).
    """

    view: View
    sales: Sequence[Sale]
    payable: Decimal
    guarantee: Decimal = ZERO


def taken_by_account(left: Sequence[Left]) -> dict[AccountType, Decimal]:
    """The value taken of each account, in the order in which they are drawn on."""
    return {each.view.account.type: sum((sale.draw.taken for sale in each.sales), ZERO) for each in left}


def kept(case: Case[WithdrawalRequest], account: Account, left: Left) -> Account:
    """The account after a withdrawal with everything that later requests must know of it."""
    for keep in KEEPERS:
        account = keep(case, account, left)
    return account


def _purchases(case: Case[WithdrawalRequest], account: Account, left: Left) -> Account:
    """MVA-10: the adjusted purchase total, less the share that was taken."""
    del case
    if not account.purchases:
        return account
    return less_withdrawn(account, sum((sale.draw.taken for sale in left.sales), ZERO), left.view.value())


def _full_withdrawal(case: Case[WithdrawalRequest], account: Account, left: Left) -> Account:
    """WDL-10: what may come back."""
    return remembered(case, left.view, account, left.payable)


def _uses(case: Case[WithdrawalRequest], account: Account, left: Left) -> Account:
    """LIM-2, LIM-3: what left a limited option."""
    return with_uses_of(case, account, left.view, left.sales)


KEEPERS: tuple[Callable[[Case[WithdrawalRequest], Account, Left], Account], ...] = (_purchases, _full_withdrawal, _uses)
