"""The maintenance fee of a full withdrawal (WDL-5, WDL-14).

It is taken before the withdrawal, pro rata and without adjustment or charge, of the accounts that are withdrawn,
whatever a Roth account would bear on an anniversary. A fee that a participant owes is due with the last account that
holds anything. Nobody owes two on one day, of an anniversary and a withdrawal or of two withdrawals (MAT-6).
"""

from __future__ import annotations

from decimal import Decimal

from contracts_schema.fees import MaintenanceFee
from contracts_schema.requests import WithdrawalRequest
from contracts_schema.types import plain
from contracts_schema.values import changed
from services.domain.cases import Case
from services.domain.fee_dates import FeeDates
from services.domain.fees import FeeTaken, holds, take_fee
from services.domain.numbers import ZERO
from services.domain.sources import View


def closing_fees(case: Case[WithdrawalRequest], views: tuple[View, ...]) -> list[FeeTaken | None]:
    """The fee that each of the accounts of a withdrawal bears first, None where it bears none."""
    fee = case.terms.maintenance_fee
    if fee is None or not fee.on_full_withdrawal or not case.request.full or case.request.from_ is not None:
        return [None for _ in views]
    left, found = _owed_by_participant(case, views, fee), list[FeeTaken | None]()
    for view in views:
        owed = left if fee.per == "participant" else _owed(fee, view)
        taken = _taken(view, owed, fee)
        left -= ZERO if taken is None else taken.charge.amount
        found.append(taken)
    return found


def _owed(fee: MaintenanceFee, view: View) -> Decimal:
    """What an account owes by itself."""
    borne = view.account.fee is not None and view.account.fee.taken == view.at.day
    return ZERO if borne else fee.amount


def _owed_by_participant(case: Case[WithdrawalRequest], views: tuple[View, ...], fee: MaintenanceFee) -> Decimal:
    """What a participant owes for all accounts: nothing while another one holds anything."""
    withdrawn, accounts = {view.account.type for view in views}, case.participant.accounts
    borne = any(account.fee is not None and account.fee.taken == case.day for account in accounts)
    rest = any(holds(account) for account in accounts if account.type not in withdrawn)
    return ZERO if borne or rest else fee.amount


def _taken(view: View, dollars: Decimal, fee: MaintenanceFee) -> FeeTaken | None:
    """The fee of an account, with its day kept."""
    taken = take_fee(view, dollars, f"{plain(fee.amount)}, full withdrawal") if dollars else None
    if taken is None:
        return None
    dates = changed(taken.account.fee or FeeDates(), taken=view.at.day)
    return changed(taken, account=changed(taken.account, fee=dates))
