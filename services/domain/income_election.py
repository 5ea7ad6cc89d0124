"""Electing an annuity option, and applying an amount to it (INC-1..4, FIX-3).

What the documents leave open is decided so:
- The endorsement bounds the years of option 3 for amounts of funds, the GA Account, the Fixed Account and Fixed Account
  2, and its paragraph on the Fixed Plus Account is not among the documents: the same bounds hold for all.
- The amount is applied on the election's trade date, at that day's values, and leaves the account; later elections may
  apply more. First payment dates are chosen by the owner, from the trade date on.
- The notice for variable payments counts from the day of receipt in New York to that of the first payment (INC-2).
- Annuity units are the shares of the first payment, as it would be by the assumed rate, divided by the annuity unit
  values of the trade date; every payment, the first too, is worth what they are on its day (INC-4).
- A lifetime option is recorded with the amount applied: what it pays follows from tables that are not among the
  documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from contracts_schema.figures import Leg
from contracts_schema.income import IncomeTerms
from contracts_schema.income_election import IncomeElection
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction, WithdrawalRequest
from contracts_schema.values import Value, changed
from services.domain.allocation import allocation_defects, shares_of
from services.domain.cases import Case, account_allowed, account_in, authorised, existing_account
from services.domain.choosing import rules_of_choice
from services.domain.death_benefit import less_withdrawn
from services.domain.income_bought import Bought, bought
from services.domain.income_drawn import Drawn, as_withdrawal, drawn, leg_defects
from services.domain.loans import loan_details, loan_rules
from services.domain.numbers import ZERO
from services.domain.selling import Sale, mva_block, mva_rules, sell
from services.domain.sources import View
from services.domain.verdicts import Done, Verdict, cited, finding
from services.domain.window import Attempt, drawn_with_windows
from services.domain.withdrawal_limits import with_uses_of


class _Elected(Value, frozen=True):
    """An election, the terms of income that it is made under, and the withdrawal that it is drawn as."""

    case: Case[AccountInstruction]
    order: IncomeElection
    terms: IncomeTerms
    asked: Case[WithdrawalRequest]


def elect_income(case: Case[AccountInstruction], order: IncomeElection, received_on: date) -> Verdict:
    """Apply an amount to an annuity option, or say every reason why it cannot be."""
    refused = (
        *authorised(case),
        *account_allowed(case.terms, order.account),
        *existing_account(case.participant, order.account),
    )
    if refused:
        return refused
    income = case.terms.income
    if income is None:
        return (finding(Reason.INCOME_NOT_GIVEN),)
    elected = _Elected(case, order, income, as_withdrawal(case, order))
    view = View(case.at, account_in(case.participant, order.account))
    refused = (
        *_years(elected),
        *_first_payment(elected, received_on),
        *_funds(elected),
        *leg_defects(elected.asked, view),
    )
    return refused or drawn_with_windows(view, lambda each: _attempt(elected, each))


def _years(elected: _Elected) -> Iterator[Finding]:
    """INC-3: option 3 pays for a number of years that the contract bounds."""
    years, terms = elected.order.years, elected.terms
    if years is not None and not terms.shortest_years <= years <= terms.longest_years:
        yield finding(
            Reason.YEARS_OUT_OF_RANGE,
            where="instruction.years",
            years=years,
            shortest=terms.shortest_years,
            longest=terms.longest_years,
        )


def _first_payment(elected: _Elected, received_on: date) -> Iterator[Finding]:
    """INC-2, INC-3: not before the trade date, and with the notice that variable payments need."""
    first, day, variable = elected.order.first_payment, elected.case.day, elected.terms.variable
    rules, earliest = ("INC-3",), day
    if elected.order.payments == "variable" and variable is not None:
        noticed = received_on + timedelta(days=variable.notice_days)
        rules, earliest = (("INC-2",), noticed) if noticed > day else (rules, day)
    if first < earliest:
        yield finding(
            Reason.FIRST_PAYMENT_TOO_SOON,
            rules=rules,
            where="instruction.first_payment",
            first_payment=first,
            earliest=earliest,
            received_on=received_on,
            trade_date=day,
        )


def _funds(elected: _Elected) -> Iterator[Finding]:
    """INC-2, INC-4: variable payments are of funds available during the income phase."""
    if elected.order.funds is None:
        return
    variable = elected.terms.variable
    if variable is None:
        yield finding(Reason.VARIABLE_NOT_GIVEN, where="instruction.payments")
        return
    shares = shares_of(elected.order.funds)
    yield from allocation_defects(elected.case.terms, shares, "instruction.funds")
    for at, share in enumerate(shares):
        if elected.case.terms.option_named(share.option) is not None and share.option not in variable.options:
            available = ", ".join(variable.options)
            where = f"instruction.funds[{at}].option"
            yield finding(Reason.FUND_NOT_FOR_INCOME, where=where, option=share.option, available=available)


def _attempt(elected: _Elected, view: View) -> Attempt:
    found = drawn(elected.asked, view)
    if not isinstance(found, Drawn):
        return Attempt(found)
    return Attempt(_applied(elected, view, found), found.draws)


def _applied(elected: _Elected, view: View, found: Drawn) -> Verdict:
    """Sell, and buy the annuity with what that comes to."""
    case, order = elected.case, elected.order
    annuity = bought(case, order, elected.terms, found.applied)
    if annuity is None:
        return (finding(Reason.NOTHING_TO_APPLY, applied=found.applied),)
    sales = [Sale(draw) for draw in found.draws]
    account, legs = sell(view, sales)
    account = less_withdrawn(account, found.taken, view.value())
    account = with_uses_of(elected.asked, account, view, sales)
    account = changed(account, annuitised=account.annuitised or case.day, incomes=(*account.incomes, annuity.income))
    taken = {order.account: found.taken}
    of_loans = loan_rules(elected.asked, taken)
    charged = (rule for charge in found.charges for rule in charge.rules)
    rules = cited("GEN-2", "WDL-1", *_rules_of_sale(elected, found), *of_loans, *charged, *annuity.rules, "GEN-7")
    body = _body(order, found, legs, annuity)
    body["details"] |= loan_details(elected.asked, taken)
    return Done(case.participant.with_account(account), "income_elected", rules, body)


def _rules_of_sale(elected: _Elected, found: Drawn) -> tuple[str, ...]:
    """Those of what was chosen, and of guaranteed terms, whose money is transferred out of them to fund income."""
    options = [draw.holding.option for draw in found.draws]
    choice = rules_of_choice(elected.case.terms, options, elected.asked.request.from_ or ())
    reckoned = mva_rules([Sale(draw) for draw in found.draws], found.only_positive)
    return (*choice, "INC-1", *reckoned) if reckoned else choice


def _body(order: IncomeElection, found: Drawn, legs: list[Leg], annuity: Bought) -> dict[str, Any]:
    mva, off = found.adjustment, sum((charge.amount for charge in found.charges), ZERO)
    return {
        "account": order.account,
        "gross": found.taken,
        "applied": found.applied,
        "legs": tuple(legs),
        "charges": found.charges,
        "mva": mva_block([Sale(draw) for draw in found.draws], found.only_positive),
        "annuity_units": annuity.lines or None,
        "rounding": sum((leg.rounding for leg in legs), ZERO),
        "debits": found.taken + max(mva, ZERO),
        "credits": found.applied + off + max(-mva, ZERO),
        "details": annuity.details,
    }
