"""Cuts through a ledger that drops what nothing can need of its market, followed by a replay that drops it later."""

from random import Random

import pytest

from services.runtime.records import InputRecord
from tests.cli.test_following import at_rest, cut_through, differences, live
from tests.domain.lifelong import life
from tests.domain.lives import as_input

ENTRIES = 520
"""Of closes and requests of two years: more than a request may be old."""


@pytest.fixture(scope="module")
def log() -> list[InputRecord]:
    return [as_input(at, record) for at, record in enumerate(life(2)[:ENTRIES])]


@pytest.mark.parametrize("seed", range(2))
def test_rows_that_are_dropped_sooner_or_later_are_no_difference(
    seed: int, log: list[InputRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)  # noqa: S311 -- a test's choices
    transactions = live(log, random, monkeypatch)
    removed = [
        record
        for transaction in transactions
        for record in transaction.records
        if record.topic == "ledger-market" and record.value is None and (record.key or b"").startswith(b"day|")
    ]
    assert len(removed) > 20
    cuts = (cut_through(transactions, random) for _ in range(40))
    for cut in [cut for cut in cuts if cut.last > 0.8 * ENTRIES][:5]:
        assert differences(cut, log) == [], (cut.first, cut.last, cut.settled)
    assert differences(at_rest(transactions), log) == []
