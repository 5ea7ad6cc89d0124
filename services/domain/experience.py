"""Experience credits: money that the company adds to an account (ACC-2).

A credit is no deposit: it bears no premium tax and no sales charge, counts as no payment of a cycle and toward no
limit, and is no purchase that a death benefit guarantees. It buys at the values of its trade date.
"""

from __future__ import annotations

from contracts_schema.figures import Leg
from contracts_schema.instructions import ExperienceCredit
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction
from services.domain.allocation import allocation_defects, closed_to, invest, rules_of, shares_of
from services.domain.cases import Case, account_in, authorised, existing_account
from services.domain.fees import with_fee_due
from services.domain.numbers import ZERO
from services.domain.state import Participant
from services.domain.verdicts import Done, Verdict, cited, finding


def credit_experience(case: Case[AccountInstruction], order: ExperienceCredit) -> Verdict:
    """Add a credit to an account on its trade date, by its own allocation or by the account's."""
    refused = (*authorised(case), *existing_account(case.participant, order.account))
    if refused:
        return refused
    account = account_in(case.participant, order.account)
    shares = account.allocation if order.allocation is None else shares_of(order.allocation)
    if not shares:
        return (finding(Reason.NO_ALLOCATION, where="instruction.allocation", account=order.account.value),)
    refused = (*allocation_defects(case.terms, shares, "instruction.allocation"), *closed_to(case.at, shares))
    if refused:
        return refused
    account, legs = invest(account, case.at, shares, order.amount)
    if not any(leg.units for leg in legs):
        return (finding(Reason.NOTHING_TO_DEPOSIT, rules=("ACC-2", "DEP-4"), amount=order.amount, net=order.amount),)
    books = with_fee_due(case.terms, case.participant.with_account(account), order.account, case.day)
    return _done(books, order, legs)


def _done(books: Participant, order: ExperienceCredit, legs: list[Leg]) -> Done:
    rules = cited("GEN-2", "ACC-2", "DEP-2", "DEP-4", *rules_of(legs), "GEN-7")
    body = {
        "account": order.account,
        "received": order.amount,
        "legs": tuple(legs),
        "rounding": sum((leg.rounding for leg in legs), ZERO),
        "debits": order.amount,
        "credits": sum((leg.dollars for leg in legs), ZERO),
    }
    return Done(books, "experience_credited", rules, body)
