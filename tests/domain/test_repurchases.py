"""TRF-5: what transfers may buy of a fund soon after they sold it, where that is capped; TRF-3 of limited ones."""

from decimal import Decimal

import pytest

from tests.domain.books import Book, Json, Outcome, at, deposit, fund, only, shares, terms, withdrawal
from tests.domain.books_limits import ask, book_of, contract, moved, resting
from tests.domain.gaa import leg, transferred

FIRST, SOLD = "2021-01-04", "2021-01-05"


def capped(days: int = 7, **more: object) -> Book:
    """$1,000 in each of F1, whose repurchase is capped, and F2; $400 of F1 sold on 5 January, $600 left."""
    first = fund("F1", repurchase={"days": days, **more})
    book = book_of(terms(first, fund("F2"), resting()), FIRST, F1="1000.00", F2="1000.00", FA2="1000.00")
    assert trade(book, SOLD, "F1", "F2", "400.00").topic == "confirmations"
    return book


def trade(book: Book, day: str, source: str, to: str, amount: str) -> Outcome:
    return moved(book, day, amount, option=source, to=shares(**{to: "100"}))


def numbers(outcome: Outcome) -> Json:
    (reason,) = outcome.message["reasons"]
    assert (reason["code"], reason["rules"]) == ("REPURCHASE_CAPPED", ["TRF-5"])
    found: Json = reason["numbers"]
    return {**found, "possible_from": reason["possible_from"]}


def test_trf_5_nothing_of_a_fund_is_bought_back_within_its_days() -> None:
    """Sold on the 5th, seven days: through the 12th; from the 13th."""
    book = capped()
    assert numbers(trade(book, "2021-01-06", "F2", "F1", "0.01")) == {
        "option": "F1",
        "requested": "0.01",
        "days": "7",
        "at_most": "0.00",
        "sold_on": SOLD,
        "bought": "0.00",
        "available": "0.00",
        "trade_date": "2021-01-06",
        "possible_from": "2021-01-13",
    }
    book.close_through("2021-01-07", "2021-01-11")
    assert numbers(trade(book, "2021-01-12", "F2", "F1", "100.00"))["possible_from"] == "2021-01-13"
    assert trade(book, "2021-01-13", "F2", "F1", "100.00").dollars()["F1"] == "100.00"


def test_trf_5_on_the_day_of_the_sale_too() -> None:
    book = capped()
    ask(book, "sell", at("2021-01-06", "10:00:00"), "100.00", option="F1", to=shares(F2="100"))
    ask(book, "buy", at("2021-01-06", "10:00:01"), "50.00", option="F2", to=shares(F1="100"))
    _, bought = book.close("2021-01-06")
    assert numbers(bought)["sold_on"] == "2021-01-06"


def test_trf_5_up_to_the_cap_in_all() -> None:
    """$300 may be bought back: 200.00 on the 6th, then 100.00."""
    book = capped(at_most="300.00")
    assert trade(book, "2021-01-06", "F2", "F1", "200.00").topic == "confirmations"
    found = numbers(trade(book, "2021-01-07", "F2", "F1", "100.01"))
    assert (found["at_most"], found["bought"], found["available"]) == ("300.00", "200.00", "100.00")
    assert trade(book, "2021-01-08", "F2", "F1", "100.00").topic == "confirmations"


def test_trf_5_what_was_bought_before_the_sale_does_not_count() -> None:
    """$250 bought on the 13th, when the first sale is over; $50 sold after it: $300 may still be bought."""
    book = capped(at_most="300.00")
    book.close_through("2021-01-06", "2021-01-12")
    ask(book, "buy", at("2021-01-13", "10:00:00"), "250.00", option="F2", to=shares(F1="100"))
    ask(book, "sell", at("2021-01-13", "10:00:01"), "50.00", option="F1", to=shares(F2="100"))
    ask(book, "again", at("2021-01-13", "10:00:02"), "300.00", option="F2", to=shares(F1="100"))
    assert [each.topic for each in book.close("2021-01-13")] == ["confirmations"] * 3


def test_trf_5_the_first_day_on_which_enough_sales_are_over() -> None:
    """Sold on the 5th and on the 8th, 200.00 bought between: 150 more of 300 when the first sale, and with it what was
    bought since, no longer counts.
    """
    book = capped(at_most="300.00")
    assert trade(book, "2021-01-06", "F2", "F1", "200.00").topic == "confirmations"
    book.close("2021-01-07")
    assert trade(book, "2021-01-08", "F1", "F2", "10.00").topic == "confirmations"
    assert numbers(trade(book, "2021-01-11", "F2", "F1", "150.00"))["possible_from"] == "2021-01-13"
    assert numbers(trade(book, "2021-01-12", "F2", "F1", "300.01"))["possible_from"] == "2021-01-16"
    assert trade(book, "2021-01-13", "F2", "F1", "150.00").topic == "confirmations"


def test_trf_5_is_about_transfers_and_other_funds_are_free() -> None:
    """A withdrawal is no sale, a deposit no purchase."""
    book = capped()
    book.withdraw(withdrawal("w", "2021-01-06", amount="10.00", **{"from": [{"option": "F2"}]}))
    book.deposit(deposit("d", "2021-01-06", "10.00", allocation=shares(F1="100")))
    assert {each.topic for each in book.close("2021-01-06")} == {"confirmations"}
    assert trade(book, "2021-01-07", "F1", "F2", "10.00").topic == "confirmations"
    assert trade(book, "2021-01-08", "FA2", "F2", "10.00").topic == "confirmations", "F2 has no cap"


def test_trf_5_of_off_by_default() -> None:
    book = book_of(contract(), FIRST, F1="1000.00", F2="1000.00")
    assert trade(book, SOLD, "F1", "F2", "400.00").topic == "confirmations"
    assert trade(book, "2021-01-06", "F2", "F1", "400.00").topic == "confirmations"
    assert book.account().uses == ()


@pytest.mark.parametrize("repurchase", [{"days": 0}, {"days": 366}, {"days": 7, "at_most": "-0.01"}, {}])
def test_trf_5_terms_that_mean_nothing_are_refused(repurchase: Json) -> None:
    alarm = only(Book().publish("contract-terms", terms(fund("F1", repurchase=repurchase))), "alarms")
    assert alarm.message["code"] == "MALFORMED"


FEE: Json = {"free_per_year": 1, "fee": "10.00"}


def paying(**transfers: object) -> Book:
    return book_of(contract(transfers={**FEE, **transfers}), FIRST, F2="1000.00", FA2="1000.00")


def test_trf_3_limited_transfers_are_without_charge_and_do_not_count() -> None:
    book = paying()
    for day in ("2021-01-05", "2021-01-06"):
        outcome = moved(book, day, "100.00")
        assert (outcome.message["charges"], outcome.message["free_transfers_left"]) == ([], 1)
        assert "TRF-3" in outcome.message["rules"]
        assert "TRF-2" not in outcome.message["rules"]


def test_trf_3_a_request_with_another_leg_counts_and_pays() -> None:
    """TRF-6: a request counts if any leg of it counts; the second costs $10, pro rata of what arrives."""
    book, legs = paying(), [leg("FA2", amount="100.00"), leg("F2", amount="100.00")]
    assert transferred(book, legs, shares(F1="100"), "2021-01-05").message["free_transfers_left"] == 0
    outcome = transferred(book, legs, shares(F1="100"), "2021-01-06")
    assert outcome.dollars() == {"FA2": "-100.00", "F2": "-100.00", "F1": "190.00"}
    assert moved(book, "2021-01-07", "100.00").message["charges"] == []


def test_trf_3_where_a_contract_counts_them_they_still_cost_nothing() -> None:
    book = paying(limited="counted")
    assert moved(book, "2021-01-05", "100.00").message["free_transfers_left"] == 0
    outcome = moved(book, "2021-01-06", "100.00")
    assert (outcome.message["charges"], outcome.message["free_transfers_left"]) == ([], 0)
    paid = moved(book, "2021-01-07", "100.00", option="F2")
    assert paid.message["charges"][0]["amount"] == "10.00"
    assert book.units("F1") == Decimal("29.000000")
