"""Messages of files as records with timestamps."""

import pytest

from services.runtime.cli.messages import BadLine, Message
from services.runtime.cli.stamping import stamped
from services.runtime.records import InputRecord

RECEIVED = b'{"received_at":"2021-01-04T10:00:00-05:00"}'
TEN = 1_609_772_400_000


def message(topic: str, value: bytes, timestamp: int | str | None = None) -> Message:
    return Message("f:1", topic, None, value, timestamp)


def one(item: Message) -> InputRecord | BadLine:
    (found,) = stamped([item])
    return found


@pytest.mark.parametrize(
    ("item", "milliseconds"),
    [
        (message("deposit-requests", b"{}", 5), 5),
        (message("deposit-requests", RECEIVED, "2021-01-04T15:00:01Z"), TEN + 1000),
        (message("deposit-requests", RECEIVED), TEN),
        (message("fund-values", b"{}"), 0),
    ],
)
def test_the_timestamp_is_the_lines_or_its_values(item: Message, milliseconds: int) -> None:
    found = one(item)
    assert isinstance(found, InputRecord)
    assert found.timestamp_ms == milliseconds


def test_else_it_is_that_of_the_line_before() -> None:
    items = [
        message("deposit-requests", RECEIVED),
        message("deposit-requests", b"{broken"),
        message("fund-values", b""),
    ]
    assert [r.timestamp_ms for r in stamped(items) if isinstance(r, InputRecord)] == [TEN, TEN, TEN]


def test_offsets_count_by_topic() -> None:
    items = [message(topic, RECEIVED) for topic in ("deposit-requests", "fund-values", "deposit-requests")]
    assert [r.offset for r in stamped(items) if isinstance(r, InputRecord)] == [0, 0, 1]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (message("deposit-requests", b"{}"), "no timestamp, no received_at, and no line before it to take one from"),
        (message("fund-values", b"{}", "yesterday"), "timestamp 'yesterday': milliseconds since 1970, or ISO 8601"),
        (message("fund-values", b"{}", "2021-01-04T15:00:00"), "timestamp '2021-01-04T15:00:00': milliseconds"),
        (message("ledger-log", b"{}", 1), "1 validation error for LedgerEntry"),
    ],
)
def test_what_cannot_be_stamped(item: Message, reason: str) -> None:
    found = one(item)
    assert isinstance(found, BadLine)
    assert found.reason.startswith(reason)


def test_bad_lines_pass_through() -> None:
    assert list(stamped([BadLine("f:1", "why")])) == [BadLine("f:1", "why")]
