"""WDL-5, MAT-6: the fee of an anniversary beside everything else that a close may bring."""

from decimal import Decimal

import pytest

from tests.domain.books import Book, Json, deposit, fund, guaranteed, offering, only, shares, withdrawal
from tests.domain.books_fees import ANNIVERSARY, EVE, FEE, charging, close, close_through, year_on
from tests.domain.gaa import flat, still
from tests.domain.maturities import close as matured
from tests.domain.maturities import close_through as matured_through
from tests.domain.maturities import contract, electing, into, lines, maturing

D = Decimal
LAST_DAYS = ("2021-12-27", "2021-12-28", "2021-12-29", "2021-12-30", "2021-12-31", EVE, ANNIVERSARY)
YEAR_END = offering("2022", "2021-12-01", "2022-01-31", still(1, "2023-01-31"), still(3, "2025-01-31"))


def term_of_1000(maturity: str, through: str, **fee: object) -> Book:
    """A three-year term of 1,000.00 that matures some day, in an account whose anniversary is 4 January."""
    terms = contract() | {"maintenance_fee": {**FEE, **fee}}
    return maturing(maturity, YEAR_END, through=through, terms=terms, GAA="1000.00")


def test_pitfall_a_fee_and_a_maturity_on_one_day() -> None:
    """The fee first: 950.00 mature, and are reinvested at the next close, dated at maturity."""
    book = term_of_1000(ANNIVERSARY, EVE)
    fee = only(matured(book, ANNIVERSARY))
    assert (fee.message["kind"], fee.dollars()) == ("maintenance_fee", {"GAA": "-50.00"})
    reinvested = only(matured(book, "2022-01-05"))
    assert (reinvested.message["kind"], reinvested.message["gross"]) == ("reinvested", "950.00")


def test_pitfall_a_fee_and_an_elected_maturity_on_one_day() -> None:
    book = term_of_1000(ANNIVERSARY, EVE)
    book.instruct(electing("e", EVE, **into(F1="100")))
    fee, moved = (each for each in matured(book, ANNIVERSARY) if each.message["kind"] != "maturity_elected")
    assert (fee.message["kind"], moved.message["kind"]) == ("maintenance_fee", "maturity_transfer")
    assert moved.dollars() == {"GAA": "-950.00", "F1": "950.00"}


def test_pitfall_an_adjusted_fee_on_the_day_of_maturity_bears_no_adjustment() -> None:
    """MVA-8: the factor is 1 from the day of maturity on."""
    fee = only(matured(term_of_1000(ANNIVERSARY, EVE, adjusted=True), ANNIVERSARY))
    assert lines(fee) == [("GAA-1", "MVA-8", "50.00", "1.0000", "0.00")]


@pytest.mark.parametrize("adjusted", [False, True])
def test_pitfall_a_fee_does_not_use_the_maturity_value_transfer_provision_up(adjusted: bool) -> None:  # noqa: FBT001
    """Reinvested on 16 December, the value may go free through January: 950.00 of the 1,000.00, after the fee."""
    book = term_of_1000("2021-12-15", EVE, adjusted=adjusted, on_full_withdrawal=False)
    fee = only(matured(book, ANNIVERSARY))
    assert (fee.dollars(), fee.message["charges"][0]["amount"]) == ({"GAA": "-50.00"}, "50.00")
    book.withdraw(withdrawal("w", "2022-01-05", full=True))
    paid = only(matured(book, "2022-01-05"))
    assert (lines(paid), paid.message["paid"]) == ([("GAA-2", "MAT-4", "950.00", "1.0000", "0.00")], "950.00")


def test_pitfall_an_anniversary_on_a_weekend_is_taken_at_the_next_close() -> None:
    """Opened on Friday 8 January 2021: Saturday the 8th a year on is taken on Monday at Monday's price, once."""
    book = Book(charging(options=(fund("F1"),)))
    book.close_through("2021-01-04", "2021-01-07")
    book.deposit(deposit("d", "2021-01-08", "1000.00", allocation=shares(F1="100")))
    assert len(book.close_through("2021-01-08", "2022-01-07")) == 1
    fee = only(book.close("2022-01-10", F1="8.000000"))
    assert (fee.message["trade_date"], fee.message["details"]["anniversary"]) == ("2022-01-10", "2022-01-08")
    assert (fee.dollars(), book.units("F1")) == ({"F1": "-50.00"}, D("93.750000"))
    assert book.close_through("2022-01-11", "2022-01-12") == []
    assert str(book.account().fee.due) == "2023-01-08"  # type: ignore[union-attr]


def test_pitfall_a_request_of_the_day_comes_after_the_fee() -> None:
    """MAT-6: 600.00 less 50.00 leave 550.00 to be withdrawn."""
    book = year_on(F1="600.00")
    book.withdraw(withdrawal("w", ANNIVERSARY, amount="550.01"))
    _, refused = close(book)
    assert refused.message["reasons"][0]["numbers"]["available"] == "550.00"


def test_pitfall_a_deposit_of_the_anniversary_that_needs_no_price_waits_for_the_fee() -> None:
    """Into Fixed Account 2 it would be decided at once, and bear a part of the fee; 400.00 are 408.00 after a year."""
    book = year_on(FA2="400.00")
    order = deposit("d", ANNIVERSARY, "1000.00", allocation=shares(FA2="100"))
    assert only(book.deposit(order)).topic == "acknowledgements"
    fee, deposited = close(book)
    assert (fee.message["legs"][0]["value_before"], fee.dollars()) == ("408.00", {"FA2": "-50.00"})
    assert deposited.message["kind"] == "deposit"
    again = only(book.deposit({**order, "request_id": "d2", "received_at": "2022-01-05T10:00:00-05:00"}))
    assert again.topic == "confirmations"


def test_pitfall_the_purchases_that_a_death_benefit_guarantees_are_not_reduced() -> None:
    """MVA-10: a fee is no withdrawal."""
    book = year_on(charging(terms={"death_benefit": "greater_of_purchases"}), F1="600.00")
    close(book)
    assert book.account().purchases == D("600.00")


def test_pitfall_of_two_accounts_each_has_an_anniversary_of_its_own() -> None:
    """Pretax was opened on the 4th, employer on the 6th of January."""
    contract_ = charging(options=(fund("F1"), guaranteed()))
    book = Book(contract_)
    for account, day in (("pretax", "2021-01-04"), ("employer", "2021-01-06")):
        order: Json = {"account": account, "allocation": shares(F1="100")}
        book.deposit(deposit(account, day, "1000.00", **order))
    close_through(book, "2021-01-04", EVE)
    fees = matured_through(book, ANNIVERSARY, "2022-01-06")
    told = [(fee.message["account"], fee.message["trade_date"]) for fee in fees]
    assert told == [("pretax", "2022-01-04"), ("employer", "2022-01-06")]


def test_pitfall_of_a_cent_that_pays_nothing_no_fee_is_taken() -> None:
    """At 60% the factor is (1.04/1.60)^(731/365) = .42: a cent of the lot would pay less than half a cent."""
    book = year_on(charging(adjusted=True), through="2021-12-23", old_3="0.01")
    told = [each for day in LAST_DAYS for each in book.close(day, flat("60"))]
    assert (told, book.lots()[0].units) == ([], D("0.010000"))
    assert str(book.account().fee.due) == "2023-01-04"  # type: ignore[union-attr]
