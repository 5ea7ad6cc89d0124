"""Account values of a transaction that holds more than one batch, or a close."""

import msgspec

from services.runtime.records import OutputRecord
from tests.domain.books import Book, deposit, fund, opening, shares, terms
from tests.domain.lives import Ledger, as_input

FIRST, NEXT = "2021-01-04", "2021-01-05"


def lived() -> list[OutputRecord]:
    """The log of two days with a deposit each, both closed: 100.00 into F1 at 10."""
    book = Book(terms(fund("F1")))
    book.instruct(opening("open", FIRST))
    for number, day in enumerate((FIRST, NEXT)):
        book.deposit(deposit(f"d{number}", day, "100.00", allocation=shares(F1="100")))
        book.close(day)
    return book.log


def told(records: list[OutputRecord]) -> list[tuple[object, ...]]:
    values = [msgspec.json.decode(each.value or b"") for each in records if each.topic == "account-values"]
    return [(each["as_of"], each["value"], each["waiting"]) for each in values]


def test_a_transaction_that_holds_several_closes_writes_the_last_values_alone() -> None:
    """The first deposit is settled when the second comes, which waits for a close that nobody is settled by yet."""
    ledger = Ledger()
    written = [*ledger.logic.process([as_input(at, record) for at, record in enumerate(lived())])]
    assert told(written) == []
    assert told([*ledger.logic.last()]) == [(FIRST, "100.00", 1)]
    assert told([*ledger.logic.last()]) == []
    assert told([*ledger.logic.background(None)]) == [(NEXT, "200.00", 0)]


def test_batch_after_batch_of_one_transaction_is_written_once() -> None:
    ledger = Ledger()
    for at, record in enumerate(lived()):
        assert told([*ledger.logic.process([as_input(at, record)])]) == []
    assert told([*ledger.logic.last()]) == [(FIRST, "100.00", 1)]
