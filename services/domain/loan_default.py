"""A loan in default: what is outstanding is deducted, never from the Roth account unless the plan permits it (WDL-9).

The documents say no more than which accounts it is deducted from. Decided is so: it is taken pro rata from every
option, as a withdrawal that pays so many dollars, with the adjustment of what is drawn of guaranteed terms, whether
positive or negative (MVA-7), and without any other charge; against limits it counts as a loan (WDL-6). Where no account
is named, a balance of the participant is shared by what the accounts would pay, balances of accounts are deducted each
from its own; cents left over go to the largest, ties to the first. What the accounts do not pay is not deducted in
part: the loan system may send an amount that can be (WDL-11).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from contracts_schema.figures import Leg
from contracts_schema.loan_instructions import LoanDefault
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction
from contracts_schema.terms import AccountType
from contracts_schema.types import plain
from contracts_schema.values import Value, changed
from services.domain.cases import Case, account_in, authorised
from services.domain.death_benefit import less_withdrawn
from services.domain.draws import Holding, draw_gross, draw_net, everything
from services.domain.limits import Taking, recorded
from services.domain.loan_balance import known
from services.domain.loans import lending_defects, outstanding, touched
from services.domain.numbers import ZERO
from services.domain.selling import Sale, mva_block, mva_rules, sell
from services.domain.sources import View, whole_account
from services.domain.state import Participant
from services.domain.verdicts import Done, Refused, Verdict, cited, finding
from services.domain.window import Attempt, drawn_with_windows


class _Part(Value, frozen=True):
    """What is deducted of one account."""

    account: AccountType
    dollars: Decimal


class _Deducted(Value, frozen=True):
    """The books so far, the accounts that were drawn on, what was taken of them, and the legs of it."""

    participant: Participant
    accounts: tuple[AccountType, ...] = ()
    sales: tuple[Sale, ...] = ()
    legs: tuple[Leg, ...] = ()


def default_loan(case: Case[AccountInstruction], order: LoanDefault) -> Verdict:
    """Deduct a loan in default of the accounts it may be taken of: all that is asked, or nothing."""
    refused = (
        *authorised(case),
        *known(case, order.account),
        *lending_defects(case.terms, order.account, "instruction.account"),
    )
    if refused:
        return refused
    due = _outstanding(case, order)
    amount = due if order.amount is None else order.amount
    if not due or amount > due:
        where = None if order.amount is None else "instruction.amount"
        return (finding(Reason.LOAN_DEFAULT_EXCEEDS, where=where, requested=amount, outstanding=due),)
    return _deducted(case, order, amount)


def _types(case: Case[AccountInstruction], order: LoanDefault) -> list[AccountType]:
    return [each.type for each in touched(case.terms, case.participant) if order.account in (None, each.type)]


def _outstanding(case: Case[AccountInstruction], order: LoanDefault) -> Decimal:
    """The balances of the accounts that the default is of, and the participant's."""
    balances = (outstanding(case.participant, type_) for type_ in (*_types(case, order), None))
    return sum(balances, ZERO)


def _deducted(case: Case[AccountInstruction], order: LoanDefault, amount: Decimal) -> Verdict:
    of_participant = bool(outstanding(case.participant, None))
    weights = [
        _Part(type_, _payable(case, type_) if of_participant else outstanding(case.participant, type_))
        for type_ in _types(case, order)
    ]
    available = sum((part.dollars for part in weights), ZERO)
    if amount > available:
        return (_insufficient(amount, available),)
    found = _Deducted(case.participant)
    parts = _shared(weights, amount)
    for part in parts:
        after = _of_account(case, found, part, several=len(parts) > 1)
        if not isinstance(after, _Deducted):
            return after
        found = changed(after, participant=_less_outstanding(after.participant, part, case.day))
    return Done(found.participant, "loan_default", _rules(found), _body(case, order, found, amount))


def _payable(case: Case[AccountInstruction], type_: AccountType) -> Decimal:
    """What all of an account would pay after adjustment; zero where that is not known, which is told later."""
    drawable = whole_account(View(case.at, account_in(case.participant, type_)))
    return sum((draw.pays for draw in everything(drawable.sources)), ZERO)


def _shared(weights: list[_Part], amount: Decimal) -> list[_Part]:
    """Dollars shared by weights that are no less together, in whole cents (DEP-2); parts of nothing left out."""
    sources = [(Holding(part.account, part.dollars),) for part in weights]
    draws = draw_gross(sources, amount)
    assert draws is not None, "an amount beyond the weights was refused"
    return [_Part(AccountType(draw.holding.option), draw.taken) for draw in draws if draw.taken]


def _of_account(
    case: Case[AccountInstruction], before: _Deducted, part: _Part, *, several: bool
) -> _Deducted | Refused:
    """One account after its part of the deduction; or why it cannot be taken."""
    account = account_in(before.participant, part.account)

    def attempt(view: View) -> Attempt:
        sources, refused = whole_account(view)
        draws = None if refused else draw_net(sources, part.dollars)
        if draws is None:
            return Attempt(refused or (_insufficient(part.dollars, _payable(case, part.account)),))
        sales = tuple(Sale(draw) for draw in draws)
        after, legs = sell(view, sales)
        after = less_withdrawn(after, sum((draw.taken for draw in draws), ZERO), view.value())
        after = recorded(Taking(view, "loan", case.received), after, sales)
        books = before.participant.with_account(after)
        return Attempt(Done(books, "loan_default", (), {"sales": sales, "legs": tuple(legs)}), draws)

    found = drawn_with_windows(View(case.at, account), attempt)
    if not isinstance(found, Done):
        return found
    legs = [leg.model_copy(update={"account": part.account}) for leg in found.body["legs"]]
    return _Deducted(
        found.participant,
        (*before.accounts, part.account),
        (*before.sales, *found.body["sales"]),
        (*before.legs, *(legs if several else found.body["legs"])),
    )


def _insufficient(amount: Decimal, payable: Decimal) -> Finding:
    rules = ("WDL-9", "WDL-11")
    return finding(Reason.INSUFFICIENT_VALUE, rules=rules, requested=amount, available_after_mva=payable)


def _less_outstanding(participant: Participant, part: _Part, day: date) -> Participant:
    """The balance, of the account or of the participant, less what was deducted on a day; one of an earlier day that
    comes later does not know of the deduction.
    """
    loans = tuple(
        changed(loan, balance=loan.balance - part.dollars, day=max(loan.day, day))
        if loan.account in (None, part.account)
        else loan
        for loan in participant.loans
    )
    return changed(participant, loans=loans)


def _rules(found: _Deducted) -> tuple[str, ...]:
    return cited("GEN-2", "WDL-9", "WDL-1", "WDL-3", *mva_rules(found.sales), "WDL-14", "GEN-7")


def _body(case: Case[AccountInstruction], order: LoanDefault, found: _Deducted, amount: Decimal) -> dict[str, Any]:
    taken = sum((sale.draw.taken for sale in found.sales), ZERO)
    several = len(found.accounts) > 1
    left = _outstanding(changed(case, participant=found.participant), order)
    return {
        **({"accounts": found.accounts} if several else {"account": found.accounts[0]}),
        "gross": taken,
        "paid": amount,
        "legs": found.legs,
        "mva": mva_block(found.sales, with_accounts=several),
        "rounding": sum((leg.rounding for leg in found.legs), ZERO),
        "debits": taken + max(amount - taken, ZERO),
        "credits": amount + max(taken - amount, ZERO),
        "details": {"outstanding_before": plain(left + amount), "outstanding_after": plain(left)},
    }
