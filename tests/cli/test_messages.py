"""Lines of JSON as messages."""

from pathlib import Path

import pytest

from services.runtime.cli.messages import BadLine, Message, count_lines, read_jsonl, read_line


def read(line: str) -> Message | BadLine:
    return read_line(line.encode(), "f:1")


def test_a_value_goes_as_the_very_bytes_of_the_file() -> None:
    value = '{"contract_id":"C1",  "participant_id":"P1", "amount": 100.00, "huge": 1e30}'
    assert read(f'{{"topic":"deposit-requests","value":{value}}}') == Message(
        "f:1", "deposit-requests", "C1|P1", value.encode()
    )


def test_a_string_stands_for_raw_bytes() -> None:
    assert read('{"topic":"deposit-requests","value":"{bro\\u00dfen"}') == Message(
        "f:1", "deposit-requests", None, "{broßen".encode()
    )


def test_bytes_that_are_no_text_are_given_in_base64() -> None:
    assert read('{"topic":"deposit-requests","value_base64":"//8="}') == Message(
        "f:1", "deposit-requests", None, b"\xff\xff"
    )


def test_null_is_no_value() -> None:
    assert read('{"topic":"deposit-requests","key":"a|b","value":null}') == Message(
        "f:1", "deposit-requests", "a|b", None
    )


@pytest.mark.parametrize(
    ("topic", "value", "key"),
    [
        ("deposit-requests", '{"contract_id":"C1","participant_id":"P1"}', "C1|P1"),
        ("deposit-requests", '{"contract_id":"C1"}', None),
        ("deposit-requests", '{"contract_id":"C1","participant_id":7}', None),
        ("deposit-requests", '{"contract_id":"C1","participant_id":""}', None),
        ("deposit-requests", "[1]", None),
        ("fund-values", '{"fund":"F1"}', "F1"),
        ("credited-rates", '{"contract_id":"C1","option":"FA2"}', "C1|FA2"),
        ("contract-terms", '{"contract_id":"C1"}', "C1"),
        ("market-yields", '{"series":"CMT"}', "CMT"),
    ],
)
def test_the_key_is_reckoned_from_the_value(topic: str, value: str, key: str | None) -> None:
    found = read(f'{{"topic":"{topic}","value":{value}}}')
    assert isinstance(found, Message)
    assert found.key == key


def test_a_key_that_is_given_stands() -> None:
    found = read('{"topic":"fund-values","key":"other","timestamp":5,"value":{"fund":"F1"}}')
    assert found == Message("f:1", "fund-values", "other", b'{"fund":"F1"}', 5)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("no json", "no message: JSON is malformed"),
        ("[]", "no message: Expected `object`, got `array`"),
        ('{"topic":"deposit-requests","value":{"a":NaN}}', "no message: JSON is malformed"),
        ('{"value":{}}', "no message: Object missing required field `topic`"),
        ('{"topic":"deposit-requests"}', "no message: the line has no `value`"),
        ('{"topic":"deposit-requests","value_base64":"*"}', "no message: "),
        ('{"topic":"deposits","value":{}}', "unknown topic deposits; there are deposit-requests, "),
        ('{"topic":"ledger-log","value":{}}', "topic ledger-log is written by intake, reference only"),
        ('{"topic":"confirmations","value":{}}', "topic confirmations is written by ledger only"),
        ('{"topic":"deposit-requests","value":' + "[" * 100_000, "no message: "),
    ],
)
def test_what_no_message_can_be_made_from(line: str, reason: str) -> None:
    found = read(line)
    assert isinstance(found, BadLine)
    assert found.place == "f:1"
    assert found.reason.startswith(reason)


def test_files_are_read_line_by_line_and_bad_lines_named(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'{"topic":"fund-values","value":{}}\n\n\xff\xfe\n{"topic":"fund-values","value":{}}')
    good, bad, last = read_jsonl(file)
    assert isinstance(good, Message)
    assert bad == BadLine(f"{file}:3", "not UTF-8 (byte 1 of the line)")
    assert last == Message(f"{file}:4", "fund-values", None, b"{}")
    assert count_lines(file) == 4
