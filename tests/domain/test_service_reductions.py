"""FND-5: additional services reduce the credited rate of Fixed Plus Account II, never below its floor of 3%."""

import pytest

from tests.domain.books import Book, business_days, deposit, fund, only, shares, terms, withdrawal
from tests.domain.books_fixed import fixed_account, fixed_book, fixed_plus, fixed_plus_2

FIRST, YEAR_ON = "2021-01-04", "2022-01-04"


def year_on(book: Book, option: str) -> str:
    """What 10,000.00 of the first day is worth 365 days later."""
    book.deposit(deposit("d", FIRST, "10000.00", allocation=shares(**{option: "100"})))
    for day in business_days(FIRST, "2022-01-03"):
        book.close(day)
    book.withdraw(withdrawal("w", YEAR_ON, full=True))
    message = only(book.close(YEAR_ON)).message
    assert isinstance(message["gross"], str)
    return message["gross"]


@pytest.mark.parametrize(
    ("reduction", "worth"),
    [
        ("0", "10500.00"),
        ("0.01", "10400.00"),
        ("0.02", "10300.00"),  # 5% less 2% is the floor
        ("0.0201", "10300.00"),  # and not below it
        ("0.06", "10300.00"),  # more than the declared rate
    ],
)
def test_fnd_5_a_year_credits_the_declared_rate_less_the_reduction_or_the_floor(reduction: str, worth: str) -> None:
    book = fixed_book(fixed_plus_2(), additional_services={"rate_reduction": reduction})
    assert year_on(book, "FP2") == worth


@pytest.mark.parametrize("option", [fixed_account(), fixed_plus(limit={"limits_withdrawals": False})])
def test_fnd_5_no_other_option_is_reduced(option: dict[str, object]) -> None:
    book = fixed_book(option, additional_services={"rate_reduction": "0.01"})
    assert year_on(book, str(option["option"])) == "10500.00"


def test_fnd_5_a_version_changes_it_from_its_day_on() -> None:
    """From Monday 5 July: 182 days at 5%, 183 at 4%; 1.05^(182/365) = 1.0246265925 and 1.04^(183/365) = 1.0198586952,
    together 1.0449743397.
    """
    book = fixed_book(fixed_plus_2())
    reduced = {"version": 2, "effective_from": "2021-07-05", "additional_services": {"rate_reduction": "0.01"}}
    assert book.publish("contract-terms", terms(fund("F1"), fixed_plus_2(), **reduced)) == []
    assert year_on(book, "FP2") == "10449.74"


def test_fnd_5_the_bonus_of_an_anniversary_comes_on_top() -> None:
    """FIX-4: 5% less 1%, and from the first anniversary on 0.25% more: 10,400.00 × 1.0425 = 10,842.00."""
    book = fixed_book(fixed_plus_2(anniversary={"years": 1}), additional_services={"rate_reduction": "0.01"})
    book.deposit(deposit("d", FIRST, "10000.00", allocation=shares(FP2="100")))
    for day in business_days(FIRST, "2023-01-03"):
        book.close(day)
    book.withdraw(withdrawal("w", "2023-01-04", full=True))
    message = only(book.close("2023-01-04")).message
    assert message["gross"] == "10842.00"
    assert {"FIX-4", "FND-5"} <= set(message["rules"])


def test_fnd_5_confirmations_tell_the_reduction() -> None:
    book = fixed_book(fixed_plus_2(), fixed_plus(), additional_services={"rate_reduction": "0.01"})
    book.deposit(deposit("d", FIRST, "100.00", allocation=shares(FP2="50", FP="50")))
    message = only(book.close(FIRST)).message
    assert [(leg["option"], leg["rate_reduction"]) for leg in message["legs"]] == [("FP2", "0.01"), ("FP", None)]
    assert "FND-5" in message["rules"]
    book = fixed_book(fixed_plus_2(), additional_services={})
    book.deposit(deposit("d", FIRST, "100.00", allocation=shares(FP2="100")))
    message = only(book.close(FIRST)).message
    assert (message["legs"][0]["rate_reduction"], "FND-5" in message["rules"]) == (None, False)
