"""GEN-8 and DEP-3: an option takes nothing before its opening date, nor from its closing date."""

import pytest

from tests.domain.books import (
    Book,
    Json,
    declared,
    deposit,
    fixed_account_2,
    fund,
    one_year_minimum,
    only,
    opening,
    shares,
    terms,
)


def book_of(first_day: str, *options: Json) -> Book:
    """A contract in force from a day on, with rates for its Fixed Account 2."""
    book = Book(terms(*options, effective_from=first_day), rates=False)
    year = int(first_day[:4])
    for message in (declared("0.02", first_day), one_year_minimum("0.01", year), one_year_minimum("0.01", year + 1)):
        book.publish("credited-rates", message)
    return book


@pytest.mark.parametrize(
    ("day", "opened"),
    [
        ("2014-03-14", False),  # the Friday before
        ("2014-03-17", True),  # SUP: "On or about March 17, 2014, the Fixed Account 2 will be added"
        ("2014-03-18", True),
    ],
)
def test_gen_8_nothing_before_the_opening_date(day: str, *, opened: bool) -> None:
    book = book_of("2014-03-14", fund("F1"), fixed_account_2(opens_on="2014-03-17"))
    message = deposit("d1", day, "100.00", allocation=shares(FA2="50", F1="50"))
    book.deposit(message)
    (outcome, *_) = [o for o in book.close_through("2014-03-14", "2014-03-18") if o.message["request_id"] == "d1"]
    if opened:
        assert outcome.dollars() == {"FA2": "50.00", "F1": "50.00"}
        return
    assert outcome.codes == ["OPTION_NOT_OPEN"]
    assert outcome.message["rules"] == ["GEN-8"]
    numbers = outcome.message["reasons"][0]["numbers"]
    assert numbers == {"option": "FA2", "opens_on": "2014-03-17", "trade_date": "2014-03-14"}
    assert outcome.message["possible_from"] == outcome.message["reasons"][0]["possible_from"] == "2014-03-17"


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        ("2013-09-30", False),
        ("2013-10-01", True),  # E-FA2: "As of [October 1, 2013], no Net Deposits … are allowed"
        ("2013-10-02", True),
    ],
)
def test_dep_3_nothing_from_the_closing_date(day: str, *, closed: bool) -> None:
    book = book_of("2013-09-30", fund("F1", closes_on="2013-10-01"), fund("F2"))
    book.deposit(deposit("d1", day, "100.00", allocation=shares(F1="1", F2="99")))
    (outcome,) = book.close_through("2013-09-30", "2013-10-02")
    if not closed:
        assert outcome.dollars() == {"F1": "1.00", "F2": "99.00"}
        return
    assert outcome.codes == ["OPTION_CLOSED"]  # the whole request, naming the option
    assert outcome.message["rules"] == ["DEP-3", "TRF-1", "GEN-8"]
    numbers = outcome.message["reasons"][0]["numbers"]
    assert numbers == {"closed_from": "2013-10-01", "option": "F1", "trade_date": day}
    assert outcome.message["possible_from"] is None
    books = book.participant()
    assert books is not None
    assert books.accounts == ()


def test_dep_3_every_closed_option_is_named_and_no_date_given_where_there_is_none() -> None:
    book = book_of("2014-03-14", fund("F1", closes_on="2013-10-01"), fixed_account_2(opens_on="2014-03-17"))
    book.deposit(deposit("d1", "2014-03-14", "100.00", allocation=shares(F1="50", FA2="50")))
    rejected = only(book.close("2014-03-14"), "rejections")
    assert rejected.codes == ["OPTION_CLOSED", "OPTION_NOT_OPEN"]
    assert rejected.message["possible_from"] is None  # it would fail on the 17th too


def test_gen_8_the_latest_opening_is_the_first_possible_day() -> None:
    options = (fund("F1", opens_on="2014-06-02"), fixed_account_2(opens_on="2014-03-17"), fund("F2"))
    book = book_of("2014-03-14", *options)
    book.deposit(deposit("d1", "2014-03-14", "100.00", allocation=shares(F1="50", FA2="50")))
    assert only(book.close("2014-03-14"), "rejections").message["possible_from"] == "2014-06-02"


def test_gen_8_an_allocation_for_later_may_name_an_option_not_open_yet() -> None:
    book = book_of("2014-03-14", fund("F1"), fixed_account_2(opens_on="2014-03-17"))
    assert only(book.instruct(opening("o1", "2014-03-14", allocation=shares(FA2="100")))).topic == "confirmations"
    book.close("2014-03-14")
    assert only(book.deposit(deposit("d1", "2014-03-17", "100.00"))).dollars() == {"FA2": "100.00"}
