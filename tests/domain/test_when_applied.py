"""FIX-7, the supplement's alternative: money earns the rate that was declared when it was applied.

Where nothing else is said, Fixed Account 2 of contract C1 declares 2% from 4 January 2021 and 3% from 6 July 2021 (183
days later), its one-year minimum is 1%; 4 January 2022 is another 182 days later.
"""

import pytest

from services.domain.folding import market_of
from tests.domain.books import (
    Book,
    Json,
    declared,
    deposit,
    fixed_account_2,
    fund,
    one_year_minimum,
    only,
    shares,
    terms,
    transfer,
    withdrawal,
)
from tests.domain.books_fixed import fixed_plus
from tests.domain.fixed_markets import applied, folded, index

NEW_YEAR, JULY, YEAR_LATER = "2021-01-04", "2021-07-06", "2022-01-04"
APPLIED: Json = fixed_account_2(rate_basis="when_applied")
FA2 = shares(FA2="100")


def book_of(option: Json = APPLIED, *, minimum: str = "0.01") -> Book:
    """1,000.00 of 4 January 2021 at 2% and 1,000.00 of 6 July at 3%, all days closed through 3 January 2022."""
    book = Book(terms(fund("F1"), option, effective_from=NEW_YEAR), rates=False)
    for message in (
        declared("0.02", NEW_YEAR),
        declared("0.03", JULY),
        one_year_minimum("0.01"),
        one_year_minimum(minimum, 2022),
    ):
        book.publish("credited-rates", message)
    book.deposit(deposit("d1", NEW_YEAR, "1000.00", allocation=FA2))
    book.deposit(deposit("d2", JULY, "1000.00", allocation=FA2))
    book.close_through(NEW_YEAR, "2022-01-03")
    return book


def test_fix_7_money_earns_the_rate_in_effect_when_it_was_applied() -> None:
    # 365 days at 2%: 1,020.00. 182 days at 3%: 1.03^(182/365) = 1.014848062947, 1,014.85.
    book = book_of()
    book.withdraw(withdrawal("w1", YEAR_LATER, full=True))
    paid = only(book.close(YEAR_LATER)).message
    assert [leg["dollars"] for leg in paid["legs"]] == ["-1020.00", "-1014.85"]
    assert [leg["applied_since"] for leg in paid["legs"]] == [NEW_YEAR, JULY]
    assert [leg["index"] for leg in paid["legs"]] == ["1.020000000000", "1.014848062947"]
    assert (paid["paid"], book.account().applied) == ("2034.85", ())


@pytest.mark.parametrize(
    ("order", "legs"),
    [("oldest_first", ["-1020.00", "-80.00"]), ("newest_first", ["-1014.85", "-85.15"])],
)
def test_fix_7_the_order_in_which_money_goes_out(order: str, legs: list[str]) -> None:
    book = book_of(fixed_account_2(rate_basis="when_applied", applied_order=order))
    book.withdraw(withdrawal("w1", YEAR_LATER, amount="1100.00"))
    assert [leg["dollars"] for leg in only(book.close(YEAR_LATER)).message["legs"]] == legs


def test_fix_6_floors_count_each_day_for_all_money() -> None:
    # 362 days at 2% through 31 December, 3 at the new year's minimum of 2.5%: 1.019833996963 x 1.000202973577; what
    # earns 3% keeps it.
    book = book_of(minimum="0.025")
    book.withdraw(withdrawal("w1", YEAR_LATER, full=True))
    paid = only(book.close(YEAR_LATER)).message
    assert [leg["index"] for leg in paid["legs"]] == ["1.020040996317", "1.014848062947"]


def test_fix_7_a_lower_rate_is_for_new_money_only() -> None:
    # Applied at 3%, then 1% is declared: a year later 1.03, and 1.01 for what came with the lower rate.
    days = ["2021-01-04", "2021-01-05", "2022-01-04", "2022-01-05"]
    market, _ = folded(APPLIED, days, (("2021-01-04", "0.03/0.01"), ("2021-01-05", "0.01/0.01")))
    assert applied(market, "2022-01-04", "2021-01-04") == "1.030000000000"
    assert applied(market, "2022-01-05", "2021-01-05") == "1.010000000000"
    assert applied(market, "2021-01-05", "2021-01-05") == "1.000000000000"


def test_fix_7_money_of_one_declared_rate_is_kept_together() -> None:
    """Of 5 January at the index of that day: 1.02^(1/365) = 1.000054255245; 100/that = 99.994575 units."""
    book = book_of()
    book.deposit(deposit("d3", YEAR_LATER, "50.00", allocation=FA2))
    book.close(YEAR_LATER)
    assert [str(part.since) for part in book.account().applied] == [NEW_YEAR, JULY]
    fresh = Book(terms(fund("F1"), APPLIED, effective_from=NEW_YEAR), rates=False)
    for message in (declared("0.02", NEW_YEAR), one_year_minimum("0.01")):
        fresh.publish("credited-rates", message)
    for at, day in enumerate((NEW_YEAR, "2021-01-05")):
        fresh.deposit(deposit(f"d{at}", day, "100.00", allocation=FA2))
        fresh.close(day)
    (part,) = fresh.account().applied
    assert str(part.units) == "199.994575"


def test_fix_7_a_change_of_the_minimum_is_no_other_declared_rate() -> None:
    book = book_of(minimum="0.025")
    book.deposit(deposit("d3", YEAR_LATER, "50.00", allocation=FA2))
    leg = only(book.close(YEAR_LATER)).message["legs"][0]
    assert (leg["applied_since"], leg["value_before"]) == (JULY, "1014.85")


def test_fix_7_a_deposit_waits_for_the_close_that_tells_the_rate_of_its_day() -> None:
    book = book_of()
    assert only(book.deposit(deposit("d3", YEAR_LATER, "50.00", allocation=FA2))).topic == "acknowledgements"
    assert only(book.close(YEAR_LATER)).topic == "confirmations"


def test_fix_7_a_transfer_into_it_and_a_quote() -> None:
    book = book_of()
    book.deposit(deposit("d3", YEAR_LATER, "100.00", allocation=shares(F1="100")))
    book.close(YEAR_LATER)
    asked = transfer("t1", "2022-01-05", [{"option": "F1", "amount": "40.00"}], FA2, mode="quote")
    assert only(book.transfer(asked)).message["legs"][1]["applied_since"] == JULY
    book.transfer({**asked, "mode": "execute", "request_id": "t2"})
    assert only(book.close("2022-01-05")).dollars() == {"F1": "-40.00", "FA2": "40.00"}
    pro_rata = withdrawal("w1", "2022-01-06", amount="10.00", **{"from": [{"option": "FA2"}]})
    book.withdraw(pro_rata)
    assert only(book.close("2022-01-06")).dollars() == {"FA2": "-10.00"}


def test_fix_7_nothing_held_is_told() -> None:
    book = Book(terms(fund("F1"), APPLIED))
    book.deposit(deposit("d1", NEW_YEAR, "1.00", allocation=shares(F1="100")))
    book.close(NEW_YEAR)
    book.withdraw(withdrawal("w1", "2021-01-05", amount="1.00", **{"from": [{"option": "FA2"}]}))
    assert only(book.close("2021-01-05")).codes == ["OPTION_NOT_HELD"]


def test_fix_7_with_fix_4_the_bonus_comes_on_top() -> None:
    # Applied at 4%; from the anniversary of an account of 4 January 2012 on 4.25%; one that has none yet keeps 4%.
    option = fixed_plus(rate_basis="when_applied")
    days = ["2021-01-04", "2022-01-04", "2023-01-04"]
    market, _ = folded(option, days, (("2021-01-04", "0.04"), ("2021-06-01", "0.03")))
    assert applied(market, "2023-01-04", "2021-01-04", "2012-01-04") == "1.084200000000"  # 1.04 x 1.0425
    assert applied(market, "2023-01-04", "2021-01-04", "2021-01-04") == "1.081600000000"  # 1.04 x 1.04
    assert applied(market, "2023-01-04", "2021-01-04", "2001-01-04") == "1.086806250000"  # 1.0425 x 1.0425


def test_fix_7_the_same_from_the_rows_of_the_market() -> None:
    rates = (("2021-01-04", "0.02/0.01"), ("2021-07-06", "0.03/0.01"), ("2022-01-01", "0.03/0.025"))
    market, rows = folded(APPLIED, ["2021-01-04", "2021-07-05", "2021-12-31", "2022-01-04"], rates)
    assert market_of(dict(rows).items()) == market
    assert len(market.histories["C1|FA2"]) == 3
    # The portfolio's: 183 days at 2%, 182 at 3%: 1.009977891020 x 1.014848062947.
    assert index(market, "2022-01-04", NEW_YEAR) == "1.024974106321"


def test_fix_7_gen_6_an_option_keeps_its_rate_basis() -> None:
    book = book_of()
    other = terms(fund("F1"), fixed_account_2(), version=2, effective_from="2022-02-01")
    assert only(book.publish("contract-terms", other), "alarms").message["code"] == "CONFLICTING_VALUE"
