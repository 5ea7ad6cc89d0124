"""LIM-4: temporary larger percentages, and days on which there is no limit; LIM-5: the date they make possible."""

import pytest

from tests.domain.books import Book, Json, only
from tests.domain.books_limits import book_of, contract, fixed_plus, left, moved, refused, resting

FIRST = "2021-01-04"
LARGER = {"from_day": "2021-01-06", "through": "2021-01-07", "percent": "60"}
WAIVED = {"from_day": "2021-01-06", "through": "2021-01-07"}


def book(*temporary: Json, closed: str = "") -> Book:
    found = book_of(contract(resting(temporary=list(temporary))), FIRST, FA2="10000.00")
    if closed:
        found.close_through("2021-01-05", closed)
    return found


@pytest.mark.parametrize(
    ("day", "closed", "allowed"),
    [
        ("2021-01-05", "", False),
        ("2021-01-06", "2021-01-05", True),
        ("2021-01-07", "2021-01-06", True),
        ("2021-01-08", "2021-01-07", False),
    ],
)
def test_lim_4_a_larger_percentage_on_its_days(day: str, closed: str, *, allowed: bool) -> None:
    """60% of 10,000 from the first day through the last; before it the rejection names the first (LIM-5)."""
    outcome = moved(book(LARGER, closed=closed), day, "6000.00")
    if allowed:
        (line,) = outcome.message["limits"]
        assert (line["percent"], line["available"], line["left"]) == ("60", "6000.00", "0.00")
        assert "LIM-4" in outcome.message["rules"]
    else:
        found = refused(outcome)
        assert (found["limit_percent"], found["available"]) == ("50", "5000.00")
        assert found["possible_from"] == ("2021-01-06" if day == "2021-01-05" else None)
        assert "LIM-4" not in outcome.message["rules"]


def test_lim_4_a_cent_more_than_the_larger_percentage() -> None:
    outcome = moved(book(LARGER, closed="2021-01-05"), "2021-01-06", "6000.01")
    assert (refused(outcome)["limit_percent"], refused(outcome)["available"]) == ("60", "6000.00")
    assert "LIM-4" in outcome.message["rules"]


@pytest.mark.parametrize("also", [(), (LARGER,), ({**LARGER, "percent": "99"},)])
def test_lim_4_without_a_percentage_there_is_no_limit(also: tuple[Json, ...]) -> None:
    """Whatever else is in force on the same days."""
    outcome = moved(book(*also, WAIVED, closed="2021-01-05"), "2021-01-06", "10000.00")
    (line,) = outcome.message["limits"]
    assert (line["percent"], line["available"], line["taken"], line["left"]) == (None, None, "10000.00", None)
    assert {"LIM-3", "LIM-4"} <= set(outcome.message["rules"])


def test_lim_4_the_largest_of_several() -> None:
    outcome = moved(book(LARGER, {**LARGER, "percent": "70"}, closed="2021-01-05"), "2021-01-06", "7000.00")
    assert left(outcome) == {"FA2": "0.00"}


def test_lim_4_what_went_under_a_waiver_counts_when_it_is_over() -> None:
    """6,000 under the waiver; then 50% × 4,000 − 6,000 is below zero until the year is over."""
    found = book(WAIVED, closed="2021-01-05")
    assert left(moved(found, "2021-01-06", "6000.00")) == {"FA2": None}
    found.close("2021-01-07")
    numbers = refused(moved(found, "2021-01-08", "2000.00"))
    assert (numbers["used"], numbers["available"], numbers["possible_from"]) == ("6000.00", "0.00", "2022-01-01")


@pytest.mark.parametrize(
    ("begins", "amount", "possible_from"),
    [
        ("2021-01-08", "3500.00", "2021-01-08"),
        ("2021-01-08", "7000.00", "2021-01-08"),
        ("2022-03-01", "3500.00", "2022-01-01"),
        ("2022-03-01", "7000.00", "2022-03-01"),
    ],
)
def test_lim_5_the_earliest_of_what_a_waiver_and_the_calendar_make_possible(
    begins: str, amount: str, possible_from: str
) -> None:
    """3,000 used of 10,000: 3,500 are possible on 1 January, unless a waiver begins before; 7,000 only under it."""
    found = book({"from_day": begins, "through": "2022-03-31"})
    moved(found, "2021-01-05", "3000.00")
    assert refused(moved(found, "2021-01-06", amount))["possible_from"] == possible_from


def test_lim_4_the_twenty_percent_limit_waived() -> None:
    """The supplement's own waiver, of the Fixed Plus Account's limit."""
    found = book_of(contract(fixed_plus(temporary=[WAIVED]), resting()), FIRST, FP="10000.00")
    assert refused(moved(found, "2021-01-05", "2000.01", option="FP"))["possible_from"] == "2021-01-06"
    assert left(moved(found, "2021-01-06", "9000.00", option="FP")) == {"FP": None}


@pytest.mark.parametrize(
    "limit",
    [
        {"temporary": [{"from_day": "2021-01-07", "through": "2021-01-06"}]},
        {"temporary": [{**LARGER, "percent": "50"}]},
        {"temporary": [{**LARGER, "percent": "100.01"}]},
        {"percent": "100.01"},
    ],
)
def test_lim_4_terms_that_mean_nothing_are_refused(limit: Json) -> None:
    alarm = only(Book().publish("contract-terms", contract(resting(**limit))), "alarms")
    assert alarm.message["code"] == "MALFORMED"
