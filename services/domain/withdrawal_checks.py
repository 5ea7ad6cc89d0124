"""What may stand against a withdrawal, told in three steps: by the request alone, by the account that it draws on, and
by what it would take. Every finding of a step is told (GEN-3); a step is looked at once the ones before found nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from contracts_schema.outcomes import Finding
from contracts_schema.requests import WithdrawalRequest
from contracts_schema.terms import AccountType
from services.domain.cases import Case, account_allowed, authorised, existing_account
from services.domain.choosing import choice_defects, overlapping
from services.domain.loans import beyond_loans, loan_defects
from services.domain.numbers import ZERO
from services.domain.positive import event_defects
from services.domain.selling import Sale
from services.domain.sources import View
from services.domain.verdicts import Refused

Check = Callable[[Case[WithdrawalRequest], View], Iterator[Finding]]
"""Why an account may not be drawn on as requested."""
DrawnCheck = Callable[[Case[WithdrawalRequest], View, Sequence[Sale]], Iterator[Finding]]
"""Why what would be taken of an account may not be."""


def refused_as_made(case: Case[WithdrawalRequest], account: AccountType) -> Refused:
    """What the request itself has against it: sender, account and event (GEN-3, ACC-1, MVA-7)."""
    return (
        *authorised(case),
        *account_allowed(case.terms, account),
        *existing_account(case.participant, account),
        *event_defects(case.request, case.day),
    )


def refused_of(case: Case[WithdrawalRequest], view: View) -> Refused:
    """What an account, before anything is drawn on it, has against the request."""
    return tuple(found for check in CHECKS for found in check(case, view))


def refused_as_drawn(case: Case[WithdrawalRequest], view: View, sales: Sequence[Sale]) -> Refused:
    """What stands against taking so much of each holding of an account."""
    return tuple(found for check in DRAWN_CHECKS for found in check(case, view, sales))


def _legs(case: Case[WithdrawalRequest], view: View) -> Iterator[Finding]:
    """GEN-3, GAA-6, WDL-11: legs of options that the contract has, and that are held."""
    legs = case.request.from_ or ()
    for at, leg in enumerate(legs):
        yield from choice_defects(case.terms, view.account, leg, f"from[{at}]")
    yield from overlapping(legs)


def _beyond_loans(case: Case[WithdrawalRequest], view: View, sales: Sequence[Sale]) -> Iterator[Finding]:
    """WDL-9: what must stay for a loan outstanding."""
    return beyond_loans(case.at, case.participant, view.account, sum((sale.draw.taken for sale in sales), ZERO))


CHECKS: tuple[Check, ...] = (_legs, loan_defects)
DRAWN_CHECKS: tuple[DrawnCheck, ...] = (_beyond_loans,)
