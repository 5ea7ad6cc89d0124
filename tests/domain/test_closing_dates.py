"""DEP-3, TRF-1, GEN-8: from the closing date on nothing goes into the Fixed Account and the Fixed Plus Account."""

import pytest

from tests.domain.books import (
    Book,
    Json,
    declared,
    deposit,
    fund,
    one_year_minimum,
    only,
    shares,
    terms,
    transfer,
    withdrawal,
)
from tests.domain.books_fixed import fixed_book

LAST_DAY, CLOSING_DAY = "2013-09-30", "2013-10-01"
FIXED = ({"kind": "fixed_account", "option": "FA"}, {"kind": "fixed_plus_account", "option": "FP"})
PLUS_2 = {"kind": "fixed_plus_account_2", "option": "FP2"}
CLAUSE = (
    "DEP-3: E-FA2 §§1, 3, 5, closing date; TRF-1: E-FA2 §8, transfer of Individual Account Reserves; "
    "GEN-8: E-FA2 §3(1); SUP, Important Information (Fixed Account 2 opens)"
)


def book_of(*options: Json) -> Book:
    return fixed_book(*options, first="2013-09-27")


@pytest.mark.parametrize("option", ["FA", "FP"])
@pytest.mark.parametrize(("received", "traded"), [(LAST_DAY, LAST_DAY), (f"{LAST_DAY}T16:00:01-04:00", CLOSING_DAY)])
def test_dep_3_a_deposit_by_trade_date(option: str, received: str, traded: str) -> None:
    """A second after the last open day's close the trade date is the closing date."""
    book = book_of(*FIXED)
    book.deposit(deposit("d1", received, "100.00", allocation=shares(F1="90", **{option: "10"})))
    decided = only(book.close_through("2013-09-27", CLOSING_DAY))
    assert decided.message["trade_date"] == traded
    if traded == LAST_DAY:
        assert decided.dollars() == {"F1": "90.00", option: "10.00"}
        return
    assert decided.codes == ["OPTION_CLOSED"]
    reason = decided.message["reasons"][0]
    assert reason["numbers"] == {"closed_from": CLOSING_DAY, "option": option, "trade_date": CLOSING_DAY}
    assert reason["clause"] == CLAUSE
    books = book.participant()
    assert books is not None
    assert books.accounts == ()  # nothing of it was done


@pytest.mark.parametrize(("day", "topic"), [(LAST_DAY, "confirmations"), (CLOSING_DAY, "rejections")])
def test_trf_1_a_transfer_by_trade_date(day: str, topic: str) -> None:
    book = book_of(*FIXED)
    book.deposit(deposit("d1", "2013-09-27", "100.00", allocation=shares(F1="100")))
    book.close("2013-09-27")
    book.transfer(transfer("t1", day, [{"option": "F1", "amount": "20.00"}], shares(FA="50", FP="50")))
    decided = only(book.close_through(LAST_DAY, day))
    assert decided.topic == topic
    if topic == "confirmations":
        assert decided.dollars() == {"F1": "-20.00", "FA": "10.00", "FP": "10.00"}
    else:
        assert decided.codes == ["OPTION_CLOSED", "OPTION_CLOSED"]  # both are named
        assert str(book.units("F1")) == "10.000000"


def test_dep_3_what_is_held_goes_on_earning_and_can_be_withdrawn() -> None:
    # 367 days at 5%: 1.05 x 1.05^(2/365) = 1.05 x 1.000267379105 = 1.050280748060.
    book = book_of(*FIXED)
    book.deposit(deposit("d1", "2013-09-27", "1000.00", allocation=shares(FA="100")))
    book.close_through("2013-09-27", "2014-09-26")
    book.withdraw(withdrawal("w1", "2014-09-29", full=True))
    assert only(book.close("2014-09-29")).message["paid"] == "1050.28"


def test_dep_3_fixed_plus_account_2_and_what_says_null_stay_open() -> None:
    open_ended = {"kind": "fixed_account", "option": "FA", "closes_on": None}
    book = book_of(open_ended, PLUS_2)
    book.deposit(deposit("d1", CLOSING_DAY, "100.00", allocation=shares(FA="50", FP2="50")))
    assert only(book.close_through("2013-09-27", CLOSING_DAY)).dollars() == {"FA": "50.00", "FP2": "50.00"}


def test_dep_3_a_contract_closes_its_options_when_it_says() -> None:
    book = fixed_book({**FIXED[0], "closes_on": "2021-02-01"})
    book.deposit(deposit("d1", "2021-01-29", "100.00", allocation=shares(FA="100")))
    book.deposit(deposit("d2", "2021-02-01", "100.00", allocation=shares(FA="100")))
    assert [o.topic for o in book.close_through("2021-01-04", "2021-02-01")] == ["confirmations", "rejections"]


@pytest.mark.parametrize(("day", "opened"), [("2014-03-14", False), ("2014-03-17", True)])
def test_gen_8_fixed_account_2_opens_on_its_date_unless_told_otherwise(day: str, *, opened: bool) -> None:
    option = {"kind": "fixed_account_2", "option": "FA2", "contract_minimum": "0.01"}
    book = Book(terms(fund("F1"), option, effective_from="2014-03-14"), rates=False)
    for message in (declared("0.02", "2014-03-14"), one_year_minimum("0.01", 2014)):
        book.publish("credited-rates", message)
    book.deposit(deposit("d1", day, "100.00", allocation=shares(FA2="100")))
    decided = only(book.close_through("2014-03-14", day))
    assert decided.topic == ("confirmations" if opened else "rejections")
    assert decided.message.get("possible_from") == (None if opened else "2014-03-17")
