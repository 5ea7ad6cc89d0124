"""Dropping what nothing can need changes no outcome, whatever is asked for and whenever a close is settled."""

from functools import cache

from services.ledger.logic import LedgerLogic
from services.runtime.records import OutputRecord
from tests.domain.lifelong import life, stretches
from tests.domain.lives import Ledger, by_participant

SEED = 2
"""Of a life in which orders hold requests for years; the tests hold of any."""


class KeepingAll(LedgerLogic):
    """A ledger that drops nothing."""

    def _drop(self) -> None:
        self._kept = self._frontier


@cache
def log() -> list[OutputRecord]:
    return life(SEED)


@cache
def lived(seed: int | None, kind: type[LedgerLogic] = LedgerLogic) -> Ledger:
    """A ledger that settles after every entry, or by stretches of a seed, and drops what it can whatever is due."""
    ledger = Ledger()
    ledger.logic = kind(ledger.partition)
    settles = stretches(seed) if seed is not None else iter(lambda: True, False)
    for record in log():
        ledger.fold(record)
        if next(settles):
            ledger.settle()
        else:
            ledger.logic._drop()
    ledger.settle()
    for table in ledger.partition.tables.values():
        table.commit()
    return ledger


def rows(ledger: Ledger, table: str) -> dict[str, object]:
    return dict(ledger.partition.tables[table].items())


def test_outcomes_are_the_same_with_and_without_dropping() -> None:
    everything, ledger = lived(1, KeepingAll), lived(2)
    found = by_participant(ledger.written)
    assert found == by_participant(everything.written)
    assert sum(map(len, found.values())) > 2000
    assert rows(ledger, "participants") == rows(everything, "participants")
    assert rows(ledger, "requests") == rows(everything, "requests")
    days, all_days = (len(each.logic._market.days) for each in (ledger, everything))
    assert days < all_days / 3


def test_rows_do_not_depend_on_when_they_are_dropped() -> None:
    """In the end; for while something is due that is not settled more is kept."""
    assert rows(lived(None), "market") == rows(lived(2), "market")
