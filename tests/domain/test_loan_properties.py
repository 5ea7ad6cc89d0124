"""WDL-9, GEN-7: what holds of every withdrawal and default beside a loan, whatever is held and outstanding."""

from decimal import Decimal
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from contracts_schema.loan_instructions import LoanDefault
from contracts_schema.loans import LoanTerms
from contracts_schema.requests import AccountInstruction, WithdrawalRequest
from contracts_schema.terms import AccountType
from contracts_schema.values import changed
from services.domain.cases import Case
from services.domain.loan_default import default_loan
from services.domain.loans_held import LoanOutstanding
from services.domain.numbers import exact
from services.domain.sources import View
from services.domain.state import Participant
from services.domain.valuation import Valuation
from services.domain.verdicts import Done, Verdict
from services.domain.withdrawals import withdrawal
from tests.domain import books
from tests.domain.books_loans import default
from tests.domain.gaa import TRADE, day
from tests.domain.holders import quantities, valuation
from tests.domain.test_withdrawal_properties import owners

D = Decimal
CENT = D("0.01")
balances = st.decimals("0.01", "100000", places=2)


def lending() -> Valuation:
    at = valuation()
    return changed(at, terms=at.terms.model_copy(update={"loans": LoanTerms()}))


def owing(owner: Participant, balance: Decimal) -> Participant:
    return changed(owner, loans=(LoanOutstanding(None, balance, day(TRADE)),))


@exact
def worth(owner: Participant) -> Decimal:
    """The value of every account before any adjustment."""
    return sum((View(lending(), account).value() for account in owner.accounts), D(0))


@exact
def withdraw(owner: Participant, **what: object) -> Verdict:
    named = {"account": None, "accounts": ["pretax", "employer"][: len(owner.accounts)]}
    message = books.withdrawal("w", TRADE, **named, **what)
    return withdrawal(Case(lending(), owner, WithdrawalRequest.model_validate(message)))


@exact
def in_default(owner: Participant, **more: object) -> Verdict:
    request = AccountInstruction.model_validate(default("d", TRADE, **more))
    assert isinstance(request.instruction, LoanDefault)
    return default_loan(Case(lending(), owner, request), request.instruction)


@given(owners(), balances, quantities)
def test_wdl_9_what_is_outstanding_always_stays(owner: Participant, balance: Decimal, what: dict[str, Any]) -> None:
    """Of all accounts together at least the balance is left, but for the cents of rounding units; and nothing is
    refused for the loan that would have left it.
    """
    owed, free = owing(owner, balance), withdraw(owner, **what)
    found = withdraw(owed, **what)
    if isinstance(found, Done):
        event("withdrawn")
        assert worth(found.participant) >= balance - CENT * len(found.body["legs"])
        assert found.body["gross"] <= worth(owner) - balance
        assert isinstance(free, Done)
        assert {**found.body, "details": {}} == {**free.body, "details": {}}
    elif isinstance(free, Done):
        event("refused for the loan")
        assert {reason.code.value for reason in found} == {"LOAN_OUTSTANDING"}
        assert free.body["gross"] > worth(owner) - balance


@given(owners(), balances)
def test_wdl_9_a_default_deducts_exactly_what_is_outstanding(owner: Participant, balance: Decimal) -> None:
    found = in_default(owing(owner, balance))
    if not isinstance(found, Done):
        assert {reason.code.value for reason in found} <= {"INSUFFICIENT_VALUE"}
        return
    body = found.body
    assert (body["paid"], body["debits"]) == (balance, body["credits"])
    assert [loan.balance for loan in found.participant.loans] == [0]
    taken = -sum((leg.dollars for leg in body["legs"]), D(0))
    adjusted = D(0) if body["mva"] is None else body["mva"].aggregate
    assert (body["gross"], taken + adjusted) == (taken, balance)
    assert worth(found.participant) == worth(owner) - taken + body["rounding"]


@given(owners(), balances)
def test_wdl_9_roth_is_never_touched(owner: Participant, balance: Decimal) -> None:
    """Its account besides the others: withdrawn in full beside any balance, and whole after a default."""
    roth = changed(owner.accounts[0], type=AccountType.ROTH)
    both = owing(changed(owner, accounts=(*owner.accounts, roth)), balance)
    found = in_default(both)
    if isinstance(found, Done):
        assert found.participant.account(AccountType.ROTH) == roth
    alone = changed(both, accounts=(roth,))
    message = {**books.withdrawal("w", TRADE, full=True), "account": "roth"}
    request = WithdrawalRequest.model_validate(message)
    terms = lending().terms
    at = changed(lending(), terms=terms.model_copy(update={"accounts": (*terms.accounts, AccountType.ROTH)}))
    out = exact(withdrawal)(Case(at, alone, request))
    assert isinstance(out, Done) or [each.code.value for each in out] == ["NOTHING_TO_WITHDRAW"]
