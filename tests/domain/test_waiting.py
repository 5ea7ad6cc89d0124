"""GEN-2, forward pricing: what waits for a close, what is decided at once, and in which order."""

from datetime import date

import pytest

from contracts_schema.entries import DayClosedEntry, read_entry, write_entry
from services.runtime.records import InputRecord
from tests.domain.books import (
    Book,
    Json,
    Outcome,
    allocating,
    at,
    deposit,
    only,
    opening,
    shares,
    terms,
    transfer,
    withdrawal,
)

F1, FA2 = shares(F1="100"), shares(FA2="100")


def opened() -> Book:
    """P1's account is open, Monday is closed, Tuesday 5 January is frozen."""
    book = Book(terms())
    book.instruct(opening("o1", "2021-01-04", allocation=F1))
    book.close("2021-01-04")
    return book


def log_day(book: Book, entry: DayClosedEntry) -> list[Outcome]:
    """Put a closed day on the ledger log by hand, and return what it brought about."""
    before = len(book.outcomes)
    book.service.take(InputRecord("ledger-log", 0, 99, b"", write_entry(entry), (), 0))
    return [outcome for outcome in book.outcomes[before:] if outcome.topic != "day-closes"]


def last_day(book: Book) -> DayClosedEntry:
    entries = [read_entry(record.value or b"") for record in book.log]
    return [entry for entry in entries if isinstance(entry, DayClosedEntry)][-1]


def test_gen_2_a_request_waits_acknowledged_until_its_close() -> None:
    book = opened()
    acknowledged = only(book.deposit(deposit("d1", "2021-01-05", "100.00")))
    assert acknowledged.topic == "acknowledgements"
    assert acknowledged.message == {
        "version": 1,
        "outcome_id": "C1|P1|d1|acknowledgement",
        "contract_id": "C1",
        "participant_id": "P1",
        "request_id": "d1",
        "topic": "deposit-requests",
        "kind": "acknowledgement",
        "trade_date": "2021-01-05",
        "waits_for": "the close of 2021-01-05",
        "acknowledged_at": "2021-01-05T15:00:00Z",
        "rules": ["GEN-2"],
        "notes": [],
    }
    assert book.account().positions == ()
    confirmed = only(book.close("2021-01-05"))
    assert (confirmed.topic, confirmed.message["sequence"]) == ("confirmations", 2)  # acknowledgements are not counted


TUESDAY, TUESDAY_LATE = at("2021-01-05", "10:00:00"), at("2021-01-05", "16:00:01")


def dep(received: str = TUESDAY, **more: object) -> tuple[str, Json]:
    return "deposit-requests", deposit("r1", received, "1.00", **more)


def ins(message: Json) -> tuple[str, Json]:
    return "account-instructions", message


ON_FROZEN_DAY: list[tuple[str, tuple[str, Json], bool]] = [
    ("a deposit to Fixed Account 2", dep(allocation=FA2), True),
    ("a new allocation", ins(allocating("r1", TUESDAY, FA2)), True),
    ("an opening", ins(opening("r1", TUESDAY, "employer")), True),
    ("an opening of a day not frozen yet", ins(opening("r1", TUESDAY_LATE, "employer")), True),
    ("a deposit to a fund", dep(allocation=F1), False),
    ("a deposit to a fund among others", dep(allocation=shares(F1="1", FA2="99")), False),
    ("a deposit by the account's allocation to a fund", dep(), False),
    ("a deposit to nowhere", dep(account="employer"), False),
    ("a deposit to an option unknown", dep(allocation=shares(FA9="100")), False),
    ("a deposit of a day not frozen yet", dep(TUESDAY_LATE, allocation=FA2), False),
    ("a deposit of an unknown participant", dep(allocation=FA2, participant_id="P9"), False),
    ("a new allocation of a day not frozen yet", ins(allocating("r1", TUESDAY_LATE, FA2)), False),
    ("a new allocation of an unknown participant", ins(allocating("r1", TUESDAY, FA2, participant_id="P9")), False),
    ("a transfer", ("transfer-requests", transfer("r1", TUESDAY, [{"option": "FA2", "all": True}], F1)), False),
    ("a withdrawal", ("withdrawal-requests", withdrawal("r1", TUESDAY, amount="1.00")), False),
    ("an opening in an unknown contract", ins(opening("r1", TUESDAY, contract_id="C9")), False),
]


@pytest.mark.parametrize(
    ("message", "decided"), [row[1:] for row in ON_FROZEN_DAY], ids=[row[0] for row in ON_FROZEN_DAY]
)
def test_gen_2_decided_at_once_only_when_nothing_can_change_it(message: tuple[str, Json], *, decided: bool) -> None:
    outcome = only(opened().publish(*message))
    assert outcome.topic == ("confirmations" if decided else "acknowledgements")


def test_gen_2_what_is_decided_at_once_may_be_a_rejection() -> None:
    closed = allocating("r1", "2021-01-05", shares(FA9="100"))
    assert only(opened().instruct(closed), "rejections").codes == ["UNKNOWN_OPTION"]


def test_gen_2_nothing_overtakes_what_waits() -> None:
    book = opened()
    only(book.deposit(deposit("d1", at("2021-01-05", "10:00:00"), "1.00")), "acknowledgements")
    fixed = deposit("d2", at("2021-01-05", "10:00:01"), "1.00", allocation=FA2)
    only(book.deposit(fixed), "acknowledgements")
    first, second = book.close("2021-01-05")
    assert [first.message["request_id"], second.message["request_id"]] == ["d1", "d2"]


def test_gen_2_an_opening_never_queues() -> None:
    book = opened()
    book.deposit(deposit("d1", "2021-01-05", "1.00"))
    assert only(book.instruct(opening("o2", "2021-01-05", "employer"))).topic == "confirmations"


def test_gen_2_waiting_requests_are_decided_in_the_order_received() -> None:
    # On the log in one order, received in another: by received_at, and by request id at the same instant.
    book = opened()
    for request_id, clock in (("d3", "12:00:00"), ("d2", "12:00:00"), ("d9", "11:59:59"), ("d1", "12:00:01")):
        book.deposit(deposit(request_id, at("2021-01-05", clock), "1.00"))
    decided = book.close("2021-01-05")
    assert [outcome.message["request_id"] for outcome in decided] == ["d9", "d2", "d3", "d1"]
    assert [outcome.message["sequence"] for outcome in decided] == [2, 3, 4, 5]


def test_gen_2_each_close_decides_its_own_day() -> None:
    book = opened()
    book.deposit(deposit("d2", at("2021-01-05", "16:00:01"), "2.00"))
    book.deposit(deposit("d1", at("2021-01-05", "16:00:00"), "1.00"))
    assert only(book.close("2021-01-05")).message["request_id"] == "d1"
    assert only(book.close("2021-01-06")).message["request_id"] == "d2"


def test_gen_3_an_unknown_contract_waits_and_is_rejected_at_the_close() -> None:
    book = opened()
    stray = deposit("d1", "2021-01-05", "1.00", contract_id="C9", allocation=F1)
    assert only(book.deposit(stray)).topic == "acknowledgements"
    rejected = only(book.close("2021-01-05"))
    assert rejected.codes == ["UNKNOWN_CONTRACT"]
    assert rejected.key == "C9|P1"
    assert rejected.message["reasons"][0]["numbers"] == {"contract_id": "C9", "trade_date": "2021-01-05"}


def test_gen_3_terms_that_arrive_in_time_save_the_request() -> None:
    book = Book(terms())
    book.deposit(deposit("d1", "2021-01-05", "1.00", contract_id="C2", allocation=F1))
    assert book.close("2021-01-04") == []
    # Tuesday the 5th is frozen by Monday's close: terms for it come too late, and for Wednesday too late for d1.
    late = only(book.publish("contract-terms", terms(contract_id="C2", effective_from="2021-01-05")))
    assert late.message["code"] == "EFFECTIVE_TOO_LATE"
    book = Book(terms())
    book.deposit(deposit("d1", "2021-01-04", "1.00", contract_id="C2", allocation=F1))
    book.publish("contract-terms", terms(*terms()["options"][:3], contract_id="C2", effective_from="2021-01-04"))
    assert only(book.close("2021-01-04")).message["kind"] == "deposit"


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        ("withdrawal-requests", withdrawal("r1", "2021-01-05", amount="1.00", participant_id="P9")),
        ("transfer-requests", transfer("r1", "2021-01-05", [{"option": "F1", "all": True}], FA2, participant_id="P9")),
        ("account-instructions", allocating("r1", "2021-01-05", F1, participant_id="P9")),
    ],
)
def test_gen_3_an_unknown_participant_waits_and_is_rejected_at_the_close(topic: str, message: Json) -> None:
    book = opened()
    assert only(book.publish(topic, message)).topic == "acknowledgements"
    rejected = only(book.close("2021-01-05"), "rejections")
    assert rejected.codes == ["UNKNOWN_PARTICIPANT"]
    assert rejected.message["rules"] == ["GEN-3", "ACC-1"]


def test_gen_2_an_unexpected_closure_strands_nothing() -> None:
    book = opened()
    book.deposit(deposit("d1", "2021-01-05", "100.00"))
    # The exchange stays shut on the 5th: Wednesday's close is the next, with Monday's before it.
    wednesday = last_day(book).model_copy(
        update={"date": date(2021, 1, 6), "previous": date(2021, 1, 4), "frozen_through": date(2021, 1, 7)}
    )
    confirmed = only(log_day(book, wednesday))
    assert (confirmed.topic, confirmed.message["trade_date"]) == ("confirmations", "2021-01-06")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="the same day again"),
        pytest.param({"date": date(2021, 1, 3), "previous": None}, id="a first day after the first"),
        pytest.param({"date": date(2021, 1, 7), "previous": date(2021, 1, 6)}, id="a day too far"),
        pytest.param({"date": date(2021, 1, 1), "previous": date(2021, 1, 5)}, id="a day before the last"),
    ],
)
def test_gen_1_a_day_out_of_order_changes_nothing_and_raises_an_alarm(changes: dict[str, date | None]) -> None:
    book = opened()
    book.close("2021-01-05")
    book.deposit(deposit("d1", "2021-01-06", "100.00"))
    before = book.participant()
    alarm = only(log_day(book, last_day(book).model_copy(update=changes)))
    assert (alarm.topic, alarm.message["code"], alarm.message["rules"]) == ("alarms", "DAY_OUT_OF_ORDER", ["GEN-1"])
    assert book.participant() == before
    assert only(book.close("2021-01-06")).message["request_id"] == "d1"


def test_gen_2_no_more_waits_than_the_broker_takes() -> None:
    # 512 KiB of requests may wait for one participant: eight of about 60 KiB do, the ninth does not.
    book = opened()
    answers = [
        only(book.deposit(deposit(f"d{n}", "2021-01-05", "1.00", allocation=F1, ignored=["x" * 1_000] * 60)))
        for n in range(9)
    ]
    assert [answer.topic for answer in answers] == ["acknowledgements"] * 8 + ["rejections"]
    assert answers[-1].codes == ["TOO_MANY_WAITING"]
    assert answers[-1].message["reasons"][0]["numbers"]["bytes_at_most"] == "524288"
    assert len(book.close("2021-01-05")) == 8
