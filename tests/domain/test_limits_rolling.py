"""LIM-1 and LIM-2: the Fixed Account's 10% of a calendar year, the Fixed Plus Account's 20% of 12 months that roll."""

from datetime import date
from decimal import Decimal

import pytest

from contracts_schema.limits import FixedAccountLimit, FixedPlusLimit
from services.domain.limits import counts_until
from services.domain.uses import Use
from tests.domain.books import Book, at, only, shares
from tests.domain.books_limits import ask, book_of, contract, fixed_account, fixed_plus, left, moved, refused, resting
from tests.domain.gaa import leg, transferred

D = Decimal
FIRST, DAY = "2021-01-04", "2021-01-05"
PLUS = contract(fixed_plus(), resting())


def use(day: str, kind: str = "transfer", amount: str = "1.00") -> Use:
    return Use("FP", date.fromisoformat(day), D(amount), kind)  # type: ignore[arg-type]  # a kind of use


def test_lim_1_the_rules_own_example() -> None:
    """LIM-7: $94,000 left in Fixed after moving $6,000 this year: 10% × 94,000 − 6,000 = $3,400.00 available."""
    book = book_of(contract(fixed_account(), resting()), FIRST, FA="100000.00")
    assert left(moved(book, DAY, "6000.00", option="FA")) == {"FA": "3400.00"}
    found = refused(moved(book, "2021-01-06", "3400.01", option="FA"))
    assert (found["limit_percent"], found["base_value"], found["used"]) == ("10", "94000.00", "6000.00")
    assert (found["available"], found["possible_from"]) == ("3400.00", "2022-01-01")
    outcome = moved(book, "2021-01-07", "3400.00", option="FA")
    assert left(outcome) == {"FA": "0.00"}
    assert {"LIM-1", "LIM-7"} <= set(outcome.message["rules"])


def test_lim_1_by_the_calendar_year_of_trade_dates() -> None:
    """10% of 10,000 on Friday 31 December, 10% of the 9,000 left on Monday 3 January."""
    book = book_of(contract(fixed_account(), resting(), since="2021-12-30"), "2021-12-30", FA="10000.00")
    assert left(moved(book, "2021-12-31", "1000.00", option="FA")) == {"FA": "0.00"}
    assert left(moved(book, "2022-01-03", "900.00", option="FA")) == {"FA": "0.00"}
    assert refused(moved(book, "2022-01-04", "0.01", option="FA"))["used"] == "900.00"


def test_lim_2_twenty_percent_in_twelve_months_that_roll() -> None:
    """2,000 of 10,000 on 5 January 2021 count through 4 January 2022, and have left on the 5th: 20% of 8,000."""
    book = book_of(PLUS, FIRST, FP="10000.00")
    assert left(moved(book, DAY, "2000.00", option="FP")) == {"FP": "0.00"}
    found = refused(moved(book, "2021-01-06", "1600.00", option="FP"))
    assert (found["window"], found["used"], found["available"]) == ("rolling_12_months", "2000.00", "0.00")
    assert found["possible_from"] == "2022-01-05"
    book.close_through("2021-01-07", "2022-01-03")
    assert refused(moved(book, "2022-01-04", "1600.00", option="FP"))["possible_from"] == "2022-01-05"
    outcome = moved(book, "2022-01-05", "1600.00", option="FP")
    assert (left(outcome), outcome.message["limits"][0]["used"]) == ({"FP": "0.00"}, "0.00")
    assert len(book.account().uses) == 2, "the first is kept for 366 days"
    book.close_through("2022-01-06", "2023-01-05")
    moved(book, "2023-01-06", "0.01", option="FP")
    assert [str(each.day) for each in book.account().uses] == ["2022-01-05", "2023-01-06"]


def test_lim_5_the_first_of_several_days_on_which_enough_has_left() -> None:
    """Of 10,000: 500 on 5 January, 1,000 on the 6th. 20% of 8,500 is 1,700: 200 now, 700 when the 500 have left."""
    book = book_of(PLUS, FIRST, FP="10000.00")
    moved(book, DAY, "500.00", option="FP")
    assert left(moved(book, "2021-01-06", "1000.00", option="FP")) == {"FP": "200.00"}
    days = [("200.01", "2022-01-05"), ("700.00", "2022-01-05"), ("700.01", "2022-01-06"), ("1700.01", None)]
    for at_day, (amount, possible_from) in zip(("07", "08", "11", "12"), days, strict=True):
        assert refused(moved(book, f"2021-01-{at_day}", amount, option="FP"))["possible_from"] == possible_from


@pytest.mark.parametrize(
    ("day", "same_day", "until"),
    [
        ("2021-01-05", "left", "2022-01-05"),
        ("2021-01-05", "counts", "2022-01-06"),
        ("2024-02-28", "left", "2025-02-28"),
        ("2024-02-29", "left", "2025-02-28"),  # there is no other day
        ("2024-02-29", "counts", "2025-03-01"),
        ("2024-03-01", "left", "2025-03-01"),
        ("2023-02-28", "left", "2024-02-28"),
        ("2023-02-28", "counts", "2024-02-29"),
        ("2023-03-01", "left", "2024-03-01"),
        ("2021-12-31", "left", "2022-12-31"),
    ],
)
def test_lim_2_the_day_on_which_a_use_has_left(day: str, same_day: str, until: str) -> None:
    """LIM-2: the same day 12 months later; of 29 February the 28th."""
    limit = FixedPlusLimit.model_validate({"same_day": same_day})
    assert str(counts_until(limit, use(day))) == until


@pytest.mark.parametrize(
    ("day", "until"), [("2021-12-31", "2022-01-01"), ("2022-01-01", "2023-01-01"), ("2024-02-29", "2025-01-01")]
)
def test_lim_1_a_calendar_year_ends_with_itself(day: str, until: str) -> None:
    assert str(counts_until(FixedAccountLimit(), use(day))) == until


def leap_day() -> Book:
    """2,000 of 10,000 moved on Thursday 29 February 2024, all days through Wednesday 26 February 2025 closed."""
    book = book_of(contract(fixed_plus(), resting(), since="2024-02-28"), "2024-02-28", FP="10000.00")
    moved(book, "2024-02-29", "2000.00", option="FP")
    book.close_through("2024-03-01", "2025-02-26")
    return book


def test_lim_2_what_was_used_on_29_february_has_left_on_the_28th() -> None:
    book = leap_day()
    assert refused(moved(book, "2025-02-27", "1600.00", option="FP"))["possible_from"] == "2025-02-28"
    assert left(moved(book, "2025-02-28", "1600.00", option="FP")) == {"FP": "0.00"}


def test_lim_2_a_balance_of_1000_dollars_or_less_is_free() -> None:
    """20% of 1,000.01 is 200.00; of 1,000.00 all may go."""
    rich, poor = (book_of(PLUS, FIRST, FP=amount) for amount in ("1000.01", "1000.00"))
    assert refused(moved(rich, DAY, "200.01", option="FP"))["available"] == "200.00"
    outcome = moved(poor, DAY, "1000.00", option="FP")
    (line,) = outcome.message["limits"]
    assert (line["percent"], line["available"], line["left"], line["base_value"]) == (None, None, None, "1000.00")
    assert "LIM-2" in outcome.message["rules"]


def test_pitfall_the_balance_that_frees_is_the_one_that_earlier_requests_left() -> None:
    """Of 1,250 250 go, 20%; of the 1,000 left all, on the same day."""
    book = book_of(PLUS, FIRST, FP="1250.00")
    ask(book, "first", at(DAY, "10:00:00"), "250.00", option="FP")
    ask(book, "second", at(DAY, "10:00:01"), "1000.00", option="FP")
    first, second = book.close(DAY)
    assert (left(first), left(second)) == ({"FP": None}, {"FP": None})
    assert book.units("F1") == D("125.000000")


def test_lim_2_the_waiver_goes_by_the_balance_on_the_day_of_receipt() -> None:
    """At 10% 909.09 of 7 January 2021 are 1,000.00 (909.09 × 1.1 = 999.999) on Friday the 7th a year later, and
    1,000.78 on Monday the 10th, when what was received on Friday after the close trades.
    """
    since = "2021-01-07"
    book = book_of(contract(fixed_plus(), since=since), since, "0.10", FP="909.09")
    book.close_through("2021-01-08", "2022-01-07")
    ask(book, "friday", at("2022-01-07", "16:00:01"), "1000.78", option="FP")
    assert only(book.close("2022-01-10")).message["gross"] == "1000.78"


def test_lim_2_no_waiver_of_small_balances_where_the_contract_has_none() -> None:
    book = book_of(contract(fixed_plus(waived_at_balance="0.00")), FIRST, FP="100.00")
    assert refused(moved(book, DAY, "20.01", option="FP"))["available"] == "20.00"


def test_lim_1_and_lim_2_of_one_request_are_both_told() -> None:
    book = book_of(contract(fixed_account(), fixed_plus(), resting()), FIRST, FA="1000.00", FP="2000.00", FA2="1000.00")
    legs = [leg("FA", amount="100.01"), leg("FP", amount="400.01"), leg("FA2", amount="500.01")]
    outcome = transferred(book, legs, shares(F1="100"), DAY)
    found = [(each["rules"][0], each["numbers"]["available"]) for each in outcome.message["reasons"]]
    assert found == [("LIM-1", "100.00"), ("LIM-2", "400.00"), ("LIM-3", "500.00")]
    legs = [leg("FA", amount="100.00"), leg("FP", amount="400.00"), leg("FA2", amount="500.00")]
    outcome = transferred(book, legs, shares(F1="100"), "2021-01-06")
    assert left(outcome) == {"FA": "0.00", "FP": "0.00", "FA2": "0.00"}
