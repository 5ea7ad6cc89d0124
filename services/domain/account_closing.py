"""Closing an Individual Account, and opening it again (ACC-1).

The documents say that the company maintains accounts, not how they end. House decisions:
- A closing is decided at once, in log order, as an opening is. An account that holds anything is not closed, nor one
  for which a request waits: withdraw first, and close when that is confirmed. What has left it is not in it: an annuity
  and installments of a withdrawal go on being paid.
- A closed account takes nothing, not even by a deposit that would open a new one, until an instruction opens it again.
- It stays the account it was: its effective date, its transfers of the year, the payments it counted and the full
  withdrawal that may still be reinvested are those of before; so is the allocation, unless the opening gives one.
- A participant leaves when the last account is closed, and comes back when one is opened again.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts_schema.orders import CloseAccount
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction, AnyRequest, DepositRequest, TransferRequest, WithdrawalRequest
from contracts_schema.terms import AccountType
from contracts_schema.values import changed
from services.domain.allocation import Shares
from services.domain.cases import Case, account_in, authorised, existing_account
from services.domain.reading import read_waiting
from services.domain.state import Account, Participant
from services.domain.verdicts import Done, Verdict, finding


def close_account(case: Case[AccountInstruction], order: CloseAccount) -> Verdict:
    """Close an account that is empty, and for which nothing waits."""
    refused = (*authorised(case), *existing_account(case.participant, order.account))
    if refused:
        return refused
    account = account_in(case.participant, order.account)
    refused = (*_not_empty(account), *_awaited(case.participant, order.account))
    if refused:
        return refused
    books = case.participant.with_account(changed(account, closed=case.day))
    left = ", ".join(each.type for each in books.accounts if each.closed is None)
    details = {"opened": account.opened.isoformat(), "accounts_left": left or "none"}
    return Done(books, "account_closed", ("GEN-2", "ACC-1"), {"account": order.account, "details": details})


def reopened(account: Account, allocation: Shares) -> Account:
    """A closed account open again, its allocation changed where one is given."""
    return changed(account, closed=None, allocation=allocation or account.allocation)


def _not_empty(account: Account) -> Iterator[Finding]:
    held = (*account.options_held(), *(lot.lot for lot in account.lots))
    if held:
        yield finding(
            Reason.ACCOUNT_NOT_EMPTY, where="instruction.account", account=account.type.value, holds=", ".join(held)
        )


def _awaited(participant: Participant, account: AccountType) -> Iterator[Finding]:
    """Requests that wait for a close, and name the account."""
    waiting = ", ".join(
        each.request_id for each in participant.waiting if account in _accounts_of(read_waiting(each.entry)[1])
    )
    if waiting:
        yield finding(Reason.ACCOUNT_AWAITED, where="instruction.account", account=account.value, waiting=waiting)


def _accounts_of(request: AnyRequest) -> tuple[AccountType | None, ...]:
    if isinstance(request, WithdrawalRequest):
        return request.accounts or (request.account,)
    if isinstance(request, DepositRequest | TransferRequest):
        return (request.account,)
    return (getattr(request.instruction, "account", None),)
