"""Cuts through a ledger that makes annual notices, of a contract that came by its statement date in the meantime."""

from random import Random

import pytest

from services.runtime.records import InputRecord
from tests.cli.test_following import at_rest, cut_through, differences, live
from tests.domain.books_statements import holding, put
from tests.domain.test_statement_dates import version


@pytest.fixture(scope="module")
def log() -> list[InputRecord]:
    """Three people, one of whom goes on every day; 14 and 20 January are statement dates, by two versions."""
    book = holding(version(1, "2021-01-01", None))
    for person in ("P2", "P3"):
        put(book, "2021-01-04", person)
    book.close_through("2021-01-04", "2021-01-11")
    book.publish("contract-terms", version(2, "2021-01-13", "01-14"))
    book.publish("contract-terms", version(3, "2021-01-20", "01-20"))
    for day in ("2021-01-12", "2021-01-13", "2021-01-14", "2021-01-15", "2021-01-19", "2021-01-20", "2021-01-21"):
        put(book, day, "P3")
        book.close(day)
    return [InputRecord("ledger-log", 0, at, r.key, r.value, r.headers, 0) for at, r in enumerate(book.log)]


@pytest.mark.parametrize("seed", range(6))
def test_ntc_1_rounds_never_differ_wherever_they_are_cut(
    seed: int, log: list[InputRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)  # noqa: S311 -- a test's choices
    transactions = live(log, random, monkeypatch)
    for _ in range(12):
        cut = cut_through(transactions, random)
        assert differences(cut, log) == [], (cut.first, cut.last, cut.settled)
    assert differences(at_rest(transactions), log) == []
    notices = [record for each in transactions for record in each.records if record.topic == "notices"]
    assert len(notices) == 6
