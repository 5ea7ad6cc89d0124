"""What submitters of remittances are told, on the command line."""

import json
from pathlib import Path

from services.runtime.cli.one_line import one_line
from services.runtime.cli.watching import WATCHED, Wanted
from services.runtime.records import InputRecord, OutputRecord
from tests.cli import scenario
from tests.cli.running import annuity_ledger
from tests.domain.books import LOGS, Book, deposit, shares, terms


def told() -> list[OutputRecord]:
    """Of R1 with one line of three and a total that others contradict; of R2, which is complete."""
    book = Book(terms())
    said = {"remittance_id": "R1", "remittance_count": 3, "allocation": shares(F1="100")}
    book.deposit(deposit("R1-1", "2021-01-04", "100.00", **said, remittance_total="250.00"))
    book.deposit(deposit("R1-2", "2021-01-04", "50.00", **said, remittance_total="300.00"))
    book.deposit(deposit("R2-1", "2021-01-04", "9.99", **{**said, "remittance_id": "R2", "remittance_count": 1}))
    book.close("2021-01-04")
    return [record for record in book.service.written if record.topic == "remittance-notices"]


def test_notices_are_told_in_one_line() -> None:
    complete, wrong = (one_line(record).plain for record in told())
    assert complete == "remittance-notices C1|acme|R2 2021-01-04 remittance complete: 1 lines of 1, 9.99 of any total"
    assert wrong == (
        "remittance-notices C1|acme|R1 2021-01-04 remittance out of balance: 2 lines of 3, 150.00 of 250.00 or 300.00 "
        "(LINES_MISSING, TOTALS_CONFLICT)"
    )


def test_they_are_watched_by_contract_and_are_no_participants() -> None:
    assert "remittance-notices" in WATCHED
    first = told()[0]
    record = InputRecord(first.topic, 0, 0, first.key, first.value, first.headers, 0)
    assert Wanted(contract="C1").includes(record)
    assert not Wanted(contract="C2").includes(record)
    assert not Wanted(participant="acme").includes(record)


def test_a_remittance_that_is_replayed_is_told_of(tmp_path: Path) -> None:
    """One of its three amounts cannot be read, so the file has a count and no total: 120.00 + 80.00 = 200.00."""
    remittance = tmp_path / "r.csv"
    remittance.write_text(scenario.REMITTANCE)
    first = scenario.written(tmp_path / "a.jsonl", scenario.reference())
    done = annuity_ledger("replay", first, remittance, "--out", tmp_path / "out")
    assert done.code == 0, done.err
    (line,) = (tmp_path / "out" / "remittance-notices.jsonl").read_text().splitlines()
    notice = json.loads(line)["value"]
    assert (notice["kind"], notice["counts"], notice["lines_unreadable"]) == ("remittance_complete", [3], 1)
    assert (notice["total_received"], notice["date"]) == ("200.00", "2021-01-05")


def test_logs_are_no_outcomes() -> None:
    assert not set(LOGS) & set(WATCHED)
