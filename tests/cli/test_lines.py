"""Records as lines of JSON."""

import json
from pathlib import Path

from services.runtime.cli.lines import OutcomeFiles, record_line
from services.runtime.cli.messages import Message, read_line
from services.runtime.records import OutputRecord


def test_a_value_stands_as_its_very_bytes() -> None:
    record = OutputRecord("confirmations", 0, b"C1|ann", b'{"amount": "1.00" }', (("ce_id", b"1"), ("repeat", b"true")))
    assert record_line(record) == (
        b'{"topic":"confirmations","key":"C1|ann","headers":[["ce_id","1"],["repeat","true"]],'
        b'"value":{"amount": "1.00" }}'
    )


def test_a_dead_letter_is_a_string_or_base64() -> None:
    text = OutputRecord("dead-letters", 0, None, b"{broken", ())
    assert record_line(text) == b'{"topic":"dead-letters","key":null,"headers":[],"value":"{broken"}'
    raw = OutputRecord("dead-letters", 0, b"\xff", b"\xfe", (("h", b"\xfd"),))
    assert json.loads(record_line(raw)) == {
        "topic": "dead-letters",
        "key_base64": "/w==",
        "headers": [["h", {"base64": "/Q=="}]],
        "value_base64": "/g==",
    }


def test_a_dead_letter_that_was_mended_can_be_published_again() -> None:
    line = record_line(OutputRecord("dead-letters", 0, b"C1|ann", b'{"a":1}', (("dead-letter-reason", b"x"),)))
    again = read_line(line.replace(b"dead-letters", b"deposit-requests"), "f:1")
    assert again == Message("f:1", "deposit-requests", "C1|ann", b'{"a":1}')


def test_one_file_a_topic_written_anew(tmp_path: Path) -> None:
    record = OutputRecord("notices", 0, b"k", b"{}", ())
    for _ in range(2):
        with OutcomeFiles(tmp_path / "out", ("notices", "alarms")) as files:
            files.write([record, OutputRecord("ledger-log", 0, b"k", b"{}", ())])
        assert files.written == {"notices": 1, "alarms": 0}
    assert (tmp_path / "out" / "notices.jsonl").read_bytes() == record_line(record) + b"\n"
    assert (tmp_path / "out" / "alarms.jsonl").read_bytes() == b""
