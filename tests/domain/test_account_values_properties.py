"""However batches and slices end, every participant's last account values are the same, byte for byte."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts_schema.types import plain
from services.ledger import logic
from services.runtime.records import OutputRecord
from tests.domain.books import Json
from tests.domain.lives import Ledger, as_input, interleaved, lived
from tests.strategies import Line, histories

moderate = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def values(records: list[OutputRecord]) -> list[OutputRecord]:
    return [record for record in records if record.topic == "account-values"]


def last_values(records: list[OutputRecord]) -> dict[bytes, tuple[object, ...]]:
    """The last record of each participant: what compaction leaves."""
    return {record.key or b"": (record.value, record.headers) for record in values(records)}


def in_batches(log: list[OutputRecord], chance: Random) -> list[OutputRecord]:
    """What a ledger writes that takes the log in batches of any size, and settles a participant or two now and then."""
    ledger, at = Ledger(), 0
    while at < len(log) or ledger.logic.has_work():
        if at < len(log) and chance.random() < 0.6:
            size = chance.randint(1, 12)
            ledger.written += ledger.logic.process([as_input(at, record) for record in log[at : at + size]])
            at += size
        else:
            ledger.written += ledger.logic.background(None)
        for table in ledger.partition.tables.values():
            table.commit()
    return ledger.written


@moderate
@given(history=histories(), seed=st.integers(0, 10_000), slices=st.integers(1, 3))
def test_the_last_values_do_not_depend_on_batches_and_slices(history: list[Line], seed: int, slices: int) -> None:
    book, chance = lived(history), Random(seed)  # noqa: S311 -- a test's choices
    replayed = last_values(book.service.written)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(logic, "SLICE_KEYS", slices)
        assert last_values(in_batches(book.log, chance)) == replayed
        assert last_values(in_batches(interleaved(book.log, chance), chance)) == replayed


@moderate
@given(histories())
def test_as_of_and_sequence_never_go_back_and_ids_tell_records_apart(history: list[Line]) -> None:
    book = lived(history)
    seen: dict[str, tuple[str, int]] = {}
    ids: dict[bytes, bytes] = {}
    for each in book.values:
        told = (each.message["as_of"], each.message["sequence"])
        assert seen.get(each.key, told) <= told
        seen[each.key] = told
        assert ids.setdefault(dict(each.headers)["ce_id"], each.value) == each.value


@moderate
@given(histories())
def test_values_are_what_the_books_hold(history: list[Line]) -> None:
    """The last record has the books' units and sequence, and its sums are right to the cent."""
    book = lived(history)
    latest: dict[str, Json] = {each.key: each.message for each in book.values}
    for key, told in latest.items():
        books = book.participant(key.partition("|")[2])
        assert books is not None
        assert (told["sequence"], told["waiting"]) == (books.sequence, len(books.waiting))
        for account, held in zip(books.accounts, told["accounts"], strict=True):
            told_units = [(part["option"], part["units"]) for part in held["options"]]
            positions = [(part.option, plain(part.units)) for part in account.positions]
            assert told_units == positions + [(part.option, plain(part.units)) for part in account.applied]
            assert [(lot["lot"], lot["units"]) for lot in held["lots"]] == [
                (lot.lot, plain(lot.units)) for lot in account.lots
            ]
            parts = [*held["options"], *held["lots"]]
            assert sum(_cents(part["value"]) for part in parts) == _cents(held["value"])
        assert sum(_cents(held["value"]) for held in told["accounts"]) == _cents(told["value"])


def _cents(dollars: str) -> int:
    return int(dollars.replace(".", ""))
