"""What an Individual Account begins with, and what a deposit leaves on it beside its money (ACC-1, ACC-3)."""

from __future__ import annotations

from contracts_schema.requests import DepositRequest, Request
from contracts_schema.terms import AccountType, ContractTerms
from contracts_schema.values import changed
from services.domain.cases import Case
from services.domain.cycles import completed, counted, credited
from services.domain.state import Account, AllocationShare


def new_account(
    case: Case[Request], type_: AccountType, allocation: tuple[AllocationShare, ...] = (), *, lump_sum: bool = False
) -> Account:
    """An account opened on a trade date. Where the contract counts payments an installment account is credited those of
    the one that has the most; what is opened for a lump sum counts none (ACC-3).
    """
    cycles = None if lump_sum else case.terms.cycles
    payments = credited(cycles, (account.payments for account in case.participant.accounts))
    return Account(type_, case.day, allocation, lump_sum=lump_sum, payments=payments)


def with_installment(terms: ContractTerms, account: Account, request: DepositRequest) -> Account:
    """The account with a deposit counted, where it is an installment."""
    if terms.cycles is None or account.lump_sum:
        return account
    return changed(account, payments=counted(terms.cycles, account.payments, request.source))


def cycle_details(terms: ContractTerms, account: Account) -> dict[str, str]:
    """What an account counts, for its confirmation; nothing in contracts without cycles, or of a lump sum."""
    if terms.cycles is None or account.lump_sum:
        return {}
    number = 0 if account.payments is None else account.payments.number
    return {"payments": str(number), "completed_cycles": str(completed(terms.cycles, account.payments))}
