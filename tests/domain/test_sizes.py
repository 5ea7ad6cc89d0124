"""GEN-3: how long texts, names, numbers and lists of a request may be, on both sides of each limit."""

import json
from datetime import datetime

import pytest

from contracts_schema.alarms import DeadLetterReason
from contracts_schema.sizes import DIGITS_MOST, NAME_MOST, PARTS_MOST, TEXT_MOST
from services.domain.receiving import Door, Raw, receive
from services.runtime.calendar import ExchangeCalendar
from tests.domain.books import Book, Json, at, deposit, only, opening, shares, terms

RECORDED = at("2021-01-04", "11:00:00")


def sent(**more: object) -> Json:
    return deposit("r1", "2021-01-04", "100.00", allocation=shares(F1="100"), **more)


def book() -> Book:
    found = Book(terms())
    found.instruct(opening("o1", "2021-01-04"))
    return found


def test_the_limits_are_these() -> None:
    assert (TEXT_MOST, NAME_MOST, PARTS_MOST, DIGITS_MOST) == (1000, 100, 1000, 18)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"x": "é" * 1000}, id="a text"),
        pytest.param({"x" * 100: 1}, id="a name"),
        pytest.param({"x": 10**18 - 1}, id="a number"),
        pytest.param({"x": -(10**18) + 1}, id="a number below zero"),
        pytest.param({"x": [0] * 1000}, id="a list"),
        pytest.param({"x": {str(n): n for n in range(1000)}}, id="an object"),
        pytest.param({"x": [["a" * 1000]]}, id="a text in lists"),
    ],
)
def test_gen_3_as_long_as_may_be_is_served(more: Json) -> None:
    (outcome,) = book().deposit(sent(**more), RECORDED)
    assert outcome.topic == "acknowledgements"


@pytest.mark.parametrize(
    ("more", "field", "message"),
    [
        pytest.param({"x": "é" * 1001}, "x", "1001 characters; at most 1000 are read", id="a text"),
        pytest.param({"x" * 101: 1}, "x" * 100, "a field's name of 101 characters; at most 100 are read", id="a name"),
        pytest.param({"x": 10**18}, "x", "a number of more than 18 digits", id="a number"),
        pytest.param({"x": -(10**18)}, "x", "a number of more than 18 digits", id="a number below zero"),
        pytest.param({"x": [0] * 1001}, "x", "1001 parts; at most 1000 are read", id="a list"),
        pytest.param({"x": {str(n): n for n in range(1001)}}, "x", "1001 parts; at most 1000 are read", id="an object"),
        pytest.param({"x": [{"y": "a" * 1001}]}, "x.0.y", "1001 characters; at most 1000 are read", id="deep inside"),
        pytest.param({"remittance_count": 10**18}, "remittance_count", "a number of more than 18 digits", id="known"),
    ],
)
def test_gen_3_longer_is_rejected_and_names_the_field(more: Json, field: str, message: str) -> None:
    rejection = only(book().deposit(sent(**more), RECORDED))
    assert rejection.topic == "rejections"
    (reason,) = rejection.message["reasons"]
    assert (reason["code"], reason["rules"], reason["field"]) == ("TOO_LONG", ["GEN-3"], field)
    assert reason["message"] == message


def test_gen_3_of_thousands_of_long_texts_twenty_are_told() -> None:
    rejection = only(book().deposit(sent(x=["a" * 1001] * 60), RECORDED))
    assert [reason["field"] for reason in rejection.message["reasons"]] == [f"x.{n}" for n in range(20)]


def test_gen_3_a_remittance_count_that_no_remittance_has_is_no_count() -> None:
    """It could not be kept: the books hold whole numbers of 64 bits."""
    written = book()
    written.deposit(sent(remittance_id="R1", remittance_count=2**64), RECORDED)
    (line,) = (record for record in written.service.written if record.topic == "remittance-lines")
    assert "count" not in json.loads(line.value or b"")


def test_gen_3_a_request_of_more_bytes_than_the_setting_is_a_dead_letter() -> None:
    calendar = ExchangeCalendar()
    value = json.dumps(sent()).encode()
    raw = Raw("deposit-requests", 0, 0, value, datetime.fromisoformat(RECORDED))
    small = Door(calendar.trade_date, calendar.local_day, max_bytes=len(value))
    assert getattr(receive(raw, small), "defects", None) == ()
    smaller = Door(calendar.trade_date, calendar.local_day, max_bytes=len(value) - 1)
    letter = receive(raw, smaller)
    assert getattr(letter, "reason", None) is DeadLetterReason.TOO_LARGE
    assert getattr(letter, "detail", None) == f"{len(value)} bytes; at most {len(value) - 1} are read"


@pytest.mark.parametrize(("length", "copied"), [(128, True), (129, False)])
def test_a_trace_context_that_is_too_long_is_not_copied_and_a_note_says_so(length: int, copied: bool) -> None:  # noqa: FBT001
    calendar = ExchangeCalendar()
    raw = Raw("deposit-requests", 0, 0, json.dumps(sent()).encode(), datetime.fromisoformat(RECORDED), "0" * length)
    entry = receive(raw, Door(calendar.trade_date, calendar.local_day))
    notes = () if copied else ("traceparent ignored: longer than 128 characters",)
    assert getattr(entry, "notes", None) == notes
    assert getattr(entry, "traceparent", None) == ("0" * 128 if copied else None)
