"""Deposits: net of taxes and charges, by the owner's percentages, at the trade date's values (DEP-1, 2, 4, 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from contracts_schema.contributions import Source
from contracts_schema.figures import Charge, Leg
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import DepositRequest
from contracts_schema.types import plain
from contracts_schema.values import changed
from services.domain.allocation import Shares, allocation_defects, closed_to, invest, rules_of, shares_of
from services.domain.cases import Case, account_allowed, authorised, existing_account
from services.domain.contributions import (
    contribution_defects,
    contribution_details,
    contribution_rules,
    with_contribution,
)
from services.domain.death_benefit import with_purchase
from services.domain.loans import bears_charges, repayment_defects
from services.domain.numbers import ZERO, cents
from services.domain.payments import payment_defects, payment_details, payment_rules, with_payment
from services.domain.rate_lock import comparison, covering
from services.domain.reinvestment import come_back, proportions, reinvestment_defects
from services.domain.state import Account, RateLock
from services.domain.verdicts import Done, Verdict, cited, finding


def deposit(case: Case[DepositRequest], received_on: date) -> Verdict:
    """Decide a deposit on its trade date: every reason against it, or the account with the money invested.

    `received_on` is the day of its receipt in New York: by that a rate lock covers it, or does not (GAA-7).
    """
    shares, lock = shares_for(case), covering(case.participant, case.request.source, received_on)
    refused = (
        *(found for check in CHECKS for found in check(case, shares)),
        *contribution_defects(case),
        *payment_defects(case),
        *reinvestment_defects(case, received_on),
        *repayment_defects(case),
        *closed_to(case.at, shares, lock),
    )
    if refused:
        return refused
    charges = _charges(case)
    net = case.request.amount - sum((charge.amount for charge in charges), ZERO)
    opened = case.participant.account(case.request.account)
    account, legs = invest(opened or Account(case.request.account, case.day), case.at, shares, net, lock)
    if not any(leg.units for leg in legs):
        return (finding(Reason.NOTHING_TO_DEPOSIT, amount=case.request.amount, net=net),)
    account = come_back(with_purchase(case.terms, account, case.request.amount), case.request)
    done = Done(
        with_payment(case, with_contribution(case, case.participant.with_account(account))),
        "deposit",
        _rules(case, charges, legs, opens=opened is None),
        _body(case, charges, legs, opens=opened is None),
    )
    return done if lock is None else _under(case, lock, shares, done)


def _under(case: Case[DepositRequest], lock: RateLock, shares: Shares, done: Done) -> Done:
    """The same under a rate lock: what was compared, and the lock used, where it is of an option that took money."""
    compared = dict(line for share in shares for line in comparison(case.at, share, lock))
    if not compared:
        return done
    participant = changed(done.participant, rate_lock=changed(lock, unused=False))
    details = {**done.body["details"], "rate_lock": lock.request_id, **compared}
    return Done(participant, done.kind, cited(*done.rules, "GAA-7"), {**done.body, "details": details})


def shares_for(case: Case[DepositRequest]) -> Shares:
    """The request's own allocation, else the account's (DEP-2); empty where there is neither. What is reinvested goes
    back in the proportions in which it was held (WDL-10).
    """
    if case.request.source is Source.REINVESTMENT:
        return proportions(case.at, case.participant.account(case.request.account))
    if case.request.allocation is not None:
        return shares_of(case.request.allocation)
    account = case.participant.account(case.request.account)
    return account.allocation if account is not None else ()


def _authorised(case: Case[DepositRequest], shares: Shares) -> Iterator[Finding]:
    del shares
    return authorised(case)


def _has_account(case: Case[DepositRequest], shares: Shares) -> Iterator[Finding]:
    """ACC-1: into an open account, or one that the contract lets its first deposit open."""
    del shares
    yield from account_allowed(case.terms, case.request.account)
    if case.participant.account(case.request.account) is not None or not case.terms.accounts_open_by_deposit:
        yield from existing_account(case.participant, case.request.account)


def _has_allocation(case: Case[DepositRequest], shares: Shares) -> Iterator[Finding]:
    if not shares and case.request.source is not Source.REINVESTMENT:
        yield finding(Reason.NO_ALLOCATION, where="allocation", account=case.request.account.value)
    yield from allocation_defects(case.terms, shares, "allocation")


CHECKS = (_authorised, _has_account, _has_allocation)


def _charges(case: Case[DepositRequest]) -> tuple[Charge, ...]:
    """Premium tax, where it is due at deposit, and sales charge, each of the gross deposit and each rounded (DEP-1)."""
    gross, terms = case.request.amount, case.terms
    tax = terms.premium_tax_percent if terms.premium_tax_due == "deposit" else ZERO
    if not (tax or terms.sales_charge_percent) or not bears_charges(case):
        return ()
    taken = (
        _charge("premium_tax", tax, gross),
        _charge("sales_charge", terms.sales_charge_percent, gross),
    )
    return tuple(charge for charge in taken if charge.amount)


def _charge(what: Literal["premium_tax", "sales_charge"], percent: Decimal, gross: Decimal) -> Charge:
    basis = f"{plain(percent)}% of {plain(gross)}"
    return Charge(what=what, amount=cents(gross * percent / 100), basis=basis, rules=("DEP-1",))


def _rules(case: Case[DepositRequest], charges: tuple[Charge, ...], legs: list[Leg], *, opens: bool) -> tuple[str, ...]:
    before = (*(["ACC-1"] if opens else []), *(["DEP-1"] if charges else []))
    shared = "WDL-10" if case.request.source is Source.REINVESTMENT else "DEP-2"
    loan = ("WDL-9",) if case.request.source is Source.LOAN_REPAYMENT else ()
    of_money = (*contribution_rules(case), *payment_rules(case))
    return cited("GEN-2", *before, *loan, shared, "DEP-4", *rules_of(legs), *of_money, "GEN-7")


def _body(case: Case[DepositRequest], charges: tuple[Charge, ...], legs: list[Leg], *, opens: bool) -> dict[str, Any]:
    request = case.request
    details = {"source": request.source.value}
    if request.remittance_id is not None:
        details["remittance_id"] = request.remittance_id
    if opens:
        details["account_opened"] = "by this deposit"
    details |= contribution_details(case) | payment_details(case)
    return {
        "account": request.account,
        "received": request.amount,
        "legs": tuple(legs),
        "charges": charges,
        "rounding": sum((leg.rounding for leg in legs), ZERO),
        "debits": request.amount,
        "credits": sum((leg.dollars for leg in legs), ZERO) + sum((charge.amount for charge in charges), ZERO),
        "details": details,
    }
