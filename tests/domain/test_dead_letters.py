"""GEN-3: what cannot be read, or names nobody, becomes a dead letter with its bytes and the reason; nothing else."""

import json

import pytest

from contracts_schema.alarms import DeadLetterReason
from contracts_schema.headers import header
from services.runtime.records import InputRecord
from tests.domain.books import Book, Outcome, at, deposit, only, opening, shares, terms

RECORDED = at("2021-01-04", "11:00:00")
GOOD = deposit("r1", "2021-01-04", "100.00", allocation=shares(F1="100"))
WRITTEN = json.dumps(GOOD)


def with_more(written: str) -> bytes:
    """A good request with one more field, as text."""
    return f"{WRITTEN[:-1]},{written}}}".encode()


def without(field: str) -> bytes:
    return json.dumps({name: value for name, value in GOOD.items() if name != field}).encode()


def named(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def of_size(size: int) -> bytes:
    """A good request of exactly so many bytes."""
    texts = '"x":[' + '"' + '","'.join(["x" * 900] * 72) + '"]'
    return with_more(texts + ',"y":"' + "y" * (size - len(with_more(texts)) - len(',"y":""')) + '"')


UNREADABLE = [
    pytest.param(b"", DeadLetterReason.EMPTY, id="no bytes"),
    pytest.param(b"{bad", DeadLetterReason.NOT_JSON, id="no JSON"),
    pytest.param(b"\xff\xfe\x00", DeadLetterReason.NOT_JSON, id="no UTF-8"),
    pytest.param(WRITTEN.encode("utf-16"), DeadLetterReason.NOT_JSON, id="UTF-16"),
    pytest.param(b"\xef\xbb\xbf" + WRITTEN.encode(), DeadLetterReason.NOT_JSON, id="byte order mark"),
    pytest.param((WRITTEN + WRITTEN).encode(), DeadLetterReason.NOT_JSON, id="two objects"),
    pytest.param(with_more('"x":NaN'), DeadLetterReason.NOT_JSON, id="NaN"),
    pytest.param(with_more('"x":-Infinity'), DeadLetterReason.NOT_JSON, id="minus infinity"),
    pytest.param(with_more('"x":1e400'), DeadLetterReason.NOT_JSON, id="1e400 is infinite"),
    pytest.param(with_more('"x":"\\ud800"'), DeadLetterReason.NOT_JSON, id="half of a surrogate pair"),
    pytest.param(with_more('"\\udfff":1'), DeadLetterReason.NOT_JSON, id="half of a pair as a name"),
    pytest.param(with_more('"x":' + "9" * 5_000), DeadLetterReason.NOT_JSON, id="a number of 5000 digits"),
    pytest.param(with_more('"x":' + nested(32)), DeadLetterReason.TOO_DEEP, id="33 deep"),
    pytest.param(with_more('"x":' + nested(300)), DeadLetterReason.TOO_DEEP, id="deeper than we can write"),
    pytest.param(with_more('"x":' + nested(20_000)), DeadLetterReason.TOO_DEEP, id="deeper than we can read"),
    pytest.param(of_size(64 * 1024 + 1), DeadLetterReason.TOO_LARGE, id="a byte too large"),
    pytest.param(b"null", DeadLetterReason.NOT_AN_OBJECT, id="null"),
    pytest.param(b"[]", DeadLetterReason.NOT_AN_OBJECT, id="a list"),
    pytest.param(b'"text"', DeadLetterReason.NOT_AN_OBJECT, id="a string"),
    pytest.param(without("contract_id"), DeadLetterReason.NO_CONTRACT, id="no contract"),
    pytest.param(named(contract_id=7), DeadLetterReason.NO_CONTRACT, id="contract a number"),
    pytest.param(named(contract_id="C|1"), DeadLetterReason.NO_CONTRACT, id="contract with the key's own sign"),
    pytest.param(without("participant_id"), DeadLetterReason.NO_PARTICIPANT, id="no participant"),
    pytest.param(named(participant_id=""), DeadLetterReason.NO_PARTICIPANT, id="participant of nothing"),
    pytest.param(named(participant_id="P 1"), DeadLetterReason.NO_PARTICIPANT, id="participant with a blank"),
    pytest.param(named(participant_id="P" * 129), DeadLetterReason.NO_PARTICIPANT, id="participant too long"),
    pytest.param(without("request_id"), DeadLetterReason.NO_REQUEST_ID, id="no request id"),
    pytest.param(named(request_id=None), DeadLetterReason.NO_REQUEST_ID, id="request id null"),
    pytest.param(named(request_id="r\n1"), DeadLetterReason.NO_REQUEST_ID, id="request id of two lines"),
]


def dead(outcomes: list[Outcome]) -> tuple[Outcome, dict[str, str]]:
    """The one dead letter there must be, and its headers of ours."""
    letter = only(outcomes)
    names = ("reason", "detail", "topic", "partition", "offset")
    return letter, {name: (header(letter.headers, f"dead-letter-{name}") or b"").decode() for name in names}


@pytest.mark.parametrize(("sent", "reason"), UNREADABLE)
def test_gen_3_unreadable_is_a_dead_letter(sent: bytes, reason: DeadLetterReason) -> None:
    book = Book(terms())
    book.instruct(opening("o1", "2021-01-04"))
    before, logged = book.participant(), len(book.log)
    letter, marks = dead(book.publish("deposit-requests", sent, RECORDED))
    assert letter.topic == "dead-letters"
    assert letter.value == sent
    assert marks["reason"] == reason.value
    assert marks["topic"] == "deposit-requests"
    assert (marks["partition"], marks["offset"]) == ("0", "6")  # terms, three rates and the opening were before it
    assert 0 < len(marks["detail"]) <= 200
    assert book.participant() == before
    assert len(book.log) == logged
    assert only(book.deposit(GOOD)).topic == "acknowledgements"  # and the service goes on


def test_gen_3_a_tombstone_is_a_dead_letter() -> None:
    book = Book(terms())
    before = len(book.service.written)
    book.service.take(InputRecord("deposit-requests", 0, 9, b"key", None, (("mine", b"1"),), 0))
    letter = book.service.written[before]
    assert (letter.topic, letter.key, letter.value) == ("dead-letters", b"key", None)
    assert dict(letter.headers)["mine"] == b"1"
    assert dict(letter.headers)["dead-letter-reason"] == b"EMPTY"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(of_size(64 * 1024), id="as large as may be"),
        pytest.param(with_more('"x":' + nested(31)), id="as deep as may be"),
        pytest.param(with_more('"x":1.' + "9" * 4_000), id="a number of 4000 places"),
        pytest.param(with_more('"x":"\\u0000\\ud83d\\ude00"'), id="a NUL and a whole surrogate pair"),
        pytest.param(with_more('"amount":"100.00"'), id="a field twice, alike"),
        pytest.param(named(contract_id="C1", participant_id="P1", request_id="r" * 128), id="the longest id"),
        pytest.param(named(request_id="d\u00e9p\u00f4t-1"), id="letters of other tongues"),
    ],
)
def test_gen_3_readable_however_odd_is_served(sent: bytes) -> None:
    book = Book(terms())
    assert only(book.publish("deposit-requests", sent, RECORDED)).topic == "acknowledgements"
    assert only(book.close("2021-01-04")).topic == "confirmations"


def test_gen_3_malformed_reference_data_is_a_dead_letter_and_an_alarm() -> None:
    book = Book(terms())
    alarm, letter = book.publish("fund-values", b"{bad")
    assert (alarm.topic, alarm.message["code"]) == ("alarms", "MALFORMED")
    assert (letter.topic, letter.value) == ("dead-letters", b"{bad")
    assert header(letter.headers, "dead-letter-reason") == DeadLetterReason.MALFORMED.value.encode()


def test_every_reason_of_a_dead_letter_is_shown() -> None:
    shown = {parameters.values[1] for parameters in UNREADABLE} | {DeadLetterReason.MALFORMED}
    assert shown == set(DeadLetterReason)
