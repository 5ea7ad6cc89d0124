"""DEP-5, GAA-1: money goes to the terms offered in the deposit period that is open on the trade date."""

from decimal import Decimal

import pytest

from tests.domain.books import (
    Book,
    Json,
    Outcome,
    deposit,
    guaranteed,
    guaranteed_term,
    offering,
    only,
    opening,
    shares,
)
from tests.domain.gaa import day, flat, gaa_terms, still

D = Decimal
STEPPED = guaranteed_term(5, ("0.05", "2022-01-31"), ("0.0475", "2024-01-31"), ("0.045", "2026-01-31"))
TWO_RATES_IN_A_YEAR = guaranteed_term(1, ("0.02", "2021-08-31"), ("0.01", "2022-02-28"))
PERIOD = offering("JAN", "2021-01-06", "2021-01-13", still(3, "2024-01-31"), STEPPED)


def opened(*offers: Json, contract: Json | None = None) -> Book:
    """A book with an open account and offerings, 4 January closed."""
    book = Book(contract or gaa_terms())
    for offer in offers:
        book.publish("guaranteed-offerings", offer)
    book.instruct(opening("open", "2021-01-04"))
    book.close("2021-01-04", flat("1"))
    return book


def on(book: Book, trade_date: str, amount: str = "100.00", **percentages: str) -> Outcome:
    """The outcome of a deposit that trades on a day."""
    wanted = percentages or {"GAA_3": "100"}
    out = book.deposit(deposit(f"d-{trade_date}", trade_date, amount, allocation=shares(**wanted)))
    out += book.close_through("2021-01-05", trade_date, flat("1"))
    return only([outcome for outcome in out if outcome.topic != "acknowledgements"])


@pytest.mark.parametrize("trade_date", ["2021-01-06", "2021-01-13"])
def test_dep_5_the_first_and_the_last_day_of_the_period(trade_date: str) -> None:
    book = opened(PERIOD)
    confirmed = on(book, trade_date).message
    (leg,) = confirmed["legs"]
    assert (leg["lot"], leg["term"], leg["maturity"]) == ("GAA-1", 3, "2024-01-31")
    assert (leg["dollars"], leg["units"], leg["index"]) == ("100.00", "100.000000", "1.000000000000")
    assert {"DEP-5", "GAA-1", "GAA-2", "GEN-7"} <= set(confirmed["rules"])
    (lot,) = book.lots()
    assert (lot.deposited, lot.locked_through) == (day(trade_date), day("2021-04-13"))  # the close + 90 days


@pytest.mark.parametrize("trade_date", ["2021-01-05", "2021-01-14"])
def test_dep_5_no_deposit_period_a_day_before_and_after(trade_date: str) -> None:
    book = opened(PERIOD)
    refused = on(book, trade_date)
    assert refused.codes == ["NO_DEPOSIT_PERIOD"]
    (reason,) = refused.message["reasons"]
    assert reason["rules"] == ["DEP-5"]
    assert reason["numbers"] == {"option": "GAA", "trade_date": trade_date}
    assert book.lots() == ()


def test_dep_5_a_term_that_is_not_offered_refuses_the_whole_deposit() -> None:
    book = opened(PERIOD)
    refused = on(book, "2021-01-06", F1="50", GAA_3="20", GAA_7="30")
    (reason,) = refused.message["reasons"]
    assert (reason["code"], reason["rules"]) == ("TERM_NOT_OFFERED", ["DEP-5"])
    assert reason["numbers"] == {"option": "GAA", "term": "7", "offered": "3, 5", "offering": "JAN"}
    assert book.lots() == ()
    assert book.units("F1") == 0


def test_dep_5_there_is_no_minimum() -> None:
    assert on(opened(PERIOD), "2021-01-06", "0.01").topic == "confirmations"


def test_dep_5_an_earlier_period_of_the_series_does_not_count() -> None:
    """The day after one period closes the next one's terms are offered, and only those."""
    later = offering("JAN-2", "2021-01-14", "2021-01-20", still(7, "2028-01-31"))
    assert on(opened(PERIOD, later), "2021-01-14", GAA_3="100").codes == ["TERM_NOT_OFFERED"]
    assert on(opened(PERIOD, later), "2021-01-14", GAA_7="100").topic == "confirmations"


def test_gaa_1_money_of_one_day_and_term_shares_a_lot_and_that_of_another_day_does_not() -> None:
    book = opened(PERIOD)
    book.close("2021-01-05", flat("1"))
    for request_id, trade_date in (("a", "2021-01-06"), ("b", "2021-01-06"), ("c", "2021-01-07")):
        if request_id == "c":
            book.close("2021-01-06", flat("1"))
        only(book.deposit(deposit(request_id, trade_date, "100.00", allocation=shares(GAA_3="50", GAA_5="50"))))
    found = [(lot.lot, lot.years, lot.deposited.isoformat(), lot.units) for lot in book.lots()]
    assert found == [
        ("GAA-1", 3, "2021-01-06", D("100.000000")),
        ("GAA-2", 5, "2021-01-06", D("100.000000")),
        ("GAA-3", 3, "2021-01-07", D("50.000000")),
        ("GAA-4", 5, "2021-01-07", D("50.000000")),
    ]
    assert [step.rate for step in book.lots()[1].steps] == [D("0.05"), D("0.0475"), D("0.045")]


def test_gaa_1_a_second_deposit_meets_the_index_of_its_lot() -> None:
    """Deposited on one day at index 1: nothing has been earned yet, whatever the rate."""
    book = opened(PERIOD)
    book.close("2021-01-05", flat("1"))
    only(book.deposit(deposit("a", "2021-01-06", "100.00", allocation=shares(GAA_5="100"))))
    (leg,) = only(book.deposit(deposit("b", "2021-01-06", "0.07", allocation=shares(GAA_5="100")))).message["legs"]
    assert (leg["units_before"], leg["units_after"], leg["index"]) == ("100.000000", "100.070000", "1.000000000000")


@pytest.mark.parametrize(
    ("offer", "code"),
    [
        (offering("X", "2021-02-01", "2021-02-26", TWO_RATES_IN_A_YEAR), "MALFORMED"),
        (offering("X", "2021-02-01", "2021-02-26", still(3, "2024-02-28", "0.0099")), "RATE_BELOW_FLOOR"),
        (offering("JAN", "2021-02-01", "2021-02-26", still(3, "2024-02-28", "0.02")), "CONFLICTING_VALUE"),
        (offering("X", "2021-01-13", "2021-02-26", still(3, "2024-02-28", "0.02")), "OFFERING_OVERLAPS"),
        (offering("X", "2021-01-05", "2021-01-05", still(3, "2024-02-28", "0.02")), "EFFECTIVE_TOO_LATE"),
    ],
)
def test_gaa_1_what_may_not_be_offered(offer: Json, code: str) -> None:
    """A one-year term has one rate; the contract's minimum; announced once, one period after the other, in advance."""
    contract = gaa_terms(options=(guaranteed(minimum_rate="0.01"),))
    period = offering("JAN", "2021-01-06", "2021-01-13", still(3, "2024-01-31", "0.01"))
    alarm = only(opened(period, contract=contract).publish("guaranteed-offerings", offer), "alarms")
    assert alarm.message["code"] == code
