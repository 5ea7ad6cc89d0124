"""No log tells what a request holds: not of what is in good order, not of what is not, not in a crash."""

import json
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from contracts_schema.entries import RequestEntry
from services.runtime.partitioner import partition_of
from tests.domain import books
from tests.pipeline.installation import Installation, Line

MARK = "Zqx"
"""In everything that a sender may write freely, and in no word of ours."""
AMOUNTS = ("731946.28", "-731946.281", "73194628000000000000.00", "731946.2")
BORN = "1953-11-27"
WHO = f"{MARK}-person"
SECRETS = (MARK.lower(), "731946", "73194628", BORN)


def marked(name: str) -> str:
    """A text of a field of this name that must not be seen."""
    return f"{MARK}-{name}"


def requests() -> list[Line]:
    """Requests in good order and not, of every kind that has fields to write freely in."""
    who = {"participant_id": WHO, "submitted_by": marked("submitter"), marked("unknown-field"): marked("unknown")}
    day = "2021-01-04"
    explained = {"payment_reason": f"{MARK} moves", "source_of_funds": f"{MARK} sells", "payment_form": "check"}
    remittance = {"remittance_id": marked("remittance"), "remittance_count": 1, "remittance_total": AMOUNTS[0]}
    share = books.shares(F1="100")

    def instructed(name: str, **instruction: object) -> Line:
        return "account-instructions", books.request(marked(name), day, instruction=instruction, **who)

    def deposited(name: str, amount: object, **more: object) -> Line:
        return "deposit-requests", books.deposit(marked(name), day, amount, **(who | more))  # type: ignore[arg-type]

    def withdrawn(name: str, **more: object) -> Line:
        return "withdrawal-requests", books.withdrawal(marked(name), day, **(who | more))

    return [
        ("account-instructions", books.opening(marked("open"), day, allocation=share, **who)),
        deposited("deposit", AMOUNTS[0], **explained, **remittance),
        *(deposited(f"bad-{amount}", amount) for amount in AMOUNTS[1:]),
        deposited("an-object", {marked("key"): marked("value")}),
        deposited("account", "1.00", account=marked("account"), source=marked("source")),
        deposited("when", "1.00", received_at=marked("when")),
        deposited("long", "1.00", payment_reason=f"{MARK} " * 300),
        deposited("option", "1.00", allocation=[{"option": marked("option"), "percent": "100"}]),
        withdrawn("payee", amount="20.00", payee=f"{MARK} Bank 4711", birth_date=BORN),
        withdrawn("born", amount="20.00", payee=MARK * 100, birth_date=f"{BORN}-{MARK}"),
        instructed("kind", kind=marked("kind")),
        instructed("hold", kind="aml_hold", order=marked("order")),
        instructed("release", kind="aml_release", order=marked("order")),
        instructed("lot", kind="maturity_election", account="pretax", lot=marked("lot"), withdraw=True, payee=MARK),
        instructed("cost", kind="service_cost", account="pretax", amount=AMOUNTS[0], service=f"{MARK} advice"),
        instructed("cancel", kind="cancel", cancels=marked("deposit")),
    ]


UNREADABLE = (
    b'{"payee": "' + MARK.encode() + b'", ',
    json.dumps([marked("a-list")]).encode(),
    json.dumps({"participant_id": WHO, "payee": MARK}).encode(),
    MARK.encode("utf-16"),
    b"\xff" + MARK.encode(),
    json.dumps({"payee": MARK * 40_000}).encode(),
)


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_log_tells_what_a_request_holds(
    bootstrap_servers: str, topic_prefix: str, tmp_path: Path, log_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNUITY_LEDGER_LOG_FORMAT", log_format)
    monkeypatch.setenv("ANNUITY_LEDGER_LOG_LEVEL", "DEBUG")
    with Installation(bootstrap_servers, topic_prefix, tmp_path, 2) as service:
        service.start("all")
        service.send([("contract-terms", books.terms(books.fund("F1"), submitters=[]))])
        service.send([("contract-terms", books.terms(title=MARK) | {"version": MARK})])
        service.wait_logged("terms")
        service.send(requests())
        _send_raw(service, UNREADABLE)
        service.send([("fund-values", books.fund_value("F1", "2021-01-04"))])
        service.wait_closed("2021-01-04")
        confirmed = service.messages("confirmations")
        assert {MARK in json.dumps(one) for one in confirmed} == {True}, "what is told to whom it concerns is marked"
        assert len(service.messages("rejections")) > 8
        assert len(service.read("dead-letters")) == len(UNREADABLE) + 1
    _assert_discreet(tmp_path, "transaction_committed")


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_crash_tells_what_was_in_the_record_that_it_stumbled_on(
    bootstrap_servers: str, topic_prefix: str, tmp_path: Path, log_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is a bug, or somebody else's record, on a topic of ours: the worker ends and names place and kind."""
    monkeypatch.setenv("ANNUITY_LEDGER_LOG_FORMAT", log_format)
    monkeypatch.setenv("ANNUITY_LEDGER_LOG_LEVEL", "DEBUG")
    broken = {
        "ledger-log": _entry_that_is_none(),
        "remittance-lines": json.dumps({"type": "line", "participant_id": WHO, "total": AMOUNTS[1]}).encode(),
        "ledger-participants": b"\x01" + MARK.encode(),
    }
    for topic, value in broken.items():
        prefix = f"{topic_prefix}{topic}-"
        with Installation(bootstrap_servers, prefix, tmp_path, 1) as service:
            _put(service, topic, value)
            worker = service.start("remittances" if topic.startswith("remit") else "ledger")
            assert worker.wait(60) == 1
            log = tmp_path / f"{'remittances' if topic.startswith('remit') else 'ledger'}-0.log"
            assert f"{topic}-0 offset 0" in log.read_text()
            log.rename(tmp_path / f"{topic}.log")
            service._workers.clear()
    _assert_discreet(tmp_path, "worker_stopped")


def _entry_that_is_none() -> bytes:
    """An entry of the ledger log that says that its request is in good order, and it is not."""
    good: dict[str, Any] = books.deposit(marked("deposit"), "2021-01-04", AMOUNTS[1], participant_id=WHO)
    entry = RequestEntry(
        topic="deposit-requests",
        source_partition=0,
        source_offset=0,
        recorded_at="2021-01-04T15:00:00+00:00",
        trade_date_recorded="2021-01-04",
        day_recorded="2021-01-04",
        received_at_trusted=False,
        fingerprint="0" * 64,
        request=good,
    )
    return entry.written()


def _send_raw(service: Installation, values: tuple[bytes, ...]) -> None:
    producer = Producer({"bootstrap.servers": service.bootstrap})
    key = f"C1|{WHO}"
    for value in values:
        headers: list[tuple[str, str | bytes | None]] = [(marked("header"), MARK), ("traceparent", MARK)]
        number = partition_of(key, service.partitions)
        producer.produce(service.prefix + "withdrawal-requests", value, key, number, headers=headers)
    assert producer.flush(30) == 0


def _put(service: Installation, topic: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": service.bootstrap})
    producer.produce(service.prefix + topic, value, f"C1|{WHO}", 0)
    assert producer.flush(30) == 0


def _assert_discreet(folder: Path, event: str) -> None:
    logs = {file.name: file.read_text() for file in folder.glob("*.log")}
    assert logs
    for name, text in logs.items():
        assert event in text, name
        seen = [line for line in text.splitlines() if any(secret in line.lower() for secret in SECRETS)]
        assert seen == [], name
