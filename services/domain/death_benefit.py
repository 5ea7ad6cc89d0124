"""The death benefit that some contracts guarantee: no less than the adjusted purchase total (MVA-10).

The documents leave that total to each contract's prospectus. Here it is, per Individual Account, every deposit before
charges, less for every withdrawal the share of it that the value taken was of the account's value. It is what all of
an account pays at least on a death; a part of an account pays what it is worth.
"""

from __future__ import annotations

from decimal import Decimal

from contracts_schema.requests import WithdrawalRequest
from contracts_schema.terms import ContractTerms
from contracts_schema.values import changed
from contracts_schema.withdrawing import WithdrawalReason
from services.domain.numbers import ZERO, cents
from services.domain.state import Account

ON_DEATH = {WithdrawalReason.DEATH, WithdrawalReason.DEATH_DEFERRED}


def guaranteed(terms: ContractTerms, request: WithdrawalRequest) -> bool:
    """Whether a withdrawal is a death benefit of a contract that guarantees it."""
    return terms.death_benefit == "greater_of_purchases" and request.reason in ON_DEATH


def guarantee(terms: ContractTerms, request: WithdrawalRequest, account: Account, paid: Decimal) -> Decimal:
    """What is added to a payment for it to be the adjusted purchase total; nothing where it is more, or of a part."""
    if not guaranteed(terms, request) or not request.full or request.from_ is not None:
        return ZERO
    return max(ZERO, account.purchases - paid)


def with_purchase(terms: ContractTerms, account: Account, dollars: Decimal) -> Account:
    """The account with a deposit in its adjusted purchase total, where the contract keeps one."""
    kept = terms.death_benefit == "greater_of_purchases"
    return changed(account, purchases=account.purchases + dollars) if kept else account


def less_withdrawn(account: Account, taken: Decimal, value: Decimal) -> Account:
    """The account with its adjusted purchase total less the share that was taken of its value before."""
    if not account.purchases:
        return account
    kept = ZERO if taken >= value else account.purchases - cents(account.purchases * taken / value)
    return changed(account, purchases=kept)
