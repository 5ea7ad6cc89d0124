"""FND-1, FIX-5, FIX-6, GAA-1, MVA-4: a value outside its band holds the close until a person releases it."""

import pytest

from tests.domain.books import (
    Book,
    Json,
    Outcome,
    declared,
    fixed_account_2,
    fund,
    fund_value,
    guaranteed,
    one_year_minimum,
    only,
    terms,
    yields,
)
from tests.domain.books_closing import by_percent, days, ordered, policy, release
from tests.domain.books_funds import price, schedule

CMT = ((3, "0.20"),)
MONDAY, TUESDAY, WEDNESDAY = "2021-01-04", "2021-01-05", "2021-01-06"
OF_F1 = f"unit_value|F1|A|{TUESDAY}"


def funds() -> Book:
    """Funds F1 and F2, Monday closed at 10 dollars; unit values may move 20%, those of F2 5%."""
    book = Book(terms(fund("F1"), fund("F2")))
    ordered(book, policy(unit_values=by_percent("20", F2="5")))
    book.close(MONDAY)
    return book


def everything(**bands: list[Json]) -> Book:
    """Fund F1, Fixed Account 2 and the GAA, Monday closed, with bands."""
    book = Book(terms(fund("F1"), fixed_account_2(), guaranteed()))
    ordered(book, policy() | bands)
    book.close(MONDAY, cmt=CMT)
    return book


def alarm(outcomes: list[Outcome]) -> Json:
    """The one alarm there must be, of what is held."""
    found = only(outcomes, "alarms")
    assert (found.key, found.message["code"]) == ("HELD_FOR_RELEASE", "HELD_FOR_RELEASE")
    return found.message


@pytest.mark.parametrize("value", ["12.000000", "8.000000"])
def test_fnd_1_a_unit_value_that_moves_by_just_the_band_closes_its_day(value: str) -> None:
    book = funds()  # 10.00 and 20% more or less are 12.00 and 8.00
    assert [o.topic for o in book.close(TUESDAY, F1=value)] == []
    assert days(book) == [MONDAY, TUESDAY]


@pytest.mark.parametrize(
    ("value", "moved"), [("12.000100", "20.0010"), ("7.999900", "-20.0010"), ("100.000000", "900.0000")]
)
def test_fnd_1_a_unit_value_that_moves_more_holds_the_close_and_the_alarm_says_the_numbers(
    value: str, moved: str
) -> None:
    book = funds()
    told = alarm(book.close(TUESDAY, F1=value))  # (12.0001 - 10)/10 = 0.20001
    assert (told["rules"], told["topic"], told["date"]) == (["FND-1"], "fund-values", TUESDAY)
    assert (told["item"], told["value"]) == (OF_F1, value)
    assert told["numbers"] == {
        "unit_value": value,
        "prior_unit_value": "10.000000",
        "moved_percent": moved,
        "band_percent": "20",
    }
    assert f"from 10.000000 on {MONDAY}; up to 20% is in the band" in told["message"]
    assert days(book) == [MONDAY]


def test_fnd_1_a_fund_has_a_band_of_its_own() -> None:
    book = funds()
    told = alarm(book.close(TUESDAY, F1="11.000000", F2="10.500100"))  # 10% is within 20%, 5.001% not within 5%
    assert (told["item"], told["numbers"]["moved_percent"]) == (f"unit_value|F2|A|{TUESDAY}", "5.0010")


def test_fnd_1_a_value_that_follows_from_a_factor_is_compared_too() -> None:
    book = funds()
    factor = fund_value("F1", TUESDAY) | {"unit_value": None, "net_investment_factor": "1.2000001"}
    told = alarm(book.publish("fund-values", factor))  # 10 x 1.2000001 = 12.000001
    assert (told["value"], told["numbers"]["moved_percent"]) == ("12.000001", "20.0000")


def test_fnd_1_a_first_unit_value_moves_from_nothing_and_a_value_ahead_of_its_day_is_compared_in_its_turn() -> None:
    book = Book(terms(fund("F1")))
    ordered(book, policy(unit_values=by_percent("20")))
    assert book.publish("fund-values", fund_value("F1", WEDNESDAY, "50.000000")) == []
    book.close(MONDAY, F1="30.000000")
    told = alarm(book.close(TUESDAY, F1="36.000000"))  # Tuesday is 20% up and closes; Wednesday is 38.8889% up
    assert (told["item"], told["numbers"]["moved_percent"]) == (f"unit_value|F1|A|{WEDNESDAY}", "38.8889")
    assert days(book) == [MONDAY, TUESDAY]


def test_fnd_1_a_release_closes_the_day_and_again_is_nothing() -> None:
    book = funds()
    book.close(TUESDAY, F1="13.000000")
    assert ordered(book, release(OF_F1, "13.000000")) == []
    assert days(book) == [MONDAY, TUESDAY]
    assert ordered(book, release(OF_F1, "13.0")) == []
    assert ordered(book, release(OF_F1, "13.000000", reason="another", authorised_by="bob")) == []
    assert alarm(book.close(WEDNESDAY, F1="10.000000"))["numbers"]["moved_percent"] == "-23.0769"  # -3/13


def test_fnd_1_a_release_of_a_value_is_none_of_the_value_that_replaces_it() -> None:
    book = funds()
    book.publish("fund-values", fund_value("F1", TUESDAY, "13.000000"))
    assert ordered(book, release(OF_F1, "13.000000")) == []
    told = alarm(book.publish("fund-values", fund_value("F1", TUESDAY, "14.000000")))
    assert told["value"] == "14.000000"
    book.publish("fund-values", fund_value("F2", TUESDAY))
    assert days(book) == [MONDAY]
    refused = only(ordered(book, release(OF_F1, "12.900000")), "alarms").message
    assert (refused["code"], refused["rules"]) == ("NOTHING_HELD", ["FND-1"])
    assert refused["message"] == f"release of {OF_F1} does nothing: it is held with 14.000000, not 12.900000"
    assert book.publish("fund-values", fund_value("F1", TUESDAY, "13.000000")) != []  # released before: it closes
    assert days(book) == [MONDAY, TUESDAY]


def test_fnd_1_a_correction_within_the_band_needs_no_release() -> None:
    book = funds()
    book.close(TUESDAY, F1="100.000000")
    assert [o.topic for o in book.publish("fund-values", fund_value("F1", TUESDAY, "10.100000"))] == ["day-closes"]
    assert days(book) == [MONDAY, TUESDAY]


def test_fnd_1_a_discard_makes_the_value_missing() -> None:
    book = funds()
    book.close(TUESDAY, F1="100.000000")
    assert ordered(book, release(OF_F1, "100.000000", kind="discard")) == []
    assert days(book) == [MONDAY]
    again = only(ordered(book, release(OF_F1, "100.000000", kind="discard")), "alarms").message
    assert (again["code"], again["rules"]) == ("NOTHING_HELD", ["GEN-1"])
    assert again["message"] == f"discard of {OF_F1} does nothing: nothing of that name is held"
    book.publish("fund-values", fund_value("F1", TUESDAY))
    assert days(book) == [MONDAY, TUESDAY]


def test_mva_4_each_yield_outside_its_band_holds_the_close_of_its_day() -> None:
    book = everything(yields=[{"lowest": "-0.5", "highest": "20"}, {"series": "CORP", "highest": "1"}])
    two = ((3, "20.01"), (5, "20.00"), (10, "-0.51"))
    outcomes = book.close(TUESDAY, cmt=two)
    assert [o.message["item"] for o in outcomes] == [f"yield|CMT|{TUESDAY}|3y", f"yield|CMT|{TUESDAY}|10y"]
    above, below = (o.message for o in outcomes)
    assert above["message"].startswith(
        "yield 20.01% of 3y of series CMT on 2021-01-05 is above the band's highest, 20%"
    )
    assert below["numbers"] == {"percent": "-0.51", "lowest": "-0.5", "highest": "20"}
    assert (above["rules"], above["topic"], above["date"]) == (["MVA-4"], "market-yields", TUESDAY)
    ordered(book, release(above["item"], "20.01"))
    assert days(book) == [MONDAY]
    ordered(book, release(below["item"], "-0.51"))
    assert days(book) == [MONDAY, TUESDAY]


def test_mva_4_a_note_outside_its_band_is_named_and_a_discard_takes_the_series_back() -> None:
    book = everything(yields=[{"series": "NOTES", "highest": "9"}])
    notes = {"series": "NOTES", "date": TUESDAY, "notes": [{"note": "N1", "maturity": "2024-02-15", "percent": "9.1"}]}
    told = alarm(book.publish("market-yields", notes))
    assert told["item"] == f"yield|NOTES|{TUESDAY}|N1"
    book.close(TUESDAY, cmt=CMT)
    assert days(book) == [MONDAY]
    ordered(book, release(told["item"], "9.1", kind="discard"))
    assert days(book) == [MONDAY, TUESDAY]


def test_mva_4_yields_of_a_day_that_is_no_business_day_hold_the_next_close() -> None:
    book = everything(yields=[{"highest": "20"}])
    told = alarm(book.publish("market-yields", yields("2021-01-09", (3, "21"))))  # a Saturday
    assert told["date"] == "2021-01-11"
    book.close_through(TUESDAY, "2021-01-11", cmt=CMT)
    assert days(book)[-1] == "2021-01-08"


def test_fix_6_a_declared_rate_outside_its_band_holds_the_close_before_it_is_credited() -> None:
    book = everything(declared_rates=[{"option": "FA2", "lowest": "0.015", "highest": "0.05"}])
    told = alarm(book.publish("credited-rates", declared("0.5", "2021-01-10")))  # a Sunday: Friday's close carries it
    assert (told["item"], told["value"], told["date"]) == ("declared_rate|C1|FA2|2021-01-10", "0.5", "2021-01-08")
    assert told["message"].startswith(
        "declared rate 0.5 of C1|FA2 from 2021-01-10 on is above the band's highest, 0.05"
    )
    assert (told["rules"], told["numbers"]) == (["FIX-6"], {"rate": "0.5", "lowest": "0.015", "highest": "0.05"})
    book.close_through(TUESDAY, "2021-01-08", cmt=CMT)
    assert days(book)[-1] == "2021-01-07"
    assert book.publish("credited-rates", declared("0.05", "2021-01-10")) != []  # replaced, within the band
    assert days(book)[-1] == "2021-01-08"


def test_fix_6_a_declared_rate_discarded_leaves_the_one_before_in_force() -> None:
    book = everything(declared_rates=[{"highest": "0.05"}])
    book.publish("credited-rates", declared("0.06", WEDNESDAY))
    book.close(TUESDAY, cmt=CMT)
    book.close(WEDNESDAY, cmt=CMT)
    assert days(book) == [MONDAY, TUESDAY]
    ordered(book, release(f"declared_rate|C1|FA2|{WEDNESDAY}", "0.06", kind="discard"))
    assert days(book) == [MONDAY, TUESDAY, WEDNESDAY]
    assert '"declared":"0.02"' in (book.log[-1].value or b"").decode()


def test_fix_5_a_one_year_minimum_outside_its_band_holds_the_last_close_of_the_year() -> None:
    book = everything(one_year_minimums=[{"contract_id": "C1", "highest": "0.03"}])
    told = alarm(book.publish("credited-rates", one_year_minimum("0.031", 2022)))
    # 31 December 2021 is a Friday: its close carries the rates of 1 and 2 January.
    assert (told["item"], told["date"], told["rules"]) == ("one_year_minimum|C1|FA2|2022", "2021-12-31", ["FIX-5"])
    book.close_through(TUESDAY, "2021-12-31", cmt=CMT)
    assert days(book)[-1] == "2021-12-30"
    ordered(book, release(told["item"], "0.031", kind="discard"))
    assert days(book)[-1] == "2021-12-30"  # now it is missing
    book.publish("credited-rates", one_year_minimum("0.03", 2022))
    assert days(book)[-1] == "2021-12-31"


def test_fix_5_what_a_closed_day_has_carried_is_never_held() -> None:
    book = Book(terms(fund("F1"), fixed_account_2()), rates=False)
    for message in (declared("0.02"), one_year_minimum("0.01")):
        book.publish("credited-rates", message)
    book.close(MONDAY)
    tight = {"lowest": "0.5"}  # the rate of 2% and the minimum of 1% in force are outside, and final
    assert ordered(book, policy(TUESDAY, declared_rates=[tight], one_year_minimums=[tight])) == []
    book.close(TUESDAY)
    assert days(book) == [MONDAY, TUESDAY]


def of_prices() -> Book:
    """Fund F1 in class A by its price, no charges; Monday closed at 20 dollars a share; unit values may move 20%."""
    book = Book(terms(fund("F1")), rates=False)
    book.publish("charge-classes", schedule(daily_asset_charge="0", first_unit_value="10.000000"))
    ordered(book, policy(unit_values=by_percent("20")))
    book.publish("fund-prices", price("F1", MONDAY))
    return book


def test_fnd_1_a_unit_value_that_follows_from_a_price_holds_the_close_and_names_the_topic_of_prices() -> None:
    book = of_prices()
    told = alarm(book.publish("fund-prices", price("F1", TUESDAY, "24.20")))  # 24.20/20 = 1.21, 10 x 1.21 = 12.10
    assert (told["item"], told["value"], told["topic"]) == (OF_F1, "12.100000", "fund-prices")
    assert told["numbers"]["moved_percent"] == "21.0000"
    assert days(book) == [MONDAY]
    ordered(book, release(OF_F1, "12.1"))
    assert days(book) == [MONDAY, TUESDAY]


def test_fnd_1_a_discard_takes_the_price_back() -> None:
    book = of_prices()
    book.publish("fund-prices", price("F1", TUESDAY, "24.20"))
    ordered(book, release(OF_F1, "12.1", kind="discard"))
    assert days(book) == [MONDAY]
    book.publish("fund-prices", price("F1", TUESDAY, "20.00"))
    assert days(book) == [MONDAY, TUESDAY]
