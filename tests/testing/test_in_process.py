"""The calls of a ledger for tests, in process: what they publish, what they read, what they say when it is not so."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from contracts_schema.reference import DeclaredRate, FundValue
from contracts_schema.requests import DepositRequest
from contracts_schema.testing import AnnuityLedgerInProcess, ledger_for_tests
from contracts_schema.topics import TOPICS
from tests.domain import books
from tests.testing import stories

DAY = "2021-01-04"


@pytest.fixture
def ledger() -> AnnuityLedgerInProcess:
    """A contract of one fund, and P1's account."""
    ledger = AnnuityLedgerInProcess()
    ledger.publish("contract-terms", books.terms(books.fund("F1")))
    ledger.publish("account-instructions", books.opening("open", DAY, allocation=books.shares(F1="100")))
    return ledger


def test_a_request_from_its_acknowledgement_to_its_confirmation(ledger: AnnuityLedgerInProcess) -> None:
    """100.00 at 12.5 are 8 units."""
    ledger.publish("deposit-requests", books.deposit("d1", DAY, "100.00"))
    assert ledger.await_acknowledgement("d1").trade_date == date(2021, 1, 4)
    assert ledger.last_closed_day is None
    assert ledger.close_day({"F1": "12.500000"}) == date(2021, 1, 4) == ledger.last_closed_day
    (leg,) = ledger.await_confirmation("d1").legs
    assert (leg.units, leg.dollars) == (Decimal(8), Decimal("100.00"))
    assert [each.kind for each in ledger.confirmations("P1")] == ["account_opened", "deposit"]
    values = ledger.account_values("C1", "P1")
    assert values is not None
    assert (values.as_of, values.value) == (date(2021, 1, 4), Decimal("100.00"))
    assert ledger.account_values("C2", "P1") is None
    assert ledger.confirmations("1") == (), "participants are named whole"
    assert ledger.await_acknowledgement("d1").request_id == "d1", "what was acknowledged stays so"


def test_models_objects_and_bytes_are_published_alike() -> None:
    written = []
    message = books.deposit("d1", DAY, "100.00", allocation=books.shares(F1="100"))
    for deposit in (message, DepositRequest.model_validate(message), json.dumps(message).encode()):
        ledger = AnnuityLedgerInProcess()
        ledger.publish("contract-terms", books.terms(books.fund("F1")))
        ledger.publish("deposit-requests", deposit)
        ledger.close_day()
        written.append(ledger.await_confirmation("d1"))
    assert written[0] == written[1] == written[2]


def test_objects_may_hold_decimals_and_dates(ledger: AnnuityLedgerInProcess) -> None:
    value = {"fund": "F1", "charge_class": "A", "valuation_date": date(2021, 1, 4), "unit_value": Decimal("12.500000")}
    ledger.publish("fund-values", value)
    assert ledger.last_closed_day == date(2021, 1, 4)


def test_a_model_of_another_topic_is_refused(ledger: AnnuityLedgerInProcess) -> None:
    value = FundValue(fund="F1", charge_class="A", valuation_date=date(2021, 1, 4), unit_value="10")
    with pytest.raises(TypeError, match=r"contract-terms takes ContractTerms, and this FundValue is none"):
        ledger.publish("contract-terms", value)
    with pytest.raises(ValueError, match="nobody but the service writes to confirmations"):
        ledger.publish("confirmations", value)
    rate = DeclaredRate(kind="declared", contract_id="C1", option="FA2", effective_from=date(2021, 1, 1), rate="0.02")
    ledger.publish("credited-rates", rate)
    assert ledger.alarms() == ()


def test_a_file_is_published_as_the_command_does(ledger: AnnuityLedgerInProcess, tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("line,participant_id,account,source,amount\n1,P1,pretax,salary_reduction,100.00\n")
    columns = {"contract_id": "C1", "remittance_id": "R7", "submitted_by": "acme", "received_at": books.at(DAY)}
    ledger.publish_file(file, **columns)
    (notice,) = ledger.remittance_notices()
    assert (notice.kind, notice.lines_received) == ("remittance_complete", 1)
    file.write_text("line,participant_id\n")
    with pytest.raises(ValueError, match="lacks account, source, amount"):
        ledger.publish_file(file, **columns)


def test_the_producer_is_called_as_the_clients_own(ledger: AnnuityLedgerInProcess) -> None:
    producer, told = ledger.producer(), []
    deposit = json.dumps(books.deposit("d1", DAY, "100.00"))
    trace: dict[str, bytes | str | None] = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    producer.produce(
        "deposit-requests",
        deposit,
        "C1|P1",
        on_delivery=lambda error, record: told.append((error, record.error(), record.topic(), record.key())),
        headers=trace,
    )
    assert (producer.poll(0), producer.flush()) == (0, 0)
    assert told == [(None, None, "deposit-requests", b"C1|P1")]
    (record,) = ledger.records("acknowledgements")
    assert ("traceparent", str(trace["traceparent"]).encode()) in record.headers
    with pytest.raises(ValueError, match="nobody but the service writes to confirmations"):
        producer.produce("confirmations", deposit)


def test_what_cannot_be_read_is_a_dead_letter(ledger: AnnuityLedgerInProcess) -> None:
    ledger.producer().produce("deposit-requests", b"{broken", b"as sent")
    ledger.producer().produce("deposit-requests", None, b"as sent")
    broken, empty = ledger.dead_letters()
    assert (broken.topic, broken.reason, broken.key, broken.value) == (
        "deposit-requests",
        "NOT_JSON",
        b"as sent",
        b"{broken",
    )
    assert (empty.reason, empty.value) == ("EMPTY", None)


def test_answers_tell_repeats(ledger: AnnuityLedgerInProcess) -> None:
    for _ in range(3):
        ledger.publish("deposit-requests", books.deposit("d1", DAY, "100.00"))
    assert (len(ledger.answers("d1").waiting), ledger.answers("d1").repeats) == (1, 2)
    assert ledger.answers("d1", "P2").waiting == ()


def test_everything_published_is_read_by_its_kind() -> None:
    with AnnuityLedgerInProcess() as ledger:
        stories.told(ledger)
    assert {topic: len(ledger.records(topic)) for topic in stories.READ} == stories.COUNTS
    assert [notice.kind for notice in ledger.notices("P2")] == ["held_by_aml_order"] * 2
    assert [notice.kind for notice in ledger.remittance_notices()] == ["remittance_complete"]
    assert ledger.await_quote("q1").of == "withdrawal"
    assert [finding.code.value for finding in ledger.await_rejection("w1").reasons] == ["INSUFFICIENT_VALUE"]
    with pytest.raises(ValueError, match="there is no topic statements"):
        ledger.records("statements")


def test_twice_the_same_story_gives_the_same_bytes() -> None:
    first, second = AnnuityLedgerInProcess(), AnnuityLedgerInProcess()
    stories.told(first)
    stories.told(second)
    for topic in TOPICS:
        assert first.records(topic) == second.records(topic), topic


@pytest.mark.parametrize(("trusted", "day"), [((), date(2021, 1, 5)), (("plain",), date(2021, 1, 4))])
def test_a_sender_is_trusted_where_the_test_says_so(trusted: tuple[str, ...], day: date, tmp_path: Path) -> None:
    """A line of a file may say when a broker would have stamped it: here a day after its receipt."""
    deposit = books.deposit("d1", DAY, "100.00", submitted_by="plain")
    line = {"topic": "deposit-requests", "timestamp": books.at("2021-01-05"), "value": deposit}
    (tmp_path / "late.jsonl").write_text(json.dumps(line))
    ledger = AnnuityLedgerInProcess(trusted)
    ledger.publish("contract-terms", books.terms(books.fund("F1")))
    ledger.publish_file(tmp_path / "late.jsonl")
    assert ledger.await_acknowledgement("d1").trade_date == day


def test_the_environment_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNUITY_LEDGER_TRUSTED_SUBMITTERS", "nobody-asked-for")
    monkeypatch.delenv("ANNUITY_LEDGER_TESTING", raising=False)
    with ledger_for_tests() as ledger:
        assert isinstance(ledger, AnnuityLedgerInProcess)
    monkeypatch.setenv("ANNUITY_LEDGER_TESTING", "on-the-moon")
    with pytest.raises(ValueError, match="is in-process or container, not on-the-moon"), ledger_for_tests():
        raise AssertionError("unreachable")
