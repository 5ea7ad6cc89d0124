"""Which rules decide a request, whether they can at once, and what the door found wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from contracts_schema.entries import RequestEntry
from contracts_schema.income_election import IncomeElection
from contracts_schema.instructions import (
    ChangeAllocation,
    ExperienceCredit,
    MaturityElection,
    OpenAccount,
    RateLockElection,
    ReinvestmentElection,
)
from contracts_schema.loan_instructions import LoanBalance, LoanDefault
from contracts_schema.orders import CloseAccount, ServiceCost
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction, AnyRequest, DepositRequest, TransferRequest, WithdrawalRequest
from contracts_schema.rules import clauses
from services.domain.account_closing import close_account
from services.domain.cases import Case, not_authorised
from services.domain.deposits import deposit, shares_for
from services.domain.experience import credit_experience
from services.domain.fees import fee_due
from services.domain.forgetting import recent
from services.domain.income_election import elect_income
from services.domain.instructions import change_allocation, elect_maturity, open_account
from services.domain.loan_balance import record_balance
from services.domain.loan_default import default_loan
from services.domain.market import Market
from services.domain.rate_lock_election import elect_rate_lock
from services.domain.reinvestment import elect_reinvestment
from services.domain.service_costs import deduct_cost
from services.domain.state import Participant
from services.domain.transfers import transfer
from services.domain.valuation import Valuation
from services.domain.verdicts import Refused, Verdict, finding
from services.domain.withdrawals import withdrawal


def verdict(
    market: Market, books: Participant, request: AnyRequest, day: date, received_on: date | None = None
) -> Verdict:
    """Decide a request on its trade date by the terms in force on it (GEN-6); cancellations are `decide`'s.

    `received_on` is the calendar day of receipt in New York; entries of release 0.1 do not tell it.
    """
    covered = min((account.opened for account in books.accounts), default=day)
    terms = market.terms_for(request.contract_id, day, covered)
    if terms is None:
        return (finding(Reason.UNKNOWN_CONTRACT, where="contract_id", contract_id=request.contract_id, trade_date=day),)
    at = Valuation(market, terms, day)
    if isinstance(request, DepositRequest):
        return deposit(Case(at, books, request), received_on or day)
    if isinstance(request, TransferRequest):
        return transfer(Case(at, books, request, received_on))
    if isinstance(request, WithdrawalRequest):
        return withdrawal(Case(at, books, request, received_on))
    return _instruction(Case(at, books, request), received_on or day)


def _instruction(case: Case[AccountInstruction], received_on: date) -> Verdict:
    order = case.request.instruction
    if isinstance(order, OpenAccount):
        return open_account(case, order)
    if isinstance(order, CloseAccount):
        return close_account(case, order)
    if isinstance(order, LoanBalance | ExperienceCredit):
        return record_balance(case, order) if isinstance(order, LoanBalance) else credit_experience(case, order)
    if isinstance(order, LoanDefault | ServiceCost):
        return default_loan(case, order) if isinstance(order, LoanDefault) else deduct_cost(case, order)
    if isinstance(order, ChangeAllocation):
        return change_allocation(case, order)
    return _election(case, received_on)


def _election(case: Case[AccountInstruction], received_on: date) -> Verdict:
    """Instructions that count by the day of their receipt."""
    order = case.request.instruction
    if isinstance(order, ReinvestmentElection):
        return elect_reinvestment(case, order, received_on)
    if isinstance(order, RateLockElection):
        return elect_rate_lock(case, received_on)
    if isinstance(order, IncomeElection):
        return elect_income(case, order, received_on)
    assert isinstance(order, MaturityElection), (
        "what is not built is a defect, what cancels or blocks is decided elsewhere"
    )
    return elect_maturity(case, order, received_on)


def never_queues(market: Market, request: AnyRequest, day: date) -> bool:
    """An opening or closing is decided at once, in log order, as soon as the contract is known."""
    if not isinstance(request, AccountInstruction) or not isinstance(request.instruction, OpenAccount | CloseAccount):
        return False
    return market.terms_on(request.contract_id, day) is not None


def is_election(request: AnyRequest) -> bool:
    """Whether a request says what becomes of a term at maturity: a close hears of these first (MAT-6)."""
    return isinstance(request, AccountInstruction) and isinstance(request.instruction, MaturityElection)


def at_once(market: Market, books: Participant, request: AnyRequest, day: date) -> bool:
    """Whether nothing that may still arrive for the trade date could change the decision.

    That is so on the frozen day, for a known participant's allocation, election or loan balance and for deposits
    that buy no fund: terms, rates and offerings of that day are on the log for good, prices are not needed. Not where
    a maintenance fee of that day is to come first (MAT-6).
    """
    terms = market.terms_on(request.contract_id, day)
    if day != market.head.frozen or terms is None or not books.accounts or fee_due(books, day):
        return False
    if isinstance(request, DepositRequest):
        at = Valuation(market, terms, day)
        shares = shares_for(Case(at, books, request))
        options = [terms.option_named(share.option) for share in shares]
        return bool(shares) and all(option is not None and at.frozen(option) for option in options)
    orders = (ChangeAllocation, MaturityElection, RateLockElection, ReinvestmentElection, LoanBalance)
    return isinstance(request, AccountInstruction) and isinstance(request.instruction, orders)


def form_defects(market: Market, books: Participant, entry: RequestEntry) -> Refused:
    """Everything not in good order that can be told at once, if the door found anything (GEN-3).

    With a defect of form the request can never be decided, so it does not wait; whether contract and
    participant are known so far, and the submitter authorised, is told with it.
    """
    if not entry.defects:
        return ()
    return (*(_finding(entry, at) for at in range(len(entry.defects))), *_unknown_so_far(market, books, entry))


def _finding(entry: RequestEntry, at: int) -> Finding:
    defect = entry.defects[at]
    return Finding(
        code=defect.code,
        rules=defect.rules,
        clause=clauses(defect.rules),
        message=defect.message,
        field=defect.field,
    )


def _unknown_so_far(market: Market, books: Participant, entry: RequestEntry) -> Iterator[Finding]:
    contract_id = entry.request["contract_id"]
    submitter = entry.request.get("submitted_by")
    if contract_id not in market.terms:
        yield finding(Reason.UNKNOWN_CONTRACT, where="contract_id", contract_id=contract_id)
    elif isinstance(submitter, str):
        recorded = recent(market, entry.trade_date_recorded)
        yield from not_authorised(market.terms_on(contract_id, recorded), submitter)
    if not books.accounts and entry.topic in {"transfer-requests", "withdrawal-requests"}:
        participant_id = entry.request["participant_id"]
        yield finding(Reason.UNKNOWN_PARTICIPANT, where="participant_id", participant_id=participant_id)
