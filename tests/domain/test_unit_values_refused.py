"""FND-1, FIX-6: prices refused with an alarm, and what a day lacks while its unit values cannot be reckoned."""

from datetime import date
from decimal import Decimal

import pytest

from contracts_schema.alarms import AlarmCode as Code
from services.domain.closing import missing
from services.reference.rows import reference_of
from services.runtime.calendar import ExchangeCalendar
from tests.domain.books import Book, Json, fund, fund_value, terms
from tests.domain.books_funds import alarm_of, price, priced, reckoned, schedule, shares_held, told

THURSDAY, FRIDAY, MONDAY = "2021-01-07", "2021-01-08", "2021-01-11"
LETTERS = {"a": "1", "b": "1", "d": "1"}
REFUSED: list[tuple[str, Json, Code, list[str]]] = [
    ("a price of a closed day", price("F1", THURSDAY, "20.01"), Code.EFFECTIVE_TOO_LATE, ["FND-1"]),
    ("a price of a Saturday", price("F1", "2021-01-09"), Code.NOT_A_BUSINESS_DAY, ["GEN-1", "FND-1"]),
    ("a price two years ahead", price("F1", "2023-01-09"), Code.TOO_FAR_AHEAD, ["FND-1"]),
    ("taxes of all there is", price("F1", FRIDAY, "20.00", tax="20.00"), Code.FACTOR_IMPOSSIBLE, ["FND-1"]),
    ("a thousandfold price", price("F1", FRIDAY, "20001.00"), Code.FACTOR_IMPOSSIBLE, ["FND-1"]),
    ("a price of zero", price("F1", FRIDAY, "0"), Code.MALFORMED, ["FIX-6"]),
    ("a price as a JSON number", price("F1", FRIDAY) | {"price": 20.1}, Code.MALFORMED, ["FIX-6"]),
    ("a negative distribution", price("F1", FRIDAY, distribution="-1"), Code.MALFORMED, ["FIX-6"]),
    ("a price and shares", price("F1", FRIDAY, shares=LETTERS), Code.MALFORMED, ["FIX-6"]),
    ("neither price nor shares", {"fund": "F1", "valuation_date": FRIDAY}, Code.MALFORMED, ["FIX-6"]),
    ("shares and a tax", shares_held("F1", FRIDAY, **LETTERS) | {"tax": "1"}, Code.MALFORMED, ["FIX-6"]),
    ("shares of no units", shares_held("F1", FRIDAY, **LETTERS | {"d": "0"}), Code.MALFORMED, ["FIX-6"]),
    ("shares of no worth", shares_held("F1", FRIDAY, **LETTERS | {"a": "0"}), Code.MALFORMED, ["FIX-6"]),
    ("shares a thousandfold", shares_held("F1", FRIDAY, **LETTERS | {"a": "1000"}), Code.MALFORMED, ["FIX-6"]),
    ("a price for a class", price("F1", FRIDAY, charge_class="A"), Code.MALFORMED, ["FIX-6"]),
]


def lacking(book: Book, day: str) -> list[str]:
    """What the close of a day lacks, by the state as it is kept."""
    rows = book.service.reference_partition.tables["state"].items()
    return missing(reference_of(rows), date.fromisoformat(day), ExchangeCalendar())


@pytest.mark.parametrize(("message", "code", "rules"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_fix_6_a_price_refused_changes_nothing(message: Json, code: Code, rules: list[str]) -> None:
    book = priced()
    found = alarm_of(book.publish("fund-prices", message))
    assert (found[:2], found[2] != "") == ((code.value, rules), True)
    assert lacking(book, FRIDAY) == ["price of fund F1"]
    book.publish("fund-prices", price("F1", FRIDAY))  # the day closes with the right one as ever
    assert told(book, FRIDAY) == {"F1|A": ("0.9999658", "9.999658")}


def test_fnd_1_a_factor_that_makes_no_unit_value_says_by_which_numbers() -> None:
    # 1 + (20 - 20 - 20)/20 - 0.0000342466 = -0.0000342466
    alarm = alarm_of(priced().publish("fund-prices", price("F1", FRIDAY, "20.00", tax="20.00")))
    assert alarm[2] == "unit value of fund F1 for charge class A: a factor of -0.0000342 makes none of 10.000000"


def test_fnd_1_what_is_missing_is_named() -> None:
    # F1 is priced by share in two classes, F2 has its values given; class B has no charges yet.
    book = Book(terms(fund("F1"), fund("F2")), terms(fund("F1"), contract_id="C2", charge_class="B"), rates=False)
    value_of = "unit value of fund {} for charge class {}".format
    assert lacking(book, "2021-01-04") == [value_of("F1", "A"), value_of("F2", "A"), value_of("F1", "B")]
    book.publish("charge-classes", schedule())
    assert lacking(book, "2021-01-04") == ["price of fund F1", "price of fund F2", value_of("F1", "B")]
    book.publish("fund-prices", price("F1", "2021-01-04"))
    charges = "charge schedule of charge class B in force on 2021-01-04"
    assert lacking(book, "2021-01-04") == ["price of fund F2", charges]
    book.publish("fund-values", fund_value("F2", "2021-01-04"))
    book.publish("charge-classes", schedule("B"))
    assert told(book, "2021-01-04") == {
        "F2|A": ("-", "10.000000"),
        "F1|A": ("-", "10.000000"),
        "F1|B": ("-", "10.000000"),
    }


def test_fnd_1_a_price_is_asked_for_only_where_it_would_make_a_value() -> None:
    """Values are given, and the class's charges are there for letters: no price is known that one could follow."""
    book = Book(terms(fund("F1"), effective_from=THURSDAY), rates=False)
    book.publish("charge-classes", schedule())
    book.publish("fund-values", fund_value("F1", THURSDAY))
    assert lacking(book, FRIDAY) == ["unit value of fund F1 for charge class A"]
    book.publish("fund-values", fund_value("F1", FRIDAY))
    book.publish("fund-values", fund_value("F1", "2021-01-12"))
    book.publish("fund-prices", shares_held("F1", MONDAY, **LETTERS))
    assert lacking(book, "2021-01-13") == ["unit value of fund F1 for charge class A"]
    book.publish("fund-values", fund_value("F1", "2021-01-13"))
    book.publish("fund-prices", shares_held("F1", "2021-01-14", **LETTERS))
    assert lacking(book, "2021-01-15") == ["price of fund F1"]


def test_fnd_1_a_value_given_wins_over_a_price_for_its_fund_and_class() -> None:
    book = priced(schedule(), schedule("B"))
    book.publish("fund-values", fund_value("F1", FRIDAY, "11.000000", charge_class="B"))
    book.publish("fund-prices", price("F1", FRIDAY))
    assert told(book, FRIDAY) == {"F1|B": ("-", "11.000000"), "F1|A": ("0.9999658", "9.999658")}
    book.publish("fund-prices", price("F1", MONDAY))  # and is carried on like any other
    assert told(book, MONDAY)["F1|B"] == ("0.9998973", "10.998870")  # 11 x (1 - 0.0001027)


def test_fnd_1_a_price_corrected_before_the_close_replaces_and_the_same_again_is_nothing() -> None:
    book = priced(funds=("F1", "F2"))
    for by_share in ("21.00", "20.10", "20.10"):
        assert book.publish("fund-prices", price("F1", FRIDAY, by_share)) == []
    book.publish("fund-prices", price("F2", FRIDAY))
    assert told(book, FRIDAY)["F1|A"] == ("1.0049658", "10.049658")
    assert book.publish("fund-prices", price("F1", FRIDAY, "20.10")) == []


def test_fnd_1_a_price_may_come_before_the_terms_that_name_its_fund() -> None:
    book = priced()
    assert book.publish("fund-prices", price("F2", MONDAY)) == []
    book.publish("contract-terms", terms(fund("F1"), fund("F2"), version=2, effective_from=MONDAY))
    for day in (FRIDAY, MONDAY):
        book.publish("fund-prices", price("F1", day))
    assert told(book, MONDAY)["F2|A"] == ("-", "10.000000")


def test_fnd_1_prices_may_come_ahead_of_their_day_and_in_any_order() -> None:
    book = priced()
    assert book.publish("fund-prices", price("F1", MONDAY, "20.10")) == []
    book.publish("fund-prices", price("F1", FRIDAY, "20.10"))
    assert (told(book, FRIDAY), told(book, MONDAY)) == (
        {"F1|A": ("1.0049658", "10.049658")},
        {"F1|A": ("0.9998973", "10.048626")},
    )


def test_fnd_1_a_price_is_carried_on_from_that_of_the_day_before() -> None:
    # Until Thursday values are given: a price of Friday has none to be compared with, one of Monday has Friday's.
    book = Book(terms(fund("F1"), effective_from=THURSDAY), rates=False)
    book.publish("charge-classes", schedule())
    book.publish("fund-values", fund_value("F1", THURSDAY, "12.000000"))
    code, _, message = alarm_of(book.publish("fund-prices", price("F1", FRIDAY)))
    why = "it has no price by share of 2021-01-07 to carry on"
    assert (code, message) == ("NO_PRIOR_UNIT_VALUE", f"unit value of fund F1 for charge class A: {why}")
    book.publish("fund-values", fund_value("F1", FRIDAY, "12.120000"))
    assert told(book, FRIDAY) == {"F1|A": ("-", "12.120000")}
    book.publish("fund-values", fund_value("F1", "2021-01-12", "12.120000"))  # ahead: Monday is not there yet
    book.publish("fund-prices", price("F1", "2021-01-12", "20.20"))
    book.publish("fund-values", fund_value("F1", MONDAY, "12.120000"))
    assert told(book, "2021-01-12") == {"F1|A": ("-", "12.120000")}
    # 1 + 0.20/20.20 - 0.0000342466 = 1.0098667434; 12.12 x 1.0098667 = 12.239584404
    book.publish("fund-prices", price("F1", "2021-01-13", "20.40"))
    assert told(book, "2021-01-13") == {"F1|A": ("1.0098667", "12.239584")}


def test_fnd_1_a_day_lacks_what_a_price_sent_ahead_does_not_make() -> None:
    book = Book(terms(fund("F1"), effective_from=THURSDAY), rates=False)
    book.publish("charge-classes", schedule())
    assert book.publish("fund-prices", price("F1", FRIDAY)) == []
    book.publish("fund-values", fund_value("F1", THURSDAY, "12.000000"))
    why = "it has no price by share of 2021-01-07 to carry on"
    assert lacking(book, FRIDAY) == [f"unit value of fund F1 for charge class A: {why}"]
    book.publish("fund-values", fund_value("F1", FRIDAY, "12.000000"))  # a value given mends it
    assert told(book, FRIDAY) == {"F1|A": ("-", "12.000000")}


def test_fnd_1_shares_held_need_no_price_of_the_day_before() -> None:
    book = Book(terms(fund("F1"), effective_from=THURSDAY), rates=False)
    book.publish("charge-classes", schedule())
    book.publish("fund-values", fund_value("F1", THURSDAY, "12.000000"))
    book.publish("fund-prices", shares_held("F1", FRIDAY, a="101", b="100", d="100"))
    assert told(book, FRIDAY) == {"F1|A": ("1.0099658", "12.119590")}  # 12 x (1.01 - 0.0000342466)


def test_fnd_1_a_fund_that_lapsed_does_not_begin_anew() -> None:
    # Class B had a value on Friday, when nothing waited for it, and none since: there is none to carry on.
    book = priced()
    book.publish("fund-values", fund_value("F1", FRIDAY, "7.000000", charge_class="B"))
    for day in (FRIDAY, MONDAY):
        book.publish("fund-prices", price("F1", day))
    book.publish("charge-classes", schedule("B", "2021-01-13"))
    book.publish("fund-prices", price("F1", "2021-01-12"))
    assert [*told(book, FRIDAY), *told(book, MONDAY), *told(book, "2021-01-12")] == ["F1|B", "F1|A", "F1|A", "F1|A"]
    book.publish("contract-terms", terms(fund("F1"), contract_id="C2", charge_class="B", effective_from="2021-01-14"))
    book.publish("fund-prices", price("F1", "2021-01-13"))
    code, _, message = alarm_of(book.publish("fund-prices", price("F1", "2021-01-14")))
    why = "it has no unit value of 2021-01-13 to carry on"
    assert (code, message) == ("NO_PRIOR_UNIT_VALUE", f"unit value of fund F1 for charge class B: {why}")
    book.publish("fund-values", fund_value("F1", "2021-01-14", "7.000000", charge_class="B"))
    book.publish("fund-prices", price("F1", "2021-01-14"))
    assert told(book, "2021-01-14").keys() == {"F1|B", "F1|A"}


def test_fnd_1_letters_without_charges_bear_those_of_the_schedule() -> None:
    # 1 + (1,010,000 - 1,000,000 - 500)/1,000,000 - 0.0125/365 = 1.0094657534; with an e of their own, as it says
    letters = {"a": "1010000", "b": "1000000", "c": "500", "d": "1000000"}
    for more, factor in (({}, "1.0094658"), ({"e": "0.0001"}, "1.0094000")):
        book = priced()
        value = {"fund": "F1", "charge_class": "A", "valuation_date": FRIDAY, "factor_inputs": letters | more}
        assert [o for o in book.publish("fund-values", value) if o.topic == "alarms"] == []
        assert told(book, FRIDAY)["F1|A"][0] == factor
        assert reckoned(book, FRIDAY)["F1|A"].way == "factor_inputs"


def test_fnd_1_letters_without_charges_have_nothing_to_carry_on_at_the_first_close() -> None:
    book = Book(terms(fund("F1"), effective_from=THURSDAY), rates=False)
    book.publish("charge-classes", schedule())
    value = {"fund": "F1", "charge_class": "A", "valuation_date": THURSDAY, "factor_inputs": LETTERS}
    assert alarm_of(book.publish("fund-values", value))[:2] == ("NO_PRIOR_UNIT_VALUE", ["FND-1"])


def test_fnd_1_what_was_accepted_is_kept_whole() -> None:
    """Schedules, prices and first days, as the rows of the state tell them again."""
    book = priced(schedule(first_unit_value="25.000000"), schedule("B", "2021-01-10"))
    book.publish("fund-prices", price("F1", MONDAY, "20.30", distribution="0.10", tax="-0.01"))
    kept = reference_of(book.service.reference_partition.tables["state"].items())
    assert [str(each.effective_from) for each in kept.charge_schedules["B"]] == ["2021-01-10"]
    assert kept.charge_schedules["A"][0].first_unit_value == Decimal(25)
    assert {str(day): [*of_day] for day, of_day in kept.fund_prices.items()} == {THURSDAY: ["F1"], MONDAY: ["F1"]}
    assert kept.fund_prices[date(2021, 1, 11)]["F1"].tax == Decimal("-0.01")
    assert kept.begun == {"F1|A": date(2021, 1, 7)}


def test_fnd_2_a_day_waits_for_charges_that_are_not_there_yet() -> None:
    """Where none are in force, those of the day that closes next are in time: nothing was decided by others."""
    book = Book(terms(fund("F1"), effective_from=THURSDAY), rates=False)
    book.publish("fund-values", fund_value("F1", THURSDAY))
    value = {"fund": "F1", "charge_class": "A", "valuation_date": FRIDAY, "factor_inputs": LETTERS}
    assert book.publish("fund-values", value) == []
    assert lacking(book, FRIDAY) == ["charge schedule of charge class A in force on 2021-01-08"]
    assert alarm_of(book.publish("charge-classes", schedule(since=THURSDAY)))[0] == "EFFECTIVE_TOO_LATE"
    book.publish("charge-classes", schedule(since=FRIDAY))
    assert told(book, FRIDAY) == {"F1|A": ("0.9999658", "9.999658")}


def test_fnd_2_every_day_of_a_period_has_charges() -> None:
    # Class A's charges begin on Sunday: of Saturday, which Monday carries, nothing is known.
    book = Book(terms(fund("F1"), effective_from=THURSDAY), rates=False)
    book.publish("charge-classes", schedule(since="2021-01-10", daily_asset_charge="0.0073"))
    for day in (THURSDAY, FRIDAY):
        book.publish("fund-values", fund_value("F1", day))
    assert book.publish("fund-prices", shares_held("F1", MONDAY, **LETTERS)) == []
    first = "charge schedule of charge class A in force from the day after 2021-01-08 on"
    assert lacking(book, MONDAY) == [first]
    book.publish("charge-classes", schedule(since="2021-01-09"))  # (0.0125 + 2 x 0.0073)/365 = 0.0000742466
    assert told(book, MONDAY) == {"F1|A": ("0.9999258", "9.999258")}
