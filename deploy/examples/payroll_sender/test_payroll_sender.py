"""The payroll sender held against annuity-ledger: in process, or on Kafka with ANNUITY_LEDGER_TESTING=container."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from contracts_schema.testing import AnnuityLedger, ledger_for_tests
from deploy.examples.payroll_sender.sender import Payroll, send_run

RUN = Path(__file__).parent / "payroll-2024-03-01.csv"
RECEIVED_AT = datetime.fromisoformat("2024-03-01T10:30:00-05:00")
PAYROLL = Payroll("ACME-457", "acme-payroll")
PEOPLE = ("E1", "E2", "E3", "E4")
TERMS = {
    "contract_id": "ACME-457",
    "version": 1,
    "effective_from": "2024-03-01",
    "title": "ACME 457(b) plan",
    "charge_class": "standard",
    "accounts": ["pretax", "employer", "roth"],
    "options": [{"kind": "fund", "option": "INDEX", "fund": "INDEX"}],
    "submitters": [{"submitted_by": "acme-payroll", "received_at_trusted": True}],
    "contribution_limits": {"by_year": [{"year": 2024, "limit": "23000.00"}]},
}


ACCOUNTS = ("pretax", "employer", "roth")


@pytest.fixture(scope="module")
def sent() -> Iterator[AnnuityLedger]:
    """A ledger to which the run was sent, and the day's price."""
    with ledger_for_tests() as ledger:
        ledger.publish("contract-terms", TERMS)
        ledger.publish("account-instructions", *(_opening(person, kind) for person in PEOPLE for kind in ACCOUNTS))
        send_run(RUN, PAYROLL, RECEIVED_AT, ledger.producer())
        ledger.await_acknowledgement("payroll-2024-03-01-1")
        ledger.close_day({"INDEX": "12.500000"})
        yield ledger


def test_a_deduction_is_confirmed_at_the_close_of_its_day(sent: AnnuityLedger) -> None:
    confirmation = sent.await_confirmation("payroll-2024-03-01-1")
    (leg,) = confirmation.legs
    assert str(confirmation.trade_date) == "2024-03-01"
    assert (leg.units, leg.index, leg.dollars) == (Decimal("20.000000"), Decimal("12.500000"), Decimal("250.00"))


def test_a_wrong_line_is_not_in_good_order_and_the_others_are_done(sent: AnnuityLedger) -> None:
    rejection = sent.await_rejection("payroll-2024-03-01-3")
    (reason,) = rejection.reasons
    assert (reason.code.value, reason.field) == ("AMOUNT_NOT_A_NUMBER", "amount")
    assert reason.rules[0] == "GEN-3"
    assert len(sent.rejections()) == 2
    assert len([done for done in sent.confirmations() if done.kind == "deposit"]) == 4


def test_more_than_the_year_allows_is_rejected_with_the_clause(sent: AnnuityLedger) -> None:
    rejection = sent.await_rejection("payroll-2024-03-01-4")
    (reason,) = rejection.reasons
    assert reason.code.value == "CONTRIBUTION_LIMIT_EXCEEDED"
    assert reason.clause == "DEP-7: ROTH, Contribution Limits"
    assert rejection.possible_from is None, "not in any year: it is more than a whole year's limit"


def test_the_run_sent_twice_is_done_once(sent: AnnuityLedger) -> None:
    before = sent.confirmations(), sent.rejections()
    ids = send_run(RUN, PAYROLL, RECEIVED_AT, sent.producer())
    assert (sent.confirmations(), sent.rejections()) == before
    assert [sent.answers(each).repeats for each in ids] == [1] * 6


def test_the_remittance_adds_up(sent: AnnuityLedger) -> None:
    (notice,) = sent.remittance_notices()
    assert (notice.kind, notice.lines_received, notice.lines_unreadable) == ("remittance_complete", 6, 1)


def _opening(person: str, account: str) -> dict[str, object]:
    allocation = [{"option": "INDEX", "percent": "100"}]
    return {
        "request_id": f"open-{person}-{account}",
        "contract_id": "ACME-457",
        "participant_id": person,
        "submitted_by": "acme-payroll",
        "received_at": "2024-03-01T09:00:00-05:00",
        "instruction": {"kind": "open_account", "account": account, "allocation": allocation},
    }
