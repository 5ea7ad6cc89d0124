"""Dead letters of records that are too large to be written: cut, with what is needed to know the whole by."""

import hashlib

from contracts_schema.alarms import DeadLetterReason
from contracts_schema.headers import Headers
from contracts_schema.topics import MAX_MESSAGE_BYTES
from services.runtime.cutting import KEPT, ROOM
from services.runtime.dead_letters import dead_letter
from services.runtime.records import InputRecord, OutputRecord


def _letter(value: bytes | None, key: bytes | None = None, headers: Headers = ()) -> OutputRecord:
    record = InputRecord("deposit-requests", 3, 7, key, value, headers, 0)
    return dead_letter(record, 3, DeadLetterReason.TOO_LARGE, "too large")


def _size(letter: OutputRecord) -> int:
    headers = sum(len(name) + len(value) + 16 for name, value in letter.headers)
    return len(letter.key or b"") + len(letter.value or b"") + headers


def test_the_largest_that_fits_is_kept_whole() -> None:
    whole = _letter(b"x" * (ROOM - 3), b"key")
    assert whole.value == b"x" * (ROOM - 3)
    assert "dead-letter-cut-from" not in dict(whole.headers)
    assert _size(whole) < MAX_MESSAGE_BYTES


def test_a_byte_more_is_cut_and_says_what_it_was() -> None:
    value = b"x" * (ROOM - 2)
    letter = _letter(value, b"key", (("a", b"1"),))
    marks = dict(letter.headers)
    assert (letter.key, letter.value) == (b"key", value[:KEPT])
    assert marks["a"] == b"1"
    assert marks["dead-letter-cut-from"] == str(len(value)).encode()
    assert marks["dead-letter-sha256"] == hashlib.sha256(value).hexdigest().encode()
    assert (marks["dead-letter-topic"], marks["dead-letter-partition"], marks["dead-letter-offset"]) == (
        *(b"deposit-requests", b"3", b"7"),
    )


def test_a_key_and_headers_may_be_what_is_too_large() -> None:
    letter = _letter(None, b"k" * MAX_MESSAGE_BYTES)
    assert (letter.key, letter.value) == (b"k" * KEPT, b"")
    many = tuple((f"h{n}", b"x" * 1000) for n in range(10_000))
    letter = _letter(b"{}", b"key", many)
    assert 0 < len(letter.headers) < 80
    assert letter.headers[: len(letter.headers) - 7] == many[: len(letter.headers) - 7]
    assert _size(letter) < 2 * KEPT
