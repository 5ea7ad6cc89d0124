"""LIM-3, LIM-5, LIM-7: what may leave Fixed Account 2 in a calendar year, and what a rejection tells.

Nothing earns interest but where the test says so: values are what was put in.
"""

import pytest

from tests.domain.books import Book, at, cancelling, declared, deposit, only, opening, shares
from tests.domain.books_limits import ask, book_of, contract, left, moved, refused, resting
from tests.domain.gaa import leg, transferred

FIRST, DAY, NEXT = "2021-01-04", "2021-01-05", "2021-01-06"


def ten_thousand() -> Book:
    return book_of(contract(), FIRST, FA2="10000.00")


def test_lim_3_half_of_its_value_may_go() -> None:
    """50% of 10,000 is 5,000; of the 5,000 then left 2,500, less 5,000 used: nothing."""
    outcome = moved(ten_thousand(), DAY, "5000.00")
    assert outcome.message["limits"] == [
        {
            "account": "pretax",
            "option": "FA2",
            "rules": ["LIM-3", "LIM-7"],
            "percent": "50",
            "base_value": "10000.00",
            "base_date": DAY,
            "used": "0.00",
            "available": "5000.00",
            "taken": "5000.00",
            "left": "0.00",
        }
    ]
    assert {"LIM-3", "LIM-7", "TRF-1", "TRF-3"} <= set(outcome.message["rules"])


def test_lim_3_a_cent_more_is_rejected_whole_with_every_number() -> None:
    """LIM-5: limit, base value, used and available. No date: nothing was used, so waiting frees nothing."""
    book = ten_thousand()
    before = book.account()
    outcome = moved(book, DAY, "5000.01")
    assert refused(outcome) == {
        "account": "pretax",
        "option": "FA2",
        "requested": "5000.01",
        "limit_percent": "50",
        "window": "calendar_year",
        "base_value": "10000.00",
        "base_date": DAY,
        "used": "0.00",
        "available": "5000.00",
        "trade_date": DAY,
        "possible_from": None,
    }
    assert outcome.message["rules"] == ["LIM-3", "LIM-7", "LIM-5"]
    assert "E-FA2 §8, Fixed Account 2 50%" in outcome.message["reasons"][0]["clause"]
    assert book.account() == before


def test_lim_7_what_was_used_is_taken_off_half_of_what_is_left() -> None:
    """After 3,000 of 10,000: 50% × 7,000 − 3,000 = 500. The rest of the year gives no more; the next year does."""
    book = ten_thousand()
    assert left(moved(book, DAY, "3000.00")) == {"FA2": "500.00"}
    found = refused(moved(book, NEXT, "500.01"))
    assert (found["base_value"], found["used"], found["available"]) == ("7000.00", "3000.00", "500.00")
    assert found["possible_from"] == "2022-01-01"
    assert left(moved(book, "2021-01-07", "500.00")) == {"FA2": "0.00"}  # 3,250 − 3,500 is below zero


def test_lim_5_no_date_where_the_next_year_would_not_be_enough_either() -> None:
    """3,500.01 is more than half of the 7,000 that are left; 3,500 is not."""
    book = ten_thousand()
    moved(book, DAY, "3000.00")
    assert refused(moved(book, NEXT, "3500.01"))["possible_from"] is None
    assert refused(moved(book, "2021-01-07", "3500.00"))["possible_from"] == "2022-01-01"


@pytest.mark.parametrize(("amount", "left_over"), [("50.01", "0.00"), ("50.02", None)])
def test_lim_7_half_a_cent_is_rounded_up(amount: str, left_over: str | None) -> None:
    """50% of 100.01 is 50.005, to the cent 50.01 (GEN-4): as much as a request for 50 percent takes."""
    book = book_of(contract(), FIRST, FA2="100.01")
    outcome = moved(book, DAY, amount)
    if left_over is None:
        assert refused(outcome)["available"] == "50.01"
    else:
        assert left(outcome) == {"FA2": left_over}
    half = transferred(book_of(contract(), FIRST, FA2="100.01"), [leg("FA2", percent="50")], shares(F1="100"), DAY)
    assert half.message["gross"] == "50.01"


def test_lim_3_by_trade_date_at_the_turn_of_the_year() -> None:
    """5,000 traded on Friday 31 December; what is received on it after the close trades on 3 January, in a new year:
    50% of the 5,000 that are left.
    """
    book = book_of(contract(since="2021-12-27"), "2021-12-27", FA2="10000.00")
    book.close_through("2021-12-28", "2021-12-30")
    ask(book, "first", "2021-12-31", "5000.00")
    ask(book, "second", at("2021-12-31", "15:59:59"), "0.01")
    ask(book, "third", at("2021-12-31", "16:00:01"), "2500.00")
    first, second = book.close("2021-12-31")
    assert left(first) == {"FA2": "0.00"}
    assert refused(second)["possible_from"] == "2022-01-01"
    third = only(book.close("2022-01-03"))
    (line,) = third.message["limits"]
    assert (line["used"], line["available"], line["base_date"]) == ("0.00", "2500.00", "2021-12-31")


@pytest.mark.parametrize("received", [at("2022-01-07", "16:00:01"), "2022-01-08", "2022-01-09"])
def test_lim_7_the_base_is_the_value_on_the_day_of_receipt(received: str) -> None:
    """At 10% 10,000 of 7 January 2021 are 11,000 on Friday the 7th a year later: half is 5,500. A Saturday and a Sunday
    have Friday's index. By the index of the trade date, Monday, it would be 50% of 11,008.62, 5,504.31.
    """
    book = book_of(contract(since="2021-01-07"), "2021-01-07", "0.10", FA2="10000.00")
    book.close_through("2021-01-08", "2022-01-07")
    ask(book, "more", received, "5500.01")
    ask(book, "most", received, "5500.00")
    more, most = book.close("2022-01-10")
    found = refused(more)
    assert (found["base_value"], found["base_date"], found["available"]) == ("11000.00", "2022-01-07", "5500.00")
    assert most.message["gross"] == "5500.00"


def test_lim_7_received_before_the_option_was_worth_anything_it_is_the_trade_date() -> None:
    """On Sunday the 3rd, the day before the first close: there is no index of that day or of one before it."""
    book = ten_thousand()
    ask(book, "early", "2021-01-03", "5000.01")
    assert refused(only(book.close(DAY)))["base_date"] == DAY


def test_lim_7_each_individual_account_has_its_own_limit() -> None:
    """5,000 gone from the pre-tax account leave the employer's half of 4,000 as it is."""
    book = ten_thousand()
    book.instruct(opening("employer", DAY, "employer"))
    book.deposit(deposit("put", DAY, "4000.00", account="employer", allocation=shares(FA2="100")))
    ask(book, "pretax", DAY, "5000.00")
    ask(book, "employer-t", DAY, "2000.00", account="employer")
    ask(book, "employer-u", at(DAY, "11:00:00"), "0.01", account="employer")
    first, second, third = (each for each in book.close(DAY) if each.message["request_id"] != "put")
    assert (left(first), left(second)) == ({"FA2": "0.00"}, {"FA2": "0.00"})
    assert refused(third)["used"] == "2000.00"


def test_pitfall_two_requests_in_one_close_share_the_limit() -> None:
    """Of 10,000 3,000 go first: the second may take 50% × 7,000 − 3,000 = 500, not 50% × 10,000."""
    book = ten_thousand()
    ask(book, "first", at(DAY, "10:00:00"), "3000.00")
    ask(book, "second", at(DAY, "10:00:01"), "5000.00")
    ask(book, "third", at(DAY, "10:00:02"), "500.00")
    first, second, third = book.close(DAY)
    assert left(first) == {"FA2": "500.00"}
    assert refused(second)["available"] == "500.00"
    assert left(third) == {"FA2": "0.00"}


def test_pitfall_a_transfer_that_waits_takes_the_limit_by_receipt_not_by_arrival() -> None:
    """The one received first was parked last: it is decided first, and the other finds 50% × 5,000 − 5,000."""
    book = ten_thousand()
    ask(book, "later", at(DAY, "11:00:00"), "5000.00")
    ask(book, "earlier", at(DAY, "10:00:00"), "5000.00")
    first, second = book.close(DAY)
    assert (first.message["request_id"], left(first)) == ("earlier", {"FA2": "0.00"})
    assert (second.message["request_id"], refused(second)["used"]) == ("later", "5000.00")


def test_pitfall_a_parked_transfer_uses_the_limit_only_when_it_trades() -> None:
    """A quote beside it is told the whole limit; cancelled it has used nothing."""
    book = ten_thousand()
    ask(book, "parked", DAY, "5000.00")
    quote = only(ask(book, "quote", DAY, "5000.00", mode="quote"), "quotes")
    assert quote.message["limits"][0]["available"] == "5000.00"
    book.instruct(cancelling("cancel", at(DAY, "12:00:00"), "parked"))
    ask(book, "instead", at(DAY, "13:00:00"), "5000.00")
    assert left(book.close(DAY)[-1]) == {"FA2": "0.00"}


def test_pitfall_a_deposit_of_the_same_day_is_in_the_base_of_what_is_received_after_it() -> None:
    """5,000 of 10,000 went; with 7,000 more there are 12,000: 50% × 12,000 − 5,000 = 1,000."""
    book = ten_thousand()
    ask(book, "first", at(DAY, "10:00:00"), "5000.00")
    book.deposit(deposit("more", at(DAY, "10:00:01"), "7000.00", allocation=shares(FA2="100")))
    ask(book, "second", at(DAY, "10:00:02"), "1000.01")
    ask(book, "third", at(DAY, "10:00:03"), "1000.00")
    _, _, second, third = book.close(DAY)
    found = refused(second)
    assert (found["base_value"], found["available"]) == ("12000.00", "1000.00")
    assert left(third) == {"FA2": "0.00"}  # 50% × 11,000 − 6,000


def test_lim_5_every_defect_is_told_beside_the_limit() -> None:
    book = book_of(contract(), FIRST, FA2="10000.00", F2="100.00")
    legs = [leg("FA2", all=True), leg("F2", amount="100.01")]
    outcome = transferred(book, legs, shares(F1="100"), DAY)
    assert outcome.codes == ["INSUFFICIENT_VALUE", "LIMIT_EXCEEDED"]
    assert outcome.message["possible_from"] is None


def test_lim_3_terms_may_refuse_what_the_first_release_refused() -> None:
    """As it did: NOT_AVAILABLE, by the rule's id; what terms logged then mean."""
    outcome = moved(book_of(contract(resting(window="not_available")), FIRST, FA2="100.00"), DAY, "10.00")
    (reason,) = outcome.message["reasons"]
    assert (reason["code"], reason["rules"], reason["field"]) == ("NOT_AVAILABLE", ["LIM-3"], "from[0].option")
    assert reason["message"] == "transfers out of Fixed Account 2 are limited by LIM-3, which is not available yet"


def test_lim_3_a_percentage_of_the_contract_and_no_limit_at_all() -> None:
    """A contract may allow 75% ("it will never be less than 50%"), or everything."""
    book = book_of(contract(resting(percent="75")), FIRST, FA2="10000.00")
    assert refused(moved(book, DAY, "7500.01"))["available"] == "7500.00"
    free = moved(book_of(contract(resting(window="unlimited")), FIRST, FA2="10000.00"), DAY, "10000.00")
    assert free.message["limits"] is None
    assert "TRF-2" in free.message["rules"], "without a limit it is a transfer like others"
    assert free.message["free_transfers_left"] == 11


def test_lim_7_money_of_several_rates_has_one_limit() -> None:
    """FIX-7: 1,000 applied at 0% and 1,000 at 10% two days later are both worth what was put in: 75% of 2,000 are
    1,500, all of the older and 500 of the newer.
    """
    option = {**resting(percent="75"), "rate_basis": "when_applied"}
    book = book_of(contract(option), FIRST, FA2="1000.00")
    book.publish("credited-rates", declared("0.10", NEXT))
    book.close(DAY)
    book.deposit(deposit("more", NEXT, "1000.00", allocation=shares(FA2="100")))
    ask(book, "a-cent-more", at(NEXT, "11:00:00"), "1500.01")
    ask(book, "all", at(NEXT, "11:00:01"), "1500.00")
    _, more, most = book.close(NEXT)
    assert (refused(more)["requested"], refused(more)["base_value"]) == ("1500.01", "2000.00")
    assert most.dollars() == {"FA2": "-1000.00 -500.00", "F1": "1500.00"}
    assert [line["taken"] for line in most.message["limits"]] == ["1500.00"]
