"""Pitfalls of what happens without a request: fees and payments of accounts that are closed, or of somebody blocked.

Where nothing else is said, $300,000.00 of Fixed Account 2 are withdrawn on 5 January 2021 in installments of 5,255.95 a
month, and a maintenance fee of $50 is due on 4 January 2022.
"""

import pytest

from tests.domain import books_income, books_installments
from tests.domain.books import Book, business_days, opening
from tests.domain.books_fees import ANNIVERSARY, EVE, close, close_through, year_on
from tests.domain.books_income import elected, payments
from tests.domain.books_installments import holding
from tests.domain.books_orders import closing, hold, release
from tests.domain.gaa import TRADE, flat, held, withdrawn


def owing() -> Book:
    """P1's account is empty, and owes installments."""
    book = holding("300000.00")
    assert books_installments.withdrawn(book, full=True).message["in_installments"] == "300016.28"
    return book


def test_pitfall_installments_of_an_account_that_was_closed() -> None:
    """WDL-8, ACC-1: 300,000 × 1.02^(1/365) = 300,016.28 has left the account, which may be closed; 5,255.95 of every
    300,000 are 5,256.24 a month.
    """
    book = owing()
    assert book.instruct(closing("c1", "2021-01-06"))[0].topic == "confirmations"
    (paid,) = book.close_through("2021-01-06", "2021-02-05")
    assert (paid.message["kind"], paid.message["paid"]) == ("installment_paid", "5256.24")


def test_pitfall_an_annuity_of_an_account_that_was_closed() -> None:
    """INC-3, ACC-1: all of it bought an annuity, which pays 9.83 of every 1,000.00 from 28 May on."""
    book = held(books_income.paying(), F1="1000.00")
    assert elected(book, first_payment=TRADE).topic == "confirmations"
    book.instruct(closing("c1", "2021-04-29"))
    later = [out for day in business_days("2021-04-29", "2021-05-28") for out in book.close(day, flat("6"))]
    assert payments(later) == [("2021-05-28", "2021-05-28", "9.83")]


def test_pitfall_no_fee_of_a_closed_account_and_one_again_when_it_is_open() -> None:
    """WDL-5, ACC-1: emptied before its anniversary it owes nothing on it."""
    book = year_on(F1="600.00", through="2022-01-02")
    assert withdrawn(book, EVE, full=True).topic == "confirmations"
    book.instruct(closing("c1", ANNIVERSARY))
    assert close(book) == []
    book.instruct(opening("o2", "2022-01-05"))
    assert book.account().closed is None


@pytest.mark.parametrize(("released", "paid_on"), [("2021-02-10", "2021-02-10"), ("2021-02-04", "2021-02-05")])
def test_pitfall_installments_while_an_order_blocks(released: str, paid_on: str) -> None:
    """DEP-9, WDL-8: due on 5 February; nothing is paid before the order is lifted."""
    book = owing()
    book.instruct(hold("h1", "2021-01-06"))
    before = book.close_through("2021-01-06", min(released, "2021-02-09"))
    book.instruct(release("r1", released))
    after = book.close_through(released, "2021-02-10")
    told = [out.message for out in (*before, *after) if out.message.get("kind") == "installment_paid"]
    assert [(each["trade_date"], each["payments"][0]["due"]) for each in told] == [(paid_on, "2021-02-05")]


def test_pitfall_the_maintenance_fee_of_somebody_blocked() -> None:
    """DEP-9, WDL-5: it is paid to nobody who is blocked, and taken."""
    book = year_on(F1="600.00")
    book.instruct(hold("h1", EVE))
    (fee,) = close_through(book, ANNIVERSARY, ANNIVERSARY)
    assert (fee.message["kind"], fee.message["gross"]) == ("maintenance_fee", "50.00")
