"""A request before its rules: the books, the market and the terms it is decided by, and what all kinds share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Generic, TypeVar

from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import Request
from contracts_schema.terms import AccountType, ContractTerms
from contracts_schema.values import Value
from services.domain.state import Account, Participant
from services.domain.valuation import Valuation
from services.domain.verdicts import finding

RequestT_co = TypeVar("RequestT_co", bound=Request, covariant=True)


class Case(Value, Generic[RequestT_co], frozen=True):
    """Everything a decision may look at; `at` holds the trade date (GEN-2), its terms and its values. `received_on` is
    the calendar day of receipt in New York; entries of release 0.1 do not tell it.
    """

    at: Valuation
    participant: Participant
    request: RequestT_co
    received_on: date | None = None

    @property
    def terms(self) -> ContractTerms:
        """The terms in force on the trade date (GEN-6)."""
        return self.at.terms

    @property
    def day(self) -> date:
        """The trade date."""
        return self.at.day

    @property
    def received(self) -> date:
        """The day of receipt, the trade date where that is not known."""
        return self.received_on or self.at.day


def authorised(case: Case[Request]) -> Iterator[Finding]:
    """GEN-3: where the terms name submitters, only those may act."""
    return not_authorised(case.terms, case.request.submitted_by)


def not_authorised(terms: ContractTerms | None, submitter: str) -> Iterator[Finding]:
    """The same by name; nothing where no terms are in force."""
    if terms is not None and terms.submitters and terms.submitter_named(submitter) is None:
        yield finding(Reason.SUBMITTER_NOT_AUTHORISED, where="submitted_by", submitted_by=submitter)


def account_allowed(terms: ContractTerms, account: AccountType) -> Iterator[Finding]:
    """ACC-1: the contract's types of Individual Account."""
    if account not in terms.accounts:
        allowed = ", ".join(terms.accounts)
        yield finding(Reason.ACCOUNT_NOT_ALLOWED, where="account", account=account.value, allowed=allowed)


def existing_account(participant: Participant, account: AccountType) -> Iterator[Finding]:
    """GEN-3, ACC-1: a known participant with an account of this type, and that open."""
    found = participant.account(account)
    if not participant.accounts:
        yield finding(Reason.UNKNOWN_PARTICIPANT, where="participant_id", participant_id=participant.participant_id)
    elif found is None:
        yield finding(Reason.UNKNOWN_ACCOUNT, where="account", account=account.value)
    elif found.closed is not None:
        yield finding(Reason.ACCOUNT_CLOSED, where="account", account=account.value, closed=found.closed)


def account_in(participant: Participant, account: AccountType) -> Account:
    """The account of a participant whose existence was checked."""
    found = participant.account(account)
    assert found is not None, "existence of the account was checked"
    return found
