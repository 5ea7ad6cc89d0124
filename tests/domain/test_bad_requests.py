"""GEN-3: what is not in good order is rejected with every defect found; nothing else changes."""

import json
from typing import Any

import pytest

from contracts_schema.reasons import Reason
from tests.domain.books import Book, Json, at, deposit, only, opening, request, shares, terms, transfer, withdrawal
from tests.domain.tabled import rows

RECORDED = at("2021-01-04", "11:00:00")
GOOD: dict[str, Json] = {
    "deposit-requests": deposit("r1", "2021-01-04", "100.00", allocation=shares(F1="100")),
    "transfer-requests": transfer(
        "r1", "2021-01-04", [{"option": "F1", "all": True}], [{"option": "F2", "percent": "100"}]
    ),
    "withdrawal-requests": withdrawal("r1", "2021-01-04", amount="10.00"),
    "account-instructions": opening("r1", "2021-01-04", "employer"),
}


def opened() -> Book:
    book = Book(terms())
    book.instruct(opening("o1", "2021-01-04", allocation=shares(F1="100")))
    return book


def changed(message: Json, field: str, written: str) -> Json:
    """The message with one field replaced by what JSON says, or left out."""
    rest = {name: value for name, value in message.items() if name != field}
    return rest if written == "absent" else {**rest, field: json.loads(written)}


@pytest.mark.parametrize("topic", GOOD)
def test_gen_3_what_the_table_spoils_is_in_good_order(topic: str) -> None:
    outcomes = opened().publish(topic, GOOD[topic], RECORDED)
    assert only(outcomes).topic in {"acknowledgements", "confirmations"}


@pytest.mark.parametrize("row", rows("bad_requests", "what"))
def test_gen_3_not_in_good_order_is_rejected(row: dict[str, str]) -> None:
    book = opened()
    before = book.participant()
    message = changed(GOOD[row["topic"]], row["field"], row["json"])
    rejected = only(book.publish(row["topic"], message, RECORDED), "rejections")
    assert rejected.codes == row["codes"].split()
    assert " ".join(reason["field"] or "" for reason in rejected.message["reasons"]) == row["fields"]
    for reason in rejected.message["reasons"]:
        assert reason["rules"] == list(Reason[reason["code"]].rules)
        assert all(rule in reason["clause"] for rule in reason["rules"])
    assert rejected.message["sequence"] == 2
    assert rejected.message["trade_date"] is None
    after = book.participant()
    assert before is not None
    assert after is not None
    assert (after.accounts, after.waiting) == (before.accounts, before.waiting)


def test_gen_3_every_defect_is_named_not_just_the_first() -> None:
    message: Json = {
        "request_id": "r1", "contract_id": "C9", "participant_id": "P9", "submitted_by": "acme",
        "received_at": "yesterday", "amount": "-1.005", "source": 5,
        "allocation": [{"option": "F1", "percent": "x"}],
    }  # fmt: skip
    rejected = only(Book(terms()).deposit(message, RECORDED), "rejections")
    assert list(zip(rejected.codes, (r["field"] for r in rejected.message["reasons"]), strict=True)) == [
        ("DATE_NOT_PLAUSIBLE", "received_at"),
        ("MISSING_FIELD", "account"),
        ("AMOUNT_TOO_PRECISE", "amount"),
        ("INVALID_VALUE", "source"),
        ("AMOUNT_NOT_A_NUMBER", "allocation.0.percent"),
        ("UNKNOWN_CONTRACT", "contract_id"),
    ]


def test_gen_3_form_and_books_and_authority_in_one_rejection() -> None:
    message = {**GOOD["withdrawal-requests"], "amount": 5, "participant_id": "P9", "submitted_by": "stranger"}
    rejected = only(opened().withdraw(message, RECORDED), "rejections")
    assert rejected.codes == ["AMOUNT_NOT_A_STRING", "SUBMITTER_NOT_AUTHORISED", "UNKNOWN_PARTICIPANT"]


def test_gen_3_unknown_fields_are_ignored_and_named() -> None:
    message: Any = {
        **GOOD["deposit-requests"],
        "colour": "blue",
        "pay_period": {"start": "2021-01-01", "end": "2021-01-15", "week": 2},
        "allocation": [{"option": "F1", "percent": "100", "note": None}],
    }
    acknowledged = only(opened().deposit(message, RECORDED), "acknowledgements")
    assert acknowledged.message["notes"] == [
        "unknown field ignored: colour",
        "unknown field ignored: pay_period.week",
        "unknown field ignored: allocation[0].note",
    ]


def test_gen_3_many_unknown_fields_are_counted() -> None:
    message = {**GOOD["deposit-requests"], **{f"x{n}": n for n in range(23)}, "y" * 500: 1}
    notes = only(opened().deposit(message, RECORDED)).message["notes"]
    assert len(notes) == 21
    assert notes[-1] == "4 more unknown fields ignored"


def test_gen_3_no_rejection_outgrows_its_request_by_much() -> None:
    flood = request("r1", "2021-01-04", account="pretax", **{"from": [{}] * 10_000, "to": [{}]})
    rejected = only(opened().transfer(flood, RECORDED), "rejections")
    assert rejected.codes == ["INVALID_VALUE", "MISSING_FIELD", "MISSING_FIELD"]  # from too long; to: option, percent
    shouted = request("r2", "2021-01-04", instruction={"kind": "\x01" * 9_000})
    assert len(only(opened().instruct(shouted, RECORDED), "rejections").value) < 5_000


def test_gen_3_a_clock_may_run_ahead_by_five_minutes_and_moves_no_trade_date() -> None:
    # Recorded 15:56 by the broker: 16:01 by the sender's clock is within five minutes, 16:01:01 is not.
    recorded = at("2021-01-04", "15:56:00")
    within = deposit("d1", at("2021-01-04", "16:01:00"), "1.00", submitted_by="plain")
    assert only(opened().deposit(within, recorded)).message["trade_date"] == "2021-01-04"
    beyond = deposit("d1", at("2021-01-04", "16:01:01"), "1.00", submitted_by="plain")
    assert only(opened().deposit(beyond, recorded), "rejections").codes == ["RECEIVED_IN_FUTURE"]
