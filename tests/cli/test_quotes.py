"""Quotes written out, as one line, and found by their request's id."""

import json
from pathlib import Path

from services.runtime.cli.explaining import text
from services.runtime.cli.finding import answers_in
from services.runtime.cli.lines import record_line
from services.runtime.cli.messages import read_line
from services.runtime.cli.one_line import one_line
from services.runtime.cli.reading_outcomes import outcome_in, outcome_of
from services.runtime.cli.stamping import stamped
from services.runtime.records import InputRecord, OutputRecord
from tests.cli import scenario


def quoted(amount: str) -> OutputRecord:
    """What Bob is told, who holds 499 units of F1 at 10, of a withdrawal from it on the Monday after the last close."""
    service, line = scenario.folded(), json.dumps(scenario.quote("bob", "q1", amount)).encode()
    for record in stamped([read_line(line, "the quote")]):
        assert isinstance(record, InputRecord), record
        service.take(record)
    return [record for record in service.written if record.topic == "quotes"][-1]


def explained(record: OutputRecord) -> str:
    outcome = outcome_of(record)
    assert outcome is not None
    return text(outcome)  # type: ignore[arg-type]  # neither an alarm nor a close


def test_a_quote_as_an_actuary_writes_it() -> None:
    assert explained(quoted("100.00")).startswith(
        """\
QUOTE C1|bob|bob-q1|quote: withdrawal; nothing changed
contract C1, participant bob
as of the close of 2021-01-29, quoted 2021-02-01 15:00:00+00:00

Details
  reason: in_service

Positions
  F1 (fund)
    -10.000000 units × 10.000000 (index of 2021-01-29) = -100.00 dollars
    before 499.000000 units, value 4990.00
    after  489.000000 units, value 4890.00

Result
  value taken 100.00
  paid 100.00
  debits 100.00 = credits 100.00   (GEN-7)

Rules
  GEN-2: """
    )


def test_why_it_would_be_refused() -> None:
    told = explained(quoted("5000.00"))
    assert told.startswith("QUOTE C1|bob|bob-q1|quote: would be refused; nothing changed\n")
    assert "Reasons\n  1. INSUFFICIENT_VALUE: more was asked for than there is\n" in told


def test_a_quote_as_one_line() -> None:
    line = one_line(quoted("100.00")).plain
    assert line == ("quotes           C1|bob bob-q1: as of the close of 2021-01-29, withdrawal paid 100.00: F1 -100.00")
    assert "bob-q1: would be refused, INSUFFICIENT_VALUE (WDL-11)" in one_line(quoted("5000.00")).plain


def test_a_quote_is_found_by_its_requests_id_and_in_a_file(tmp_path: Path) -> None:
    record = quoted("100.00")
    read = InputRecord(record.topic, 0, 0, record.key, record.value, record.headers, 0)
    assert [answer.kind for answer in answers_in([read], "bob-q1").shown] == ["quote"]
    file = tmp_path / "quote.json"
    file.write_bytes(record_line(record))
    assert text(outcome_in(file)) == explained(record)
