"""INC-3, FIX-3: when payments are made, and when they end."""

from datetime import date
from decimal import Decimal

import pytest

from services.domain.due import due_date
from services.domain.income_payments import next_payment
from services.domain.incomes import Income
from tests.domain.books import Book, business_days, only, opening
from tests.domain.books_income import elected, election, paying, payments
from tests.domain.books_orders import hold, release
from tests.domain.gaa import TRADE, flat, held, withdrawn

D = Decimal


def closing(book: Book, first: str, last: str) -> list[tuple[str, str, str]]:
    """The payments of the closes from the first to the last day."""
    return [paid for day in business_days(first, last) for paid in payments(book.close(day, flat("6")))]


def test_inc_3_payments_are_made_at_the_closes_of_their_days() -> None:
    """1,000 for ten years of months: 9.83 on the trade date itself, and on the 28th of every month."""
    book = held(paying(), F1="1000.00")
    book.instruct(election("elect", TRADE, payee="P1's bank"))
    first = book.close(TRADE, flat("6"))
    assert [outcome.message["kind"] for outcome in first] == ["income_elected", "income_payment"]
    assert payments(first) == [(TRADE, TRADE, "9.83")]
    message = first[1].message
    assert message["rules"] == ["INC-3", "FIX-3", "GEN-7"]
    assert message["request_id"] is None
    assert message["details"] == {
        "elected_by": "elect",
        "due": TRADE,
        "payment": "1 of 120",
        "next_payment": "2021-05-28",
        "payee": "P1's bank",
    }
    assert closing(book, "2021-04-29", "2021-06-28") == [
        ("2021-05-28", "2021-05-28", "9.83"),
        ("2021-06-28", "2021-06-28", "9.83"),
    ]


def test_inc_3_a_payment_of_no_business_day_is_made_at_the_next_close() -> None:
    """Saturday 1 May at the close of Monday; the next is due on 1 June all the same.

    Three days of interest: 1,000 × 1.035^(3/365) / 101.681348 = 9.8374… a month.
    """
    book = held(paying(), F1="1000.00")
    elected(book, first_payment="2021-05-01")
    assert closing(book, "2021-04-29", "2021-06-01") == [
        ("2021-05-03", "2021-05-01", "9.84"),
        ("2021-06-01", "2021-06-01", "9.84"),
    ]


def test_inc_3_the_last_payment_ends_the_annuity_but_not_the_election() -> None:
    """One year of one payment: it is the first and the last, and LIM-6 goes on."""
    book = held(paying(shortest_years=1), F1="1000.00")
    elected(book, years=1, frequency="annual", first_payment="2021-04-29", amount="600.00")
    (paid,) = book.close("2021-04-29", flat("6"))
    assert paid.message["details"] == {"elected_by": f"elect-{TRADE}", "due": "2021-04-29", "payment": "1 of 1"}
    assert book.account().incomes == ()
    assert book.account().annuitised == date(2021, 4, 28)


def test_inc_3_elections_pay_beside_each_other_in_their_order() -> None:
    """1,000 for ten years of months and 1,000 for five, both due on Saturday 29 May: paid on Tuesday 1 June."""
    book = held(paying(), F1="3000.00")
    elected(book, amount="1000.00", annuity="lifetime")
    book.instruct(election("a-ten", "2021-04-29", amount="1000.00"))
    book.instruct(election("b-five", "2021-04-29", amount="1000.00", years=5))
    assert [paid[2] for paid in payments(book.close("2021-04-29", flat("6")))] == ["9.83", "18.12"]
    assert closing(book, "2021-04-30", "2021-06-01") == [
        ("2021-06-01", "2021-05-29", "9.83"),
        ("2021-06-01", "2021-05-29", "18.12"),
    ]


def test_inc_3_a_lifetime_election_is_kept_and_pays_nothing_here() -> None:
    book = held(paying(), F1="1000.00")
    elected(book, annuity="lifetime", amount="400.00")
    (income,) = book.account().incomes
    assert (income.annuity, income.applied, next_payment(income)) == ("lifetime", D("400.00"), None)
    books = book.participant()
    assert books is not None
    assert due_date(books) is None
    assert closing(book, "2021-04-29", "2021-06-01") == []


@pytest.mark.parametrize(
    ("first", "months", "paid", "due"),
    [
        ("2021-01-31", 1, 0, "2021-01-31"),
        ("2021-01-31", 1, 1, "2021-02-28"),
        ("2021-01-31", 1, 2, "2021-03-31"),
        ("2021-01-31", 3, 1, "2021-04-30"),
        ("2020-02-29", 12, 1, "2021-02-28"),
        ("2020-02-29", 12, 4, "2024-02-29"),
        ("2021-01-31", 6, 9, "2025-07-31"),
    ],
)
def test_inc_3_payments_are_due_on_the_day_of_the_first_or_the_last_of_the_month(
    first: str, months: int, paid: int, due: str
) -> None:
    income = Income("e", "period_certain", D("1000.00"), date.fromisoformat(first), months, 10, paid, D("1.00"))
    assert next_payment(income) == date.fromisoformat(due)


def test_inc_3_what_is_left_in_the_account_can_be_withdrawn() -> None:
    book = held(paying(), F1="1000.00")
    elected(book, amount="600.00")
    assert withdrawn(book, "2021-04-29", full=True).message["paid"] == "400.00"


def test_dep_9_payments_that_come_due_while_an_order_blocks_are_made_when_it_is_lifted() -> None:
    """9.83 due on 28 April and 28 May; blocked from 29 April to 2 June, the payment of 28 May is made on 2 June."""
    book = held(paying(), F1="1000.00")
    book.instruct(election("elect", TRADE))
    book.instruct(opening("employer", TRADE, "employer"))
    assert payments(book.close(TRADE, flat("6"))) == [(TRADE, TRADE, "9.83")]
    only(book.instruct(hold("hold", "2021-04-29")), "confirmations")
    assert closing(book, "2021-04-29", "2021-06-01") == []
    only(book.instruct(release("release", "2021-06-02")), "confirmations")
    out = book.close("2021-06-02", flat("6"))
    assert payments(out) == [("2021-06-02", "2021-05-28", "9.83")]
    assert only(out).message["rules"] == ["INC-3", "FIX-3", "DEP-9", "GEN-7"]
    assert closing(book, "2021-06-03", "2021-06-25") == []
    assert only(book.close("2021-06-28", flat("6"))).message["rules"] == ["INC-3", "FIX-3", "GEN-7"]
