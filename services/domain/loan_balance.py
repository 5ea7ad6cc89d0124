"""Balances that the loan system sends (WDL-9).

A balance counts from its trade date on, and takes the place of the one before of the same account, or of the
participant. One of an earlier day than the balance that is known came late, and is rejected.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from contracts_schema.loan_instructions import LoanBalance
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction
from contracts_schema.terms import AccountType
from contracts_schema.types import plain
from contracts_schema.values import changed
from services.domain.cases import Case, authorised, existing_account
from services.domain.loans import lending_defects, outstanding
from services.domain.loans_held import LoanOutstanding
from services.domain.state import Participant
from services.domain.verdicts import Done, Verdict, finding


def record_balance(case: Case[AccountInstruction], order: LoanBalance) -> Verdict:
    """Keep what is outstanding, as the loan system says."""
    refused = (
        *authorised(case),
        *known(case, order.account),
        *lending_defects(case.terms, order.account, "instruction.account"),
    )
    refused = refused or (*_of_the_other_kind(case, order), *_out_of_order(case, order))
    if refused:
        return refused
    before = outstanding(case.participant, order.account)
    participant = with_balance(case.participant, order.account, order.balance, order.balance_on)
    details = {
        "balance": plain(order.balance),
        "balance_before": plain(before),
        "balance_on": order.balance_on.isoformat(),
    }
    return Done(
        participant, "loan_balance_recorded", ("GEN-2", "WDL-9"), {"account": order.account, "details": details}
    )


def known(case: Case[AccountInstruction], account: AccountType | None) -> Iterator[Finding]:
    """GEN-3: a known participant, with the account if one is named."""
    if account is not None:
        yield from existing_account(case.participant, account)
    elif not case.participant.accounts:
        participant_id = case.participant.participant_id
        yield finding(Reason.UNKNOWN_PARTICIPANT, where="participant_id", participant_id=participant_id)


def with_balance(participant: Participant, account: AccountType | None, balance: Decimal, day: date) -> Participant:
    """The participant with a balance in place of the one before. Balances of accounts and of the participant do not
    stand beside each other: a contract that goes over to the other kind begins with its first.
    """
    of_kind = [loan for loan in participant.loans if (loan.account is None) == (account is None)]
    others = tuple(loan for loan in of_kind if loan.account != account)
    return changed(participant, loans=(*others, LoanOutstanding(account, balance, day)))


def _of_the_other_kind(case: Case[AccountInstruction], order: LoanBalance) -> Iterator[Finding]:
    """That the contract's balances are of accounts and this one is not, or the other way round."""
    assert case.terms.loans is not None, "a contract without loans was refused"
    wanted = case.terms.loans.balances
    if (wanted == "account") != (order.account is not None):
        yield finding(Reason.LOAN_BALANCE_BASIS, where="instruction.account", balances_of=wanted)


def _out_of_order(case: Case[AccountInstruction], order: LoanBalance) -> Iterator[Finding]:
    latest = next((loan.day for loan in case.participant.loans if loan.account == order.account), None)
    if order.balance_on > case.day:
        yield finding(
            Reason.LOAN_BALANCE_IN_FUTURE,
            where="instruction.balance_on",
            balance_on=order.balance_on,
            trade_date=case.day,
        )
    elif latest is not None and order.balance_on < latest:
        yield finding(
            Reason.LOAN_BALANCE_LATE, where="instruction.balance_on", balance_on=order.balance_on, known_on=latest
        )
