"""The promise of every release since 0.1: its log replays to the bytes that it wrote, and its state can be read."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts_schema.entries import AnyEntry, TermsEntry, read_entry, write_entry
from contracts_schema.options import GuaranteedOption
from contracts_schema.values import changed
from services.domain.folding import market_of
from services.domain.market import Market, MarketRow
from services.ledger.logic import LEDGER, PARTICIPANTS
from tests.golden.files import Golden, read, releases, state_of, written_by
from tests.golden.scenario import folded

TABLES = {table.name: table for table in LEDGER.tables}
NEWER = {"totals"}
"""Tables that release 0.1 did not have; they are empty but while a contract is reviewed."""


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
    now = state_of(folded(golden.log))
    assert meaning(golden.state, golden.release) == meaning(now, golden.release)
    assert {table for table, _, _ in golden.state} == set(TABLES) - NEWER


def meaning(state: list[tuple[str, str, bytes]], release: str) -> tuple[Market, list[tuple[str, str, Any]]]:
    """What a state's rows say: messages in them may have got fields since, which mean what was done before, and rows
    may have got fields that the release's rows lack. It has no rows that tell the closed days of a year.
    """
    rows = [
        (table, key, _as_in(release, TABLES[table].decode(row)))
        for table, key, row in state
        if release != "0.1" or not key.startswith("closed|")
    ]
    market = market_of((key, row) for table, key, row in rows if table == "market")
    return market, [(table, key, None if holds_message(row) else row) for table, key, row in rows]


def _as_in(release: str, row: Any) -> Any:  # noqa: ANN401 -- rows of any table
    """A row without what was kept only after the release: when an offering was logged, the day after a closed one, its
    credited rates.
    """
    if release != "0.1" or not isinstance(row, MarketRow):
        return row
    return changed(
        row, logged_after=None, day=None if row.day is None else changed(row.day, next_day=None, fixed_rates={})
    )


def holds_message(row: object) -> bool:
    return isinstance(row, MarketRow) and (row.terms or row.offering or row.yields) is not None


def test_terms_of_the_first_release_mean_what_they_meant() -> None:
    """In the log and in the market's rows: they were logged before lots of one term could share a factor (MVA-9), and
    what matured stayed where it was, without notice (MAT-1, MAT-3), and nothing could be transferred out of Fixed
    Account 2 (LIM-3).
    """
    golden = read("0.1")
    rows = {key: TABLES[table].decode(row) for table, key, row in golden.state if table == "market"}
    from_rows = market_of(rows.items()).terms["C1"]
    from_log = tuple(entry.terms for entry in entries(golden) if isinstance(entry, TermsEntry))
    for terms in (*from_rows, *from_log):
        option = terms.option_named("GAA")
        assert isinstance(option, GuaranteedOption)
        assert option.mva.equal_lots == "each"
        assert (option.at_maturity, option.maturity_notice_days) == ("stays", 0)
        assert terms.fixed["FA2"].limit.window == "not_available"
    assert from_rows == from_log


def entries(golden: Golden) -> list[AnyEntry]:
    return [read_entry(record.value) for record in golden.log if record.value is not None]


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
