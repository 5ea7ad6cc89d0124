"""What may stand against a withdrawal, told in three steps: by the request alone, by the accounts that it draws on, and
by what it would take. Every finding of a step is told (GEN-3); a step is looked at once the ones before found nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from contracts_schema.outcomes import Finding
from contracts_schema.requests import WithdrawalRequest
from contracts_schema.terms import AccountType
from services.domain.cases import Case, account_allowed, authorised, existing_account
from services.domain.choosing import choice_defects, overlapping
from services.domain.loans import loan_defects
from services.domain.positive import event_defects
from services.domain.selling import Sale
from services.domain.sources import View
from services.domain.verdicts import Refused
from services.domain.withdrawal_limits import over_its_limit
from services.domain.withholding import birth_defects

Check = Callable[[Case[WithdrawalRequest], View], Iterator[Finding]]
"""Why an account may not be drawn on as requested."""
DrawnCheck = Callable[[Case[WithdrawalRequest], View, Sequence[Sale]], Iterator[Finding]]
"""Why what would be taken of an account may not be."""


def refused_as_made(case: Case[WithdrawalRequest], accounts: Sequence[AccountType]) -> Refused:
    """What the request itself has against it: sender, accounts and dates (GEN-3, ACC-1, MVA-7)."""
    return (
        *authorised(case),
        *[found for account in accounts for found in account_allowed(case.terms, account)],
        *_existing(case, accounts),
        *event_defects(case.request, case.day),
        *birth_defects(case.request, case.day),
        *loan_defects(case, accounts),
    )


def _existing(case: Case[WithdrawalRequest], accounts: Sequence[AccountType]) -> Iterator[Finding]:
    """ACC-1: every account; of a participant without any that is told once."""
    for account in accounts if case.participant.accounts else accounts[:1]:
        yield from existing_account(case.participant, account)


def refused_of(case: Case[WithdrawalRequest], views: Sequence[View]) -> Refused:
    """What the accounts, before anything is drawn on them, have against the request."""
    return (
        *_legs(case, views),
        *[found for view in views for check in CHECKS for found in check(case, view)],
    )


def refused_as_drawn(case: Case[WithdrawalRequest], view: View, sales: Sequence[Sale]) -> Refused:
    """What stands against taking so much of each holding of an account."""
    return tuple([found for check in DRAWN_CHECKS for found in check(case, view, sales)])


def _legs(case: Case[WithdrawalRequest], views: Sequence[View]) -> Iterator[Finding]:
    """GEN-3, GAA-6, WDL-11: legs of options that the contract has, and that one of the accounts holds."""
    legs = case.request.from_
    if legs is None:
        return
    for at, leg in enumerate(legs):
        found = [tuple(choice_defects(case.terms, view.account, leg, f"from[{at}]")) for view in views]
        yield from found[0] if all(found) else ()
    yield from overlapping(legs)


CHECKS: tuple[Check, ...] = ()
DRAWN_CHECKS: tuple[DrawnCheck, ...] = (over_its_limit,)
