"""What a test is told when something is not as it expects."""

from datetime import date

import pytest

from contracts_schema.testing import AnnuityLedgerInProcess, ExpectationFailedError
from tests.domain import books

DAY = "2021-01-04"


@pytest.fixture
def ledger() -> AnnuityLedgerInProcess:
    """A contract of one fund, and accounts of two people."""
    ledger = AnnuityLedgerInProcess()
    ledger.publish("contract-terms", books.terms(books.fund("F1")))
    for person in ("P1", "P2"):
        opening = books.opening("open", DAY, participant_id=person, allocation=books.shares(F1="100"))
        ledger.publish("account-instructions", opening)
    return ledger


def failure(ledger: AnnuityLedgerInProcess, call: str, request_id: str, **options: object) -> str:
    with pytest.raises(ExpectationFailedError) as failed:
        getattr(ledger, call)(request_id, **options)
    return str(failed.value)


def test_a_request_that_waits_says_for_what(ledger: AnnuityLedgerInProcess) -> None:
    ledger.publish("deposit-requests", books.deposit("d1", DAY, "100.00"))
    said = failure(ledger, "await_confirmation", "d1")
    assert said.startswith("Request d1 has no outcome.\n  It was acknowledged: it waits for ")
    assert "trade date 2021-01-04; the last closed day is none yet." in said
    assert "close_day() closes one" in said
    assert "trusted_submitters" in said


def test_a_request_that_was_never_seen_says_what_was(ledger: AnnuityLedgerInProcess) -> None:
    ledger.publish("deposit-requests", b"{broken")
    said = failure(ledger, "await_outcome", "d1")
    assert "Nothing was seen of it: no acknowledgement, confirmation, rejection or quote." in said
    assert "Answered were open." in said
    assert "1 × NOT_JSON on deposit-requests; the last: " in said


def test_a_rejection_in_place_of_a_confirmation_is_explained(ledger: AnnuityLedgerInProcess) -> None:
    ledger.publish("deposit-requests", books.deposit("d1", DAY, "1e2"))
    ledger.close_day()
    said = failure(ledger, "await_confirmation", "d1")
    assert said.startswith(
        "Request d1: a confirmation was expected, and it was rejected, not in good order (NIGO): "
        "AMOUNT_NOT_A_NUMBER in amount\n"
    )
    assert "GEN-3: E-FA2 §8, receipt in good order" in said


def test_a_rule_of_the_contract_is_not_called_nigo(ledger: AnnuityLedgerInProcess) -> None:
    ledger.close_day()
    taken = {"account": "pretax", "amount": "5.00", "reason": "in_service"}
    ledger.publish("withdrawal-requests", books.request("w1", "2021-01-05") | taken)
    ledger.close_day()
    said = failure(ledger, "await_confirmation", "w1")
    assert "and it was rejected: INSUFFICIENT_VALUE" in said


def test_another_answer_than_expected_is_named(ledger: AnnuityLedgerInProcess) -> None:
    assert "a rejection was expected, and it was confirmed: account opened" in failure(
        ledger, "await_rejection", "open", participant_id="P1"
    )
    assert "an acknowledgement was expected, and it was confirmed" in failure(
        ledger, "await_acknowledgement", "open", participant_id="P2"
    )
    assert "a quote was expected" in failure(ledger, "await_quote", "open", participant_id="P2")


def test_an_id_that_several_have_needs_a_name(ledger: AnnuityLedgerInProcess) -> None:
    assert failure(ledger, "await_outcome", "open") == "Several have a request open: C1|P1, C1|P2. Say whose."


def test_no_day_closes_before_there_are_terms() -> None:
    with pytest.raises(ExpectationFailedError, match="No day can close before terms of a contract are published"):
        AnnuityLedgerInProcess().close_day()


def test_a_day_that_lacks_a_rate_says_which_and_where() -> None:
    ledger = AnnuityLedgerInProcess()
    ledger.publish("contract-terms", books.terms(books.fixed_account_2()))
    with pytest.raises(ExpectationFailedError) as failed:
        ledger.close_through(date(2021, 1, 4))
    assert str(failed.value).splitlines() == [
        "2021-01-04 does not close:",
        "  publish on credited-rates: declared rate of C1|FA2",
        "  publish on credited-rates: one-year minimum 2021 of C1|FA2",
    ]
