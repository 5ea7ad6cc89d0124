"""A ledger cut while it counts what is held under a contract: nothing differs, and nothing of the count is compared."""

from random import Random

import pytest

from services.runtime.records import InputRecord
from tests.cli.test_following import at_rest, cut_through, differences, live
from tests.domain.books import Book, fixed_account_2, fund
from tests.domain.books_reviews import deposit, reviewed
from tests.domain.lives import as_input


@pytest.fixture(scope="module")
def log() -> list[InputRecord]:
    """Five participants of a contract that is reviewed on Friday; on Monday and after it they go on."""
    book = Book(reviewed("C1", fund("F1"), fixed_account_2()))
    for day in ("2021-01-04", "2021-01-08", "2021-01-11"):
        for person in ("P1", "P2", "P3", "P4", "P5"):
            book.deposit(deposit(f"d-{day}", day, "100.00", person=person, FA2="100"))
            book.deposit(deposit(f"e-{day}", day, "100.00", person=person))
        book.close_through(day, {"2021-01-04": "2021-01-07"}.get(day, day))
    return [as_input(at, record) for at, record in enumerate(book.log)]


@pytest.mark.parametrize("seed", range(12))
def test_fnd_4_a_ledger_that_counts_never_differs_wherever_it_is_cut(
    seed: int, log: list[InputRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    transactions = live(log, Random(seed), monkeypatch)  # noqa: S311 -- a test's choices
    # Each of five holds 200.00 of F1, and of Fixed Account 2 100.00 for four days at 2% and 100.00 more: 400.02.
    told = [record for each in transactions for record in each.records if record.topic == "contract-totals"]
    assert [b'"total":"2000.10"' in (record.value or b"") for record in told] == [True]
    assert differences(at_rest(transactions), log) == []
    for at in range(30):
        cut = cut_through(transactions, Random(100 * seed + at))  # noqa: S311 -- same
        assert differences(cut, log) == []
