"""GAA-4: no transfer in the deposit period nor in the 90 days after its close; the close + 91 days is the first.

The deposit periods of `gaa.held` close on 8, 15 and 22 January 2021: free on 9, 16 and 23 April.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.domain.guaranteed import free_from, locked_in
from tests.domain.books import Book, Json, Outcome, guaranteed, shares
from tests.domain.gaa import day, drawn, gaa_terms, held, leg, lot, transferred, withdrawn

D = Decimal
TO_F1 = shares(F1="100")


def on_12_april() -> Book:
    """Old_3 is free, mid_5 free on the 16th, new_5 on the 23rd; $1,000 each; x of old_3 is 997: factor .9493."""
    return held(through="2021-04-09", old_3="1000.00", mid_5="1000.00", new_5="1000.00")


def refusal(outcome: Outcome) -> Json:
    """The one reason of a rejection."""
    assert outcome.topic == "rejections", outcome.message
    (reason,) = outcome.message["reasons"]
    assert isinstance(reason, dict)
    return reason


def test_gaa_4_the_close_plus_91_days() -> None:
    """8 January + 91 days: 31 - 8 = 23 in January, 28, 31, and 9 in April."""
    each = lot("2021-01-05", locked_through=date(2021, 1, 8) + timedelta(days=90))
    assert free_from(each) == date(2021, 4, 9)
    assert locked_in(each, date(2021, 4, 8))
    assert not locked_in(each, date(2021, 4, 9))


def test_gaa_4_ends_with_the_term() -> None:
    each = lot("2021-01-05", (("0.01", "2021-03-01"),))
    assert free_from(each) == date(2021, 3, 1)


@pytest.mark.parametrize("trade_date", ["2021-01-06", "2021-01-11", "2021-04-08"])
def test_gaa_4_barred_in_the_deposit_period_and_90_days_after(trade_date: str) -> None:
    book = held(through=(day(trade_date) - timedelta(days=1)).isoformat(), old_3="1000.00")
    outcome = transferred(book, [leg("GAA", 3, amount="100.00")], TO_F1, day=trade_date)
    reason = refusal(outcome)
    assert (reason["code"], reason["rules"], reason["field"]) == ("LOCKED_IN", ["GAA-4"], "from[0]")
    assert reason["numbers"] == {
        "requested": "100.00",
        "available": "0.00",
        "available_after_mva": "0.00",
        "locked_in": "1000.00",
        "trade_date": trade_date,
    }
    assert reason["possible_from"] == outcome.message["possible_from"] == "2021-04-09"
    assert (book.lots()[0].units, book.units("F1")) == (D("1000.000000"), D(0))


def test_gaa_4_permitted_on_the_first_day() -> None:
    book = held(through="2021-04-08", old_3="1000.00")
    assert transferred(book, [leg("GAA", 3, amount="100.00")], TO_F1, day="2021-04-09").topic == "confirmations"


def test_gaa_4_the_days_are_a_term_of_the_contract() -> None:
    contract = gaa_terms(options=(*gaa_terms()["options"][:4], guaranteed(lock_in_days=0)))
    book = held(contract, through="2021-01-08", old_3="1000.00")
    assert transferred(book, [leg("GAA", 3, amount="100.00")], TO_F1, day="2021-01-11").topic == "confirmations"


@pytest.mark.parametrize("trade_date", ["2021-01-13", "2021-04-08"])
def test_gaa_4_withdrawals_are_not_barred(trade_date: str) -> None:
    book = held(through=(day(trade_date) - timedelta(days=1)).isoformat(), mid_5="1000.00")
    assert withdrawn(book, trade_date, amount="100.00").message["paid"] == "100.00"


def test_wdl_2_a_transfer_passes_over_barred_terms() -> None:
    """Gross 900 of the GAA: all of it from old_3, though three terms are held."""
    book = on_12_april()
    outcome = transferred(book, [leg("GAA", amount="900.00")], TO_F1, day="2021-04-12", amount_type="gross")
    assert drawn(outcome) == {"old_3": ("900.00", "0.9493", "-45.63")}


def test_wdl_2_within_a_duration_too() -> None:
    """On 16 April mid_5 is free, new_5 is not: a transfer of five-year terms takes mid_5 and leaves new_5 alone."""
    book = held(through="2021-04-15", mid_5="1000.00", new_5="1000.00")
    outcome = transferred(book, [leg("GAA", 5, amount="500.00")], TO_F1, day="2021-04-16", amount_type="gross")
    assert list(drawn(outcome)) == ["mid_5"]
    assert [each.units for each in book.lots()] == [D("500.000000"), D("1000.000000")]


@pytest.mark.parametrize(
    ("quantity", "amount_type", "possible_from"),
    [
        ({"amount": "1500.00"}, "gross", "2021-04-16"),  # 1,000 + 1,000 is enough
        ({"amount": "2000.01"}, "gross", "2021-04-23"),  # all three are needed
        ({"amount": "3000.00"}, "gross", "2021-04-23"),
        ({"percent": "50"}, "net", "2021-04-16"),  # a percentage is of the whole, barred lots included: 1,500
        ({"all": True}, "net", "2021-04-23"),
        ({"amount": "2000.00"}, "net", "2021-04-16"),  # 949.30 + 1,100.80: mid_5 is paid at 1.1008 on this day
        ({"amount": "3040.00"}, "net", "2021-04-23"),  # more than is held, but not more than it pays: 3,050.10
    ],
)
def test_gaa_4_the_first_day_on_which_enough_is_free(
    quantity: dict[str, object], amount_type: str, possible_from: str
) -> None:
    book = on_12_april()
    legs = [leg("GAA", **quantity)]
    reason = refusal(transferred(book, legs, TO_F1, day="2021-04-12", amount_type=amount_type))
    assert (reason["code"], reason["possible_from"]) == ("LOCKED_IN", possible_from)
    assert reason["numbers"]["available"] == "1000.00"
    assert reason["numbers"]["available_after_mva"] == "949.30"
    assert reason["numbers"]["locked_in"] == "2000.00"


@pytest.mark.parametrize(("amount", "amount_type"), [("3000.01", "gross"), ("3050.11", "net")])
def test_wdl_11_what_no_waiting_would_bring_is_insufficient(amount: str, amount_type: str) -> None:
    reason = refusal(
        transferred(on_12_april(), [leg("GAA", amount=amount)], TO_F1, day="2021-04-12", amount_type=amount_type)
    )
    assert (reason["code"], reason["possible_from"]) == ("INSUFFICIENT_VALUE", None)
    assert reason["numbers"] == {"requested": amount, "available": "1000.00", "available_after_mva": "949.30"}


def test_the_latest_of_several_days_is_the_requests() -> None:
    legs = [leg("GAA", 3, amount="100.00"), leg("GAA", 5, amount="100.00")]
    book = held(through="2021-04-05", old_3="1000.00", new_5="1000.00")
    outcome = transferred(book, legs, TO_F1, day="2021-04-06")
    assert [each["possible_from"] for each in outcome.message["reasons"]] == ["2021-04-09", "2021-04-23"]
    assert outcome.message["possible_from"] == "2021-04-23"


def test_dollars_that_happen_to_equal_what_is_held_may_come_from_what_is_free() -> None:
    """2,100 are held, 100 of them barred; mid_5's 2,000 pay 2,201.60 on 16 April, enough for 2,100."""
    book = held(through="2021-04-15", mid_5="2000.00", new_3="100.00")
    outcome = transferred(book, [leg("GAA", amount="2100.00")], TO_F1, day="2021-04-16")
    assert drawn(outcome) == {"mid_5": ("1907.70", "1.1008", "192.30")}
