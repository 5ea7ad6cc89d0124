"""The promise of every release since 0.1: its log replays to the bytes that it wrote, and its state can be read."""

from datetime import date
from decimal import Decimal

import pytest

from contracts_schema.entries import read_entry, write_entry
from services.ledger.logic import LEDGER, PARTICIPANTS
from tests.golden.files import Golden, read, releases, state_of, written_by
from tests.golden.scenario import folded

TABLES = {table.name: table for table in LEDGER.tables}


@pytest.fixture(params=releases())
def golden(request: pytest.FixtureRequest) -> Golden:
    """The files of each release in turn."""
    return read(request.param)


def test_the_first_release_is_kept() -> None:
    assert "0.1" in releases()


def test_the_log_replays_to_the_same_bytes(golden: Golden) -> None:
    assert written_by(folded(golden.log)) == golden.written


def test_every_kind_of_outcome_is_among_them(golden: Golden) -> None:
    topics = {line.split(b'"', 4)[3].decode() for line in golden.written}
    assert topics >= {"confirmations", "rejections", "acknowledgements", "notices", "day-closes"}
    assert any(b'"repeat","true"' in line for line in golden.written)
    assert any(b'"deposit_yields"' in line for line in golden.written)


def test_the_state_decodes_to_what_the_log_makes(golden: Golden) -> None:
    now = [(table, key, TABLES[table].decode(row)) for table, key, row in state_of(folded(golden.log))]
    assert [(table, key, TABLES[table].decode(row)) for table, key, row in golden.state] == now
    assert {table for table, _, _ in golden.state} == set(TABLES)


def test_entries_read_from_the_log_say_the_same_when_written(golden: Golden) -> None:
    for record in golden.log:
        assert record.value is not None
        assert read_entry(write_entry(read_entry(record.value))) == read_entry(record.value)


def test_what_a_row_of_the_first_release_means() -> None:
    """Read by hand from its file, so that an encoding changed on both sides is still seen."""
    (row,) = (row for table, key, row in read("0.1").state if (table, key) == ("participants", "C1|P1"))
    books = PARTICIPANTS.decode(row)
    (account,) = books.accounts
    assert account.opened == date(2021, 1, 4)
    assert account.units_of("F1") == Decimal("50.001000")
    assert [lot.years for lot in account.lots] == [2, 5, 1]
    assert [waiting.request_id for waiting in books.waiting] == ["waits"]
