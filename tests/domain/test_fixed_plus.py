"""FIX-4: from the tenth anniversary of the account's effective date on the Fixed Plus Account earns 0.25% more.

Where nothing else is said the index is 1 on 4 January 2021 and 3% is declared; an account of 4 January 2012 has its
anniversary 365 days later.
"""

from datetime import date
from typing import Any

import pytest

from contracts_schema.options import FixedPlusAccountOption
from services.domain.folding import market_of
from services.domain.rate_history import bonus_since
from tests.domain.books import Json, business_days, declared, deposit, fund, only, opening, shares, terms, withdrawal
from tests.domain.books_fixed import fixed_book, fixed_plus, fixed_plus_2
from tests.domain.fixed_markets import folded, index

YEARS = ["2021-01-04", "2022-01-03", "2022-01-04", "2022-01-05", "2022-03-18", "2023-01-04"]
THREE_PERCENT = (("2021-01-04", "0.03"),)


@pytest.mark.parametrize(
    ("day", "account", "expected"),
    [
        ("2022-01-03", "2012-01-04", "1.029916590867"),  # the day before: 1.03^(364/365)
        ("2022-01-04", "2012-01-04", "1.030000000000"),  # from this day on it earns more
        ("2022-01-05", "2012-01-04", "1.030090257481"),  # 1.03 x 1.0325^(1/365) = 1.03 x 1.000087628622
        ("2022-01-05", "2012-01-05", "1.030083415888"),  # a day younger: 1.03^(366/365) = 1.03 x 1.000080986299
        ("2023-01-04", "2012-01-04", "1.063475000000"),  # a full year credits exactly 3.25%: 1.03 x 1.0325
        ("2023-01-04", "2021-01-04", "1.060900000000"),  # before the anniversary nothing more: 1.03 x 1.03
        ("2023-01-04", "2001-01-04", "1.066056250000"),  # always past it: 1.0325 x 1.0325
    ],
)
def test_fix_4_the_index_of_an_account(day: str, account: str, expected: str) -> None:
    assert index(folded(fixed_plus(), YEARS, THREE_PERCENT)[0], day, account) == expected


def test_fix_4_rates_that_change_after_the_anniversary() -> None:
    # 73 days at 3.25%, then 292 at 4.25%: 1.03 x 1.006417111166 x 1.033857900597 = 1.071707050124.
    rates = (*THREE_PERCENT, ("2022-03-18", "0.04"))
    assert index(folded(fixed_plus(), YEARS, rates)[0], "2023-01-04", "2012-01-04") == "1.071707050124"


def test_fix_4_comes_on_top_of_the_greatest_of_declared_and_floor() -> None:
    # FIX-6: 2% is declared, the floor of 3% is credited, and 0.25% more.
    rates = (("2021-01-04", "0.02"),)
    assert index(folded(fixed_plus(), YEARS, rates)[0], "2023-01-04", "2012-01-04") == "1.063475000000"


def test_fix_4_years_and_bonus_are_terms_of_the_contract() -> None:
    option = fixed_plus(anniversary={"years": 1, "bonus": "0.01"})
    assert index(folded(option, YEARS, THREE_PERCENT)[0], "2023-01-04", "2021-01-04") == "1.071200000000"  # 1.03 x 1.04
    without = folded(fixed_plus(anniversary=None), YEARS, THREE_PERCENT)[0]
    assert (index(without, "2023-01-04", "2001-01-04"), without.histories) == ("1.060900000000", {})


def test_fix_4_is_not_promised_of_fixed_plus_account_2() -> None:
    assert index(folded(fixed_plus_2(), YEARS, THREE_PERCENT)[0], "2023-01-04", "2001-01-04") == "1.060900000000"
    named = fixed_plus_2(anniversary={})
    assert index(folded(named, YEARS, THREE_PERCENT)[0], "2023-01-04", "2012-01-04") == "1.063475000000"


@pytest.mark.parametrize(
    ("account", "since"),
    [
        ("1983-06-01", "1994-02-01"),  # the anniversary was before
        ("1984-01-31", "1994-02-01"),
        ("1984-02-01", "1994-02-01"),
        ("1984-02-02", "1994-02-02"),
        ("2012-01-04", "2022-01-04"),
        ("2012-02-29", "2022-02-28"),  # 2022 has no 29 February: the last day of the month
        ("2012-03-01", "2022-03-01"),
    ],
)
def test_fix_4_the_day_since_which_an_account_earns_more(account: str, since: str) -> None:
    option = FixedPlusAccountOption(kind="fixed_plus_account", option="FP")
    assert str(bonus_since(option, date.fromisoformat(account))) == since


def test_fix_4_an_eighth_anniversary_of_29_february_is_the_29th() -> None:
    terms_of = {"kind": "fixed_plus_account", "option": "FP", "anniversary": {"years": 8}}
    assert bonus_since(FixedPlusAccountOption.model_validate(terms_of), date(2012, 2, 29)) == date(2020, 2, 29)


def test_fix_4_nothing_more_before_february_1994() -> None:
    days = ["1993-02-01", "1994-01-31", "1994-02-01", "1995-02-01"]
    market, _ = folded(fixed_plus(), days, (("1993-02-01", "0.03"),))
    assert index(market, "1994-01-31", "1980-01-02") == "1.029916590867"
    assert index(market, "1994-02-01", "1980-01-02") == "1.030000000000"
    assert index(market, "1995-02-01", "1980-01-02") == "1.063475000000"


def test_fix_4_the_same_from_the_rows_of_the_market() -> None:
    rates = (*THREE_PERCENT, ("2021-06-01", "0.04"), ("2022-03-18", "0.02"))
    market, rows = folded(fixed_plus(), YEARS, rates)
    restored = market_of(reversed(dict(rows).items()))
    assert restored == market
    assert [str(segment.since) for segment in restored.histories["C1|FP"]] == ["2021-01-04", "2021-06-01", "2022-03-18"]
    assert index(restored, "2023-01-04", "2012-01-04") == index(market, "2023-01-04", "2012-01-04")


ONE_YEAR: Json = fixed_plus(anniversary={"years": 1})


def test_fix_4_deposits_before_and_after_and_a_withdrawal() -> None:
    """Opened on 4 January 2021, a bonus after one year: 1,030.00 on the anniversary; 103.00 buy 100 units; 1,100 units
    are a year later 1,100 x 1.063475 = 1,169.8225.
    """
    book = fixed_book(ONE_YEAR, rate="0.03")
    book.deposit(deposit("d1", "2021-01-04", "1000.00", allocation=shares(FP="100")))
    before = only(book.close_through("2021-01-04", "2022-01-03")).message
    assert (before["legs"][0]["bonus_since"], "FIX-4" in before["rules"]) == (None, False)
    after = only(book.deposit(deposit("d2", "2022-01-04", "103.00", allocation=shares(FP="100")))).message
    assert (after["legs"][0]["units"], after["legs"][0]["value_before"]) == ("100.000000", "1030.00")
    assert after["legs"][0]["bonus_since"] == "2022-01-04"
    assert after["rules"] == ["GEN-2", "DEP-2", "DEP-4", "FIX-2", "FIX-6", "FIX-7", "FIX-4", "GEN-7"]
    book.close_through("2022-01-04", "2023-01-03")
    book.withdraw(withdrawal("w1", "2023-01-04", full=True))
    paid = only(book.close("2023-01-04")).message
    assert (paid["paid"], paid["legs"][0]["index"]) == ("1169.82", "1.063475000000")
    assert "FIX-4" in paid["rules"]


def test_gen_5_what_is_looked_at_every_day_is_worth_the_same() -> None:
    """1,000.00 each, the bonus from 4 January 2022 on: 1.03 x 1.0325^(73/365) = 1.03 x 1.006417111166 on 18 March."""
    book = fixed_book(ONE_YEAR, rate="0.03")
    for person in ("P1", "P2"):
        message = deposit("d1", "2021-01-04", "1000.00", allocation=shares(FP="100"), participant_id=person)
        book.deposit(message)
    for day in business_days("2021-01-04", "2022-03-17"):
        book.close(day)
        book.withdraw(withdrawal(f"looks-{day}", day, full=True, mode="quote"))
    for person in ("P1", "P2"):
        book.withdraw(withdrawal("w1", "2022-03-18", full=True, participant_id=person))
    assert [each.message["paid"] for each in book.close("2022-03-18")] == ["1036.61", "1036.61"]


def test_fix_4_an_option_new_to_an_old_account_begins_at_one() -> None:
    """Decided at once on the frozen day, the first on which the option is in force."""
    book = fixed_book(fixed_plus_2(), rate="0.03")
    book.instruct(opening("o1", "2021-01-04"))
    book.publish("credited-rates", declared("0.03", "2022-01-03", option="FP"))
    added = terms(fund("F1"), fixed_plus_2(), ONE_YEAR, version=2, effective_from="2022-01-05")
    assert book.publish("contract-terms", added) == []
    book.close_through("2021-01-04", "2022-01-04")
    bought: Any = only(book.deposit(deposit("d1", "2022-01-05", "10.00", allocation=shares(FP="100")))).message
    assert (bought["legs"][0]["index"], bought["legs"][0]["units"]) == ("1.000000000000", "10.000000")
    book.close_through("2022-01-05", "2023-01-04")
    book.withdraw(withdrawal("w1", "2023-01-05", full=True))
    # 10.00 for 365 days at 3.25%: 10.325
    assert only(book.close("2023-01-05")).message["paid"] == "10.33"


def test_fix_4_gen_6_what_was_promised_of_an_option_stays() -> None:
    book = fixed_book(fixed_plus(), rate="0.03")
    for other in (fixed_plus(anniversary=None), fixed_plus(anniversary={"bonus": "0.005"})):
        version = terms(fund("F1"), other, version=2, effective_from="2021-02-01")
        assert only(book.publish("contract-terms", version), "alarms").message["code"] == "CONFLICTING_VALUE"
    same = terms(fund("F1"), fixed_plus(anniversary={"bonus": "0.00250"}), version=2, effective_from="2021-02-01")
    assert book.publish("contract-terms", same) == []
