"""A notice that concerns no single account, written out."""

from datetime import UTC, date, datetime
from pathlib import Path

from contracts_schema.outcomes import Notice
from services.runtime.cli.explaining import text
from services.runtime.cli.reading_outcomes import outcome_in


def test_the_end_of_a_rate_lock_in_a_file(tmp_path: Path) -> None:
    notice = Notice(
        outcome_id="C1|P1|7",
        contract_id="C1",
        participant_id="P1",
        sequence=7,
        decided_at=datetime(2021, 2, 26, 21, tzinfo=UTC),
        rules=("NTC-6",),
        kind="rate_lock_ended",
        date=date(2021, 2, 25),
        details={"elected_by": "lock"},
    )
    file = tmp_path / "notice.json"
    file.write_bytes(notice.written())
    assert text(outcome_in(file)).startswith(
        "NOTICE C1|P1|7: rate lock ended\n"
        "contract C1, participant P1, outcome number 7\n"
        "2021-02-25, decided 2021-02-26 21:00:00+00:00\n"
        "\nDetails\n  elected_by: lock\n"
        "\nRules\n  NTC-6: GAA, Interest Rate Lock"
    )
