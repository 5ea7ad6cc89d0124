"""FND-3, FND-5, FND-6: charge schedules, what is refused of them, and whom they never reach."""

from datetime import date
from decimal import Decimal

import pytest

from contracts_schema.alarms import AlarmCode as Code
from contracts_schema.unit_values import ChargeSchedule
from services.domain.guaranteed import lot_index
from tests.domain.books import (
    Book,
    Json,
    business_days,
    deposit,
    fixed_account_2,
    fund,
    guaranteed,
    guaranteed_term,
    offering,
    only,
    shares,
    terms,
    yields,
)
from tests.domain.books_funds import alarm_of, price, priced, reckoned, schedule, told

THURSDAY, FRIDAY, MONDAY, TUESDAY = "2021-01-07", "2021-01-08", "2021-01-11", "2021-01-12"
ANNUITY: Json = {"phase": "annuity", "maximum": "0.0125", "assumed_rate": "0.035"}
VARIABLE: Json = {"variable": {"charge_class": "ANN", "options": ["F1"], "assumed_rate": "0.035"}}


def listed(**charges: str) -> list[Json]:
    return [{"fund": name, "charge": charge} for name, charge in charges.items()]


def later(**more: object) -> Json:
    return schedule("B", TUESDAY, **more)


MALFORMED: list[tuple[str, Json]] = [
    ("no charge", {"charge_class": "B", "effective_from": TUESDAY}),
    ("charges of both kinds", later(mortality_and_expense="0.005") | {"daily_asset_charge": "0"}),
    ("an addition to another charge", later(administrative="0.001", additional_services="0.001")),
    ("an adjustment of another charge", later(administrative="0.001") | {"adjustments": listed(F1="0.001")}),
    ("a negative charge", later(daily_asset_charge="-0.0001")),
    ("a charge in percent", later(daily_asset_charge="1.25")),
    ("a fund listed twice", later(adjustments=listed(F1="0.001") * 2)),
    ("annuity units with services", later(additional_services="0.001", **ANNUITY)),
    ("annuity units with an adjustment", later(adjustments=listed(F1="0.001"), **ANNUITY)),
    ("annuity units without a maximum", later(phase="annuity", assumed_rate="0.035")),
    ("annuity units without a rate", later(phase="annuity", maximum="0.02")),
    ("an assumed rate of accumulation units", later(assumed_rate="0.035")),
]
ADDED: Json = {"additional_services": "0.0005", "adjustments": listed(F1="0.0020")}  # 0.0150 with the charge
ABOVE = Code.CHARGE_ABOVE_MAXIMUM
REFUSED: list[tuple[str, Json, Code, list[str]]] = [
    *((what, message, Code.MALFORMED, ["FIX-6"]) for what, message in MALFORMED),
    ("effective on a closed day", schedule("B", THURSDAY), Code.EFFECTIVE_TOO_LATE, ["FND-3"]),
    (
        "effective on the frozen day",
        schedule("A", FRIDAY),
        Code.EFFECTIVE_TOO_LATE,
        ["FND-3"],
    ),
    ("more for mortality", later(mortality_and_expense="0.0076"), ABOVE, ["FND-3"]),
    ("more administration", later(administrative="0.0026"), ABOVE, ["FND-3"]),
    ("above its maximum", later(maximum="0.0124"), ABOVE, ["FND-3"]),
    ("above its maximum by what is added", later(maximum="0.0149", **ADDED), ABOVE, ["FND-3"]),
    ("above Schedule II", later(**ANNUITY | {"maximum": "0.0124"}), ABOVE, ["FND-6"]),
    ("another phase", schedule("A", TUESDAY, **ANNUITY), Code.CONFLICTING_VALUE, ["FND-6"]),
]


@pytest.mark.parametrize(("message", "code", "rules"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_fix_6_a_schedule_refused_changes_nothing(message: Json, code: Code, rules: list[str]) -> None:
    book = priced()
    found = alarm_of(book.publish("charge-classes", message))
    assert (found[:2], found[2] != "") == ((code.value, rules), True)
    for day in (FRIDAY, MONDAY, TUESDAY):
        book.publish("fund-prices", price("F1", day))
    assert told(book, TUESDAY).keys() == {"F1|A"}
    assert told(book, TUESDAY)["F1|A"][0] == "0.9999658"


def test_fnd_3_charges_at_their_maximum_are_taken_and_the_message_tells_both_numbers() -> None:
    book = priced()
    assert book.publish("charge-classes", later(mortality_and_expense="0.0075", administrative="0.0025")) == []
    assert book.publish("charge-classes", later(maximum="0.0150", **ADDED)) == []
    alarm = alarm_of(book.publish("charge-classes", later(mortality_and_expense="0.0076")))
    assert alarm[2] == "class B: a mortality and expense charge of 0.0076 is above its maximum, 0.0075"


def test_fnd_3_a_schedule_corrected_before_its_day_replaces_and_the_same_again_is_nothing() -> None:
    book = priced()
    for charge in ("0.0200", "0.0073", "0.0073"):
        assert book.publish("charge-classes", schedule("A", TUESDAY, daily_asset_charge=charge)) == []
    for day in (FRIDAY, MONDAY, TUESDAY):
        book.publish("fund-prices", price("F1", day))
    assert told(book, TUESDAY)["F1|A"][0] == "0.9999800"  # 1 - 0.0073/365 = 1 - 0.00002
    assert book.publish("charge-classes", schedule("A", TUESDAY, daily_asset_charge="0.0073")) == []
    assert alarm_of(book.publish("charge-classes", schedule("A", TUESDAY)))[0] == "EFFECTIVE_TOO_LATE"


def test_fnd_6_annuity_units_bear_the_daily_asset_charge_only_and_are_net_of_the_assumed_rate() -> None:
    # The accumulation class bears 1.25% + 0.10% + 0.50% on F1: 0.0185/365 = 0.0000506849. The annuity class 1.25%:
    # 0.9999658, and 1.035^(1/365) = 1.0000942549: 10 x 0.9999658 / 1.0000942549 = 9.9987156
    accumulation = schedule(additional_services="0.0010", adjustments=listed(F1="0.0050"))
    book = priced(accumulation, schedule("ANN", **ANNUITY), income=VARIABLE)
    book.publish("fund-prices", price("F1", FRIDAY))
    assert told(book, FRIDAY) == {"F1|A": ("0.9999493", "9.999493"), "F1|ANN": ("0.9999658", "9.998716")}
    found = reckoned(book, FRIDAY)["F1|ANN"]
    assert (str(found.assumed_rate), found.rules) == ("0.035", ("FND-1", "FND-2", "FND-3", "FND-6", "INC-4"))


def test_fnd_6_a_day_waits_for_the_charges_of_annuity_units() -> None:
    book = Book(terms(fund("F1"), effective_from=THURSDAY, income=VARIABLE), rates=False)
    book.publish("charge-classes", schedule())
    book.publish("fund-prices", price("F1", THURSDAY))
    assert told(book, THURSDAY) == {}
    book.publish("charge-classes", schedule("ANN", **ANNUITY))
    assert told(book, THURSDAY) == {"F1|A": ("-", "10.000000"), "F1|ANN": ("-", "10.000000")}


OF_ANNUITY = "of annuity units at an assumed rate of"


@pytest.mark.parametrize(
    ("charge_class", "more", "why"),
    [
        ("A", ANNUITY, f"A for accumulation units, and its schedule is {OF_ANNUITY} 0.035"),
        ("ANN", {}, "ANN for annuity units at an assumed rate of 0.035, and its schedule is of accumulation units"),
        (
            "ANN",
            ANNUITY | {"assumed_rate": "0.05"},
            f"ANN for annuity units at an assumed rate of 0.035, and its schedule is {OF_ANNUITY} 0.05",
        ),
    ],
    ids=["contract", "income", "assumed rate"],
)
def test_fnd_6_a_class_is_what_contracts_name_it_for(charge_class: str, more: Json, why: str) -> None:
    named = terms(fund("F1"), income=VARIABLE)
    book = Book(named, rates=False)
    assert alarm_of(book.publish("charge-classes", schedule(charge_class, **more))) == (
        "CONFLICTING_VALUE",
        ["FND-6"],
        f"version 1 of contract C1 names class {why}",
    )
    book = Book()  # the other way round it is the terms that come too late
    assert book.publish("charge-classes", schedule(charge_class, **more)) == []
    assert alarm_of(book.publish("contract-terms", named))[:2] == ("CONFLICTING_VALUE", ["FND-6"])


def test_fnd_5_no_charge_is_taken_of_fixed_account_2_or_of_guaranteed_terms() -> None:
    """With 9% on the fund, and the other options listed as if they were funds, a year credits the rates in full."""
    options = fund("F1"), fixed_account_2(), guaranteed(minimum_rate="0.01")
    book = Book(terms(*options, effective_from="2021-01-04"))  # Fixed Account 2 at 2%
    for_three_years = guaranteed_term(3, ("0.03", "2024-03-31"))
    book.publish("guaranteed-offerings", offering("G1", "2021-01-01", "2021-03-31", for_three_years))
    heavy = schedule(daily_asset_charge="0.0900", adjustments=listed(FA2="0.5", GAA="0.5", G="0.5"))
    assert book.publish("charge-classes", heavy) == []
    book.deposit(deposit("d1", "2021-01-04", "10000.00", allocation=shares(F1="20", FA2="40", GAA_3="40")))
    for day in business_days("2021-01-04", "2022-01-03"):
        book.publish("market-yields", yields(day, (3, "2")))
        book.publish("fund-prices", price("F1", day))
    confirmed = only(book.deposit(deposit("d2", "2022-01-04", "1.00", allocation=shares(FA2="100"))))
    leg = confirmed.message["legs"][0]
    assert (leg["index"], leg["value_before"]) == ("1.020000000000", "4080.00")  # 4,000 x 1.02, to the cent
    (lot,) = book.lots()
    assert (str(lot.units), str(lot_index(lot, date(2022, 1, 4), 12))) == ("4000.000000", "1.030000000000")
    # The fund alone has borne them, day by day: after 364 days about e^(-0.09 x 364/365) = 0.9142 of it is left.
    assert Decimal("9.139") < Decimal(told(book, "2022-01-03")["F1|A"][1]) < Decimal("9.150")


def test_fnd_5_a_schedule_has_no_place_for_any_option_but_funds() -> None:
    assert {*ChargeSchedule.model_fields} == {
        "charge_class", "effective_from", "phase", "daily_asset_charge", "mortality_and_expense", "administrative",
        "additional_services", "adjustments", "maximum", "assumed_rate", "first_unit_value",
    }  # fmt: skip
