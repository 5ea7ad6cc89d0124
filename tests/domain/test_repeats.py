"""Request ids: a repeat gets the first answer again, another request with the id is rejected, old ones are stale."""

import json

import pytest

from tests.domain.books import (
    Book,
    Json,
    Outcome,
    at,
    declared,
    deposit,
    fixed_account_2,
    fund,
    fund_value,
    guaranteed,
    guaranteed_term,
    offering,
    one_year_minimum,
    only,
    opening,
    shares,
    terms,
    yields,
)

F1 = shares(F1="100")
DEPOSIT = deposit("d1", "2021-01-04", "100.00", allocation=F1)


def again(first: Outcome, second: Outcome) -> bool:
    """Whether the second is the first once more: its bytes and headers, and the mark."""
    same = (first.topic, first.key, first.value) == (second.topic, second.key, second.value)
    return same and second.headers == (*first.headers, ("repeat", b"true")) and not first.repeated


def test_a_repeat_gets_the_confirmation_again_and_does_nothing() -> None:
    book = Book(terms())
    book.deposit(DEPOSIT)
    confirmed = only(book.close("2021-01-04"))
    books = book.participant()
    assert again(confirmed, only(book.deposit(DEPOSIT, at("2021-01-05"))))
    assert again(confirmed, only(book.deposit(DEPOSIT, at("2021-01-06"))))
    assert book.participant() == books


def test_a_repeat_gets_the_rejection_again() -> None:
    book = Book(terms())
    for message in (deposit("d1", "2021-01-04", "-1"), deposit("d2", "2021-01-04", "1.00", source="salary")):
        rejected = only(book.deposit(message), "rejections")
        books = book.participant()
        assert again(rejected, only(book.deposit(message)))
        assert book.participant() == books


def test_a_repeat_while_it_waits_gets_the_acknowledgement_again() -> None:
    book = Book(terms())
    acknowledged = only(book.deposit(DEPOSIT), "acknowledgements")
    assert again(acknowledged, only(book.deposit(DEPOSIT)))
    confirmed = only(book.close("2021-01-04"))  # decided once
    assert again(confirmed, only(book.deposit(DEPOSIT, at("2021-01-05"))))


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(DEPOSIT, indent=2),
        json.dumps(dict(reversed(DEPOSIT.items()))),
        json.dumps({**DEPOSIT, "received_at": at("2021-01-04", "15:00:00")}),
        json.dumps(DEPOSIT).replace('"d1"', '"\\u0064\\u0031"'),
    ],
    ids=["other white space", "other order", "sent once more, received later", "other escapes"],
)
def test_the_same_request_written_otherwise_is_a_repeat(written: str) -> None:
    book = Book(terms())
    acknowledged = only(book.deposit(DEPOSIT))
    assert again(acknowledged, only(book.publish("deposit-requests", written.encode(), at("2021-01-04"))))


@pytest.mark.parametrize(
    ("topic", "changes"),
    [
        ("deposit-requests", {"amount": "100.01"}),
        ("deposit-requests", {"amount": "100.0"}),
        ("deposit-requests", {"submitted_by": "plain"}),
        ("deposit-requests", {"note": "an unknown field counts"}),
        ("deposit-requests", {"mode": "execute"}),
        ("deposit-requests", {"amount": "no number at all"}),
        ("account-instructions", {}),
    ],
)
@pytest.mark.parametrize("waits", [True, False])
def test_another_request_with_the_id_is_rejected(topic: str, changes: Json, *, waits: bool) -> None:
    book = Book(terms())
    first = only(book.deposit(DEPOSIT))
    if not waits:
        first = only(book.close("2021-01-04"))
    sequence = 1 if waits else 2
    other = {**DEPOSIT, **changes}
    rejected = only(book.publish(topic, other), "rejections")
    assert rejected.codes == ["DUPLICATE_REQUEST_ID"]
    assert (rejected.message["request_id"], rejected.message["sequence"]) == ("d1", sequence)
    assert rejected.message["topic"] == topic
    assert again(rejected, only(book.publish(topic, other)))  # its own repeat gets its own answer
    assert again(first, only(book.deposit(DEPOSIT)))  # and the first request keeps its
    if waits:
        assert only(book.close("2021-01-04")).message["received"] == "100.00"


def test_ids_are_unique_per_contract_and_participant_only() -> None:
    book = Book(terms(), terms(contract_id="C2"))
    for other in ({}, {"participant_id": "P2"}, {"contract_id": "C2"}):
        acknowledged = only(book.deposit({**DEPOSIT, **other, "amount": "7.00"}))
        assert (acknowledged.topic, acknowledged.repeated) == ("acknowledgements", False)


def aged(last: str) -> Book:
    """A book whose first and last closed day is this one."""
    book = Book(terms(fund("F1"), effective_from=last), rates=False)
    book.close(last)
    return book


@pytest.mark.parametrize(
    ("last_closed", "stale"),
    [
        ("2022-02-07", False),  # 400 days before is 2021-01-03
        ("2022-02-08", False),  # 400 days before is 2021-01-04, the trade date of its receipt
        ("2022-02-09", True),  # 400 days before is 2021-01-05
    ],
)
def test_gen_3_a_request_received_more_than_400_days_ago_is_stale(last_closed: str, *, stale: bool) -> None:
    outcome = only(aged(last_closed).deposit(DEPOSIT, at(last_closed, "18:00:00")))
    assert outcome.topic == ("rejections" if stale else "acknowledgements")
    if stale:
        assert outcome.codes == ["STALE"]
        numbers = outcome.message["reasons"][0]["numbers"]
        assert numbers == {"received_on": "2021-01-04", "kept_from": "2021-01-05"}


def test_gen_3_stale_is_named_beside_the_other_defects() -> None:
    outcome = only(aged("2022-02-09").deposit({**DEPOSIT, "amount": "x"}, at("2022-02-09", "18:00:00")))
    assert outcome.codes == ["STALE", "AMOUNT_NOT_A_NUMBER"]


def test_ids_are_kept_until_nothing_they_answer_can_come_as_new() -> None:
    book = Book(terms(fund("F1")), rates=False)
    confirmed = only(book.instruct(opening("o1", "2021-01-04")))
    # plain's clock runs a minute ahead: received on the 5th by its own account, recorded and traded on the 4th.
    ahead = deposit("d1", at("2021-01-04", "16:00:30"), "1.00", allocation=F1, submitted_by="plain")
    book.deposit(ahead, at("2021-01-04", "15:59:30"))
    traded = only(book.close("2021-01-04"))
    assert traded.message["trade_date"] == "2021-01-04"
    book.close_through("2021-01-05", "2022-02-09")  # 400 days before is 2021-01-05: the deposit is no day too old
    assert again(traded, only(book.deposit(ahead, at("2022-02-10"))))
    book.close_through("2022-02-10", "2022-02-15")  # 407 days before is 2021-01-04
    assert again(confirmed, only(book.instruct(opening("o1", "2021-01-04"), at("2022-02-16"))))
    requests = book.service.ledger_partition.tables["requests"]
    assert requests.get("C1|P1|o1") is not None
    book.close("2022-02-16")
    assert requests.get("C1|P1|o1") is None
    assert only(book.instruct(opening("o1", "2021-01-04"), at("2022-02-17")), "rejections").codes == ["STALE"]


REFERENCE: list[tuple[str, Json]] = [
    ("contract-terms", terms(fund("F1"), fixed_account_2(), guaranteed())),
    ("credited-rates", declared("0.02")),
    ("credited-rates", one_year_minimum("0.01")),
    ("guaranteed-offerings", offering("G1", "2021-01-01", "2021-03-31", guaranteed_term(3, ("0.02", "2024-03-31")))),
    ("market-yields", yields("2021-01-05", (3, "0.20"))),
    ("fund-values", fund_value("F1", "2021-01-05")),
]


def test_the_same_reference_message_again_is_silently_nothing() -> None:
    book = Book()
    for topic, message in REFERENCE:
        assert book.publish(topic, message) == []
    logged = len(book.log)
    for topic, message in REFERENCE:
        assert book.publish(topic, message) == []
    assert len(book.log) == logged
