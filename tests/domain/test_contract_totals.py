"""FND-4: what is held under a contract on the day of its review, by all its participants at that day's values."""

from datetime import date
from decimal import Decimal

import pytest

from contracts_schema.contract_notices import ContractTotal
from tests.domain.books import Book, at, business_days, fixed_account_2, fund, fund_value, opening, terms
from tests.domain.books_reviews import deposit, review, reviewed, totals
from tests.domain.lives import Ledger


def closed_through(book: Book, last: str) -> list[tuple[str, str, str, int]]:
    return totals(book.close_through("2021-01-04", last))


def test_fnd_4_a_total_is_of_the_values_of_the_day_of_the_review() -> None:
    # 100.000000 units of P1 and 50.000000 of P2 bought at 10, worth 12.5 on Friday: 1,250.00 + 625.00 = 1,875.00.
    book = Book(reviewed())
    book.deposit(deposit("d1", "2021-01-04", "1000.00"))
    book.deposit(deposit("d2", "2021-01-04", "500.00", person="P2"))
    assert closed_through(book, "2021-01-07") == []
    assert totals(book.close("2021-01-08", F1="12.500000")) == [("C1", "2021-01-08", "1875.00", 2)]
    assert totals(book.close("2021-01-11", F1="13.000000")) == []


def test_fnd_4_what_trades_on_the_day_is_in_and_what_trades_after_it_is_not() -> None:
    book = Book(reviewed())
    book.deposit(deposit("d1", "2021-01-08", "200.00"))
    book.deposit(deposit("d2", "2021-01-11", "400.00"))
    assert closed_through(book, "2021-01-08") == [("C1", "2021-01-08", "200.00", 1)]


def test_fnd_4_a_participant_who_holds_nothing_is_not_counted_as_one() -> None:
    book = Book(reviewed())
    book.deposit(deposit("d1", "2021-01-04", "200.00"))
    book.deposit(deposit("d2", "2021-01-20", "300.00", person="P2"))
    assert closed_through(book, "2021-01-08") == [("C1", "2021-01-08", "200.00", 1)]


def test_fnd_4_fixed_options_count_with_their_interest_and_without_any_adjustment() -> None:
    # 1,000.00 at 2% from Monday to Friday, four days: 1000 x 1.02^(4/365) = 1,000.2170... -> 1,000.22.
    book = Book(reviewed("C1", fund("F1"), fixed_account_2()))
    book.deposit(deposit("d1", "2021-01-04", "1000.00", FA2="100"))
    assert closed_through(book, "2021-01-08") == [("C1", "2021-01-08", "1000.22", 1)]


@pytest.mark.parametrize(
    ("as_of", "review_on", "day"),
    [
        ("on_or_before", "01-08", "2021-01-08"),
        ("on_or_before", "01-09", "2021-01-08"),  # a Saturday
        ("on_or_before", "01-10", "2021-01-08"),
        ("on_or_before", "01-11", "2021-01-11"),
        ("on_or_after", "01-08", "2021-01-08"),
        ("on_or_after", "01-09", "2021-01-11"),
        ("on_or_after", "01-10", "2021-01-11"),
        ("on_or_after", "01-11", "2021-01-11"),
    ],
)
def test_fnd_4_a_day_of_the_year_that_is_no_business_day(as_of: str, review_on: str, day: str) -> None:
    book = Book(reviewed(charge_review=review(as_of=as_of, review_on=review_on)))
    book.deposit(deposit("d1", "2021-01-04", "200.00"))
    assert closed_through(book, "2021-01-15") == [("C1", day, "200.00", 1)]


def test_fnd_4_all_contracts_of_the_holder_and_class_are_totalled_and_no_others() -> None:
    # C2 has its own review in June; it is added up now because it is of the holder and class of C1.
    versions = [
        reviewed("C1"),
        reviewed("C2", charge_review=review(review_on="06-30")),
        reviewed("C3", charge_review=review(review_on="06-30", contract_class="403b")),
        terms(fund("F1"), contract_id="C4", charge_class="A-C4"),
    ]
    book = Book(*versions, rates=False)
    for number, contract_id in enumerate(("C1", "C2", "C3", "C4"), 1):
        book.deposit(deposit("d1", "2021-01-08", f"{number}00.00", contract_id=contract_id))
    for day in business_days("2021-01-04", "2021-01-08"):
        for charge_class in ("A-C2", "A-C3", "A-C4"):
            book.publish("fund-values", fund_value("F1", day, charge_class=charge_class))
        written = book.close(day)
    assert totals(written) == [("C1", "2021-01-08", "100.00", 1), ("C2", "2021-01-08", "200.00", 1)]


def test_fnd_4_a_total_comes_after_the_day_is_settled_throughout() -> None:
    book = Book(reviewed())
    book.deposit(deposit("d1", "2021-01-08", "200.00"))
    closed_through(book, "2021-01-08")
    told = [outcome.topic for outcome in book.outcomes if outcome.topic in {"day-closes", "contract-totals"}]
    assert told[-2:] == ["day-closes", "contract-totals"]


def test_fnd_4_nothing_of_a_total_is_kept_once_it_is_told() -> None:
    book = Book(reviewed())
    book.deposit(deposit("d1", "2021-01-08", "200.00"))
    closed_through(book, "2021-01-08")
    assert dict(book.service.ledger_partition.tables["totals"].items()) == {}


@pytest.mark.parametrize("asked", [False, True])
def test_fnd_4_who_is_settled_later_is_counted_before_what_comes_after_the_day(*, asked: bool) -> None:
    # 100.00 is of Monday 4 January; 400.00 waits for Monday the 11th. Nothing is settled before Tuesday is closed, or
    # somebody asks: on Friday, the day of the review, there were 100.00 all the same.
    book = Book(reviewed())
    book.deposit(deposit("d1", "2021-01-04", "100.00"))
    book.deposit(deposit("d2", "2021-01-11", "400.00"))
    book.close_through("2021-01-04", "2021-01-12")
    if asked:
        book.deposit(deposit("d3", "2021-01-13", "800.00"))
    ledger = Ledger()
    for record in book.log:
        ledger.fold(record)
    ledger.settle()
    assert told_by(ledger) == [Decimal("100.00")]


def told_by(ledger: Ledger) -> list[Decimal]:
    """The totals that a ledger told, in dollars."""
    told = (record.value or b"" for record in ledger.written if record.topic == "contract-totals")
    return [ContractTotal.model_validate_json(value).total for value in told]


def test_fnd_4_nobody_is_counted_before_the_day_is_settled_and_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    # One participant a slice: P2, whose deposit is of Monday, is settled before P1, whose deposit is of Friday, and P1
    # is counted before P2. P1, counted already, then asks for more.
    book = Book(reviewed())
    book.deposit(deposit("d1", "2021-01-04", "200.00", person="P2"))
    book.deposit(deposit("d1", "2021-01-08", "100.00"))
    book.close_through("2021-01-04", "2021-01-08")
    before = len(book.log)
    book.deposit(deposit("d2", "2021-01-11", "400.00"))
    book.deposit(deposit("d2", "2021-01-11", "800.00", person="P2"))
    monkeypatch.setattr("services.ledger.logic.SLICE_KEYS", 1)
    ledger = Ledger()
    for record in book.log[:before]:
        ledger.fold(record)
    while not (total := ledger.logic._totals.first()) or total.after != "C1|P1":
        ledger.written += ledger.logic.background(None)
    for record in book.log[before:]:
        ledger.fold(record)
    ledger.settle()
    assert told_by(ledger) == [Decimal("300.00")]


def test_fnd_4_the_day_of_a_total_is_kept_until_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # Counted two at a time, and begun when more days have closed than anything else looks back at.
    book = Book(reviewed())
    for number in (1, 2, 3):
        book.deposit(deposit("d1", "2021-01-04", "100.00", person=f"P{number}"))
    book.close_through("2021-01-04", "2022-06-30")
    monkeypatch.setattr("services.ledger.logic.SLICE_KEYS", 2)
    ledger = Ledger()
    for record in book.log:
        ledger.fold(record)
    ledger.settle()
    assert told_by(ledger) == [Decimal("300.00")] * 2
    assert date(2021, 1, 8) not in ledger.logic._market.days


def test_fnd_4_an_account_opened_before_the_close_for_the_day_after_it_counts_with_what_it_got_by_then() -> None:
    # The opening comes at 16:30 on Friday, before Friday is closed, and is of Monday; the deposit of Friday is in.
    book = Book(reviewed())
    book.deposit(deposit("d1", "2021-01-08", "200.00"))
    book.instruct(opening("o1", at("2021-01-08", "16:30:00")))
    told = closed_through(book, "2021-01-08")
    assert str(book.account().opened) == "2021-01-11"
    assert told == [("C1", "2021-01-08", "200.00", 1)]


@pytest.mark.parametrize("most", [1, 2, 3, 4])
def test_fnd_4_slices_of_any_size_count_everybody_once(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # 100.00 each of three who have nothing to settle on the day.
    book = Book(reviewed())
    for number in (1, 2, 3):
        book.deposit(deposit("d1", "2021-01-04", "100.00", person=f"P{number}"))
    book.close_through("2021-01-04", "2021-01-08")
    monkeypatch.setattr("services.ledger.logic.SLICE_KEYS", most)
    ledger = Ledger()
    for record in book.log:
        ledger.settle()
        ledger.fold(record)
    ledger.settle()
    assert told_by(ledger) == [Decimal("300.00")]
