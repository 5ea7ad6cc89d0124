"""What makes a day close: what is given, what is carried on, what a test must say."""

import json
from datetime import date
from typing import Any

import pytest

from contracts_schema.testing import AnnuityLedgerInProcess, ExpectationFailedError
from tests.domain import books

Json = dict[str, Any]


def ledger_of(*options: Json, **more: object) -> AnnuityLedgerInProcess:
    ledger = AnnuityLedgerInProcess()
    ledger.publish("contract-terms", books.terms(*options, **more))
    return ledger


def unit_values(ledger: AnnuityLedgerInProcess) -> list[tuple[str, str, str]]:
    found = [json.loads(record.value or b"") for record in ledger.records("unit-values")]
    return [(one["valuation_date"], one["fund"], one["unit_value"]) for one in found]


def days(ledger: AnnuityLedgerInProcess) -> list[Json]:
    entries = [json.loads(record.value or b"") for record in ledger.records("ledger-log")]
    return [entry for entry in entries if entry["type"] == "day_closed"]


def test_unit_values_begin_at_ten_and_carry_on() -> None:
    ledger = ledger_of(books.fund("F1"), books.fund("F2"))
    ledger.close_day({"F2": "12.500000"})
    ledger.close_day()
    assert unit_values(ledger) == [
        ("2021-01-04", "F1", "10.000000"),
        ("2021-01-04", "F2", "12.500000"),
        ("2021-01-05", "F1", "10.000000"),
        ("2021-01-05", "F2", "12.500000"),
    ]


def test_each_of_several_days_has_values_of_its_own() -> None:
    ledger = ledger_of(books.fund("F1"))
    ledger.close_through(date(2021, 1, 6), lambda day: {"F1": f"{day.day}.000000"})
    assert [value for *_, value in unit_values(ledger)] == ["4.000000", "5.000000", "6.000000"]


def test_a_value_may_be_of_one_charge_class() -> None:
    ledger = ledger_of(books.fund("F1"))
    ledger.publish("contract-terms", books.terms(books.fund("F1"), contract_id="C2", charge_class="B"))
    ledger.close_day({"F1": "11", "F1|B": "12"})
    assert [(one[1], one[2]) for one in unit_values(ledger)] == [("F1", "11.000000"), ("F1", "12.000000")]


def test_what_is_published_already_is_not_published_again() -> None:
    ledger = ledger_of(books.fund("F1"), books.fund("F2"))
    ledger.publish("fund-values", books.fund_value("F1", "2021-01-04", "13.000000"))
    ledger.close_day()
    assert unit_values(ledger)[0] == ("2021-01-04", "F1", "13.000000")
    assert len(ledger.records("unit-values")) == 2


def test_prices_are_given_and_carried_on_where_there_are_charges() -> None:
    """511.90/512.34 - 1 = -0.0008588047, less 0.0125/365 = 0.0000342466, is -0.0008930513: 10 x 0.9991069."""
    ledger = ledger_of(books.fund("F1"))
    charges = {"charge_class": "A", "effective_from": "2021-01-01", "daily_asset_charge": "0.0125"}
    ledger.publish("charge-classes", charges)
    ledger.close_day({"F1": "512.34"})
    ledger.close_day({"F1": "511.90"})
    ledger.close_day()
    found = [json.loads(record.value or b"") for record in ledger.records("unit-values")]
    assert [(one["way"], one["price"], one["unit_value"]) for one in found[:2]] == [
        ("first", "512.34", "10.000000"),
        ("price", "511.90", "9.991069"),
    ]
    assert (found[2]["way"], found[2]["price"]) == ("price", "511.90")


def test_yields_are_said_not_to_be_published_until_there_are_some_which_carry_on() -> None:
    ledger = ledger_of(books.guaranteed())
    ledger.close_day()
    ledger.publish("market-yields", books.yields("2021-01-05", (1, "4.0")))
    ledger.close_day()
    first, second, third = days(ledger)
    assert first["yields"][0]["not_published"]["authorised_by"] == "a-test"
    assert [day["yields"][0]["constant_maturity"] for day in (second, third)] == [[{"years": 1, "percent": "4.0"}]] * 2


def test_a_years_minimum_carries_on_into_the_next() -> None:
    ledger = ledger_of(books.fixed_account_2())
    ledger.publish("credited-rates", books.declared("0.02"), books.one_year_minimum("0.0150"))
    ledger.close_through(date(2022, 1, 3))
    (rates,) = days(ledger)[-1]["credited_rates"]
    assert rates["rates"][0]["one_year_minimum"] == "0.0150"


def test_a_day_that_closes_by_command_is_ordered() -> None:
    ledger = ledger_of(books.fund("F1"))
    policy = {"kind": "policy", "effective_from": "2021-01-01", "authorised_by": "ops", "closes": "by_command"}
    ledger.publish("closing-orders", policy)
    assert ledger.close_day() == date(2021, 1, 4)


def test_a_value_outside_its_band_is_for_the_test_to_release() -> None:
    ledger = ledger_of(books.fund("F1"))
    policy = {"kind": "policy", "effective_from": "2021-01-01", "authorised_by": "ops"}
    ledger.publish("closing-orders", {**policy, "unit_values": [{"percent": "10"}]})
    ledger.close_day()
    with pytest.raises(
        ExpectationFailedError, match=r"2021-01-05 does not close:\n  if 12.000000 is right: annuity-ledger"
    ):
        ledger.close_day({"F1": "12"})
    assert ledger.last_closed_day == date(2021, 1, 4)
    assert ledger.alarms() == (), "what could not be is not even published"


def test_values_that_no_day_needs_and_values_that_are_refused_are_told() -> None:
    ledger = ledger_of(books.fund("F1"))
    with pytest.raises(ExpectationFailedError, match="2021-01-04 needs no value of F9, but of"):
        ledger.close_day({"F9": "10"})
    with pytest.raises(ValueError, match="must be more than zero"):
        ledger.close_day({"F1": "0"})
