"""However batches and slices end, every participant's last account values are the same, byte for byte."""

import json
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts_schema.types import plain
from services.ledger import logic
from services.runtime.records import OutputRecord
from tests.domain.books import Book, Json, deposit, opening, shares, terms
from tests.domain.lives import Ledger, as_input, interleaved, lived
from tests.strategies import DAYS, Line, histories

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
        if at < len(log) and chance.random() < 0.8:
            size = chance.randint(1, 12)
            ledger.written += ledger.logic.process([as_input(at, record) for record in log[at : at + size]])
            ledger.written += ledger.logic.last() if chance.random() < 0.5 else ()
            at += size
        else:
            ledger.written += [*ledger.logic.last(), *ledger.logic.background(None)]
        for table in ledger.partition.tables.values():
            table.commit()
    return [*ledger.written, *ledger.logic.last()]


@moderate
@given(history=histories(), seed=st.integers(0, 10_000), slices=st.integers(1, 3))
def test_the_last_values_do_not_depend_on_batches_and_slices(history: list[Line], seed: int, slices: int) -> None:
    book, chance = lived(history), Random(seed)  # noqa: S311 -- a test's choices
    replayed = last_values(book.service.written)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(logic, "SLICE_KEYS", slices)
        assert last_values(in_batches(book.log, chance)) == replayed
        assert last_values(in_batches(interleaved(book.log, chance), chance)) == replayed


def seldom_touched(chance: Random) -> Book:
    """Twelve participants who deposit now and then, to a fund or to Fixed Account 2, some of it not in good order."""
    book, people = Book(terms()), [f"P{number}" for number in range(12)]
    for person in people:
        book.instruct(opening("open", DAYS[0], participant_id=person))
    for day in DAYS:
        for person in people:
            if chance.random() < 0.25:
                amount = chance.choice(["10.00", "20.00", "-1"])
                share = chance.choice([shares(F1="100"), shares(FA2="100")])
                book.deposit(deposit(f"d-{day}", day, amount, participant_id=person, allocation=share))
        book.close(day, F1=f"{chance.randint(9, 12)}.000000")
    return book


@pytest.mark.parametrize("seed", range(6))
def test_who_is_seldom_touched_has_the_same_last_values_however_late_it_is_settled(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 -- a test's choices
    book = seldom_touched(chance)
    assert last_values(in_batches(book.log, chance)) == last_values(book.service.written)
    assert len({json.loads(one.value or b"")["as_of"] for one in values(book.service.written)}) > 3


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
