"""What an Individual Account begins with, and what a deposit leaves on it beside its money (ACC-1, ACC-3)."""

from __future__ import annotations

from datetime import date

from contracts_schema.requests import DepositRequest
from contracts_schema.terms import AccountType, ContractTerms
from contracts_schema.values import changed
from services.domain.cycles import completed, counted, credited
from services.domain.state import Account, AllocationShare, Participant


def new_account(
    terms: ContractTerms,
    participant: Participant,
    type_: AccountType,
    day: date,
    allocation: tuple[AllocationShare, ...] = (),
) -> Account:
    """An account opened on a day; where the contract counts payments it is credited those of the one that has the most
    (ACC-3).
    """
    payments = credited(terms.cycles, (account.payments for account in participant.accounts))
    return Account(type_, day, allocation, payments=payments)


def with_installment(terms: ContractTerms, account: Account, request: DepositRequest) -> Account:
    """The account with a deposit counted, where it is an installment."""
    if terms.cycles is None:
        return account
    return changed(account, payments=counted(terms.cycles, account.payments, request.source.value))


def cycle_details(terms: ContractTerms, account: Account) -> dict[str, str]:
    """What an account counts, for its confirmation; nothing in contracts without cycles."""
    if terms.cycles is None:
        return {}
    number = 0 if account.payments is None else account.payments.number
    return {"payments": str(number), "completed_cycles": str(completed(terms.cycles, account.payments))}
