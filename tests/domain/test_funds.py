"""FND-1: the net investment factor, and the unit value that it makes of the day's before."""

from decimal import Decimal

import pytest

from contracts_schema.entries import DayClosedEntry, read_entry
from contracts_schema.reference import FactorInputs, FundValue
from services.domain.funds import net_investment_factor, unit_value
from tests.domain.books import Book, Json, deposit, fund, fund_value, only, shares, terms
from tests.domain.tabled import rows


def by_factor(option: str, day: str, factor: str) -> Json:
    return {**without_value(option, day), "net_investment_factor": factor}


def without_value(option: str, day: str) -> Json:
    return {name: value for name, value in fund_value(option, day).items() if name != "unit_value"}


def days(book: Book) -> list[DayClosedEntry]:
    entries = [read_entry(record.value or b"") for record in book.log]
    return [entry for entry in entries if isinstance(entry, DayClosedEntry)]


@pytest.mark.parametrize("row", rows("net_investment_factors", "what"))
def test_fnd_1_factor_and_unit_value(row: dict[str, str]) -> None:
    letters = {letter: row[letter] for letter in "abcde"}
    inputs = FactorInputs.model_validate(letters)
    assert str(net_investment_factor(inputs, Decimal(row["e"]))) == row["factor"]
    value = FundValue.model_validate({**without_value("F1", "2021-01-04"), "factor_inputs": letters})
    assert str(unit_value(value, Decimal(row["prior"]))) == row["unit_value"]


def test_fnd_1_unit_values_carry_on_from_day_to_day() -> None:
    book = Book(terms(fund("F1")))
    book.publish("fund-values", fund_value("F1", "2021-01-04", "10.000000"))
    book.publish("fund-values", by_factor("F1", "2021-01-05", "1.0094658"))
    letters = {"a": "990000", "b": "1000000", "c": "500", "d": "1000000", "e": "0.0000342"}
    book.publish("fund-values", {**without_value("F1", "2021-01-06"), "factor_inputs": letters})
    found = [(value.unit_value, value.net_investment_factor) for day in days(book) for value in day.unit_values]
    assert [(str(value), factor and str(factor)) for value, factor in found] == [
        ("10.000000", None),
        ("10.094658", "1.0094658"),  # 10 x 1.0094658
        ("9.988319", "0.9894658"),  # 10.094658 x 0.9894658 = 9.98831885
    ]


def test_fnd_1_a_deposit_buys_at_the_value_the_factor_makes() -> None:
    book = Book(terms(fund("F1")))
    book.publish("fund-values", fund_value("F1", "2021-01-04", "10.000000"))
    book.deposit(deposit("d1", "2021-01-05", "100.00", allocation=shares(F1="100")))
    confirmed = only(book.publish("fund-values", by_factor("F1", "2021-01-05", "1.2500000")), "confirmations")
    leg = confirmed.message["legs"][0]
    assert (leg["index"], leg["units"]) == ("12.500000", "8.000000")  # 10 x 1.25; 100 / 12.5


def test_fnd_1_values_may_come_ahead_of_their_day_and_in_any_order() -> None:
    book = Book(terms(fund("F1")))
    book.publish("fund-values", by_factor("F1", "2021-01-06", "1.1000000"))
    book.publish("fund-values", by_factor("F1", "2021-01-05", "1.1000000"))
    assert days(book) == []
    book.publish("fund-values", fund_value("F1", "2021-01-04", "10.000000"))
    found = [str(value.unit_value) for day in days(book) for value in day.unit_values]
    assert found == ["10.000000", "11.000000", "12.100000"]


@pytest.mark.parametrize("prior", [None, "0.000001"])
def test_fnd_1_a_factor_that_makes_no_unit_value_is_refused(prior: str | None) -> None:
    # Of nothing there is no carrying on; 0.000001 x 0.4 = 0.0000004 is no unit value at six places.
    book = Book(terms(fund("F1")))
    day = "2021-01-04"
    if prior is not None:
        book.publish("fund-values", fund_value("F1", day, prior))
        day = "2021-01-05"
    closed = len(days(book))
    alarm = only(book.publish("fund-values", by_factor("F1", day, "0.4000000")), "alarms")
    assert (alarm.message["code"], alarm.message["rules"]) == ("NO_PRIOR_UNIT_VALUE", ["FND-1"])
    assert len(days(book)) == closed
    book.publish("fund-values", fund_value("F1", day, "7.000000"))  # a value given mends it
    assert len(days(book)) == closed + 1


def test_fnd_1_a_factor_sent_ahead_of_a_value_that_never_came_makes_none() -> None:
    # F9 is in no terms: nothing waits for it, and its factor for Tuesday has no value of Monday to carry on.
    book = Book(terms(fund("F1")))
    book.publish("fund-values", by_factor("F9", "2021-01-05", "1.1000000"))
    book.close_through("2021-01-04", "2021-01-05")
    assert [[value.fund for value in day.unit_values] for day in days(book)] == [["F1"], ["F1"]]


def test_fnd_1_a_factor_carries_on_the_day_before_only() -> None:
    # F9 is in no terms, so its value may be missing on a day; from then on a factor has nothing to carry on.
    book = Book(terms(fund("F1")))
    book.publish("fund-values", fund_value("F9", "2021-01-04", "10.000000"))
    book.close_through("2021-01-04", "2021-01-05")
    alarm = only(book.publish("fund-values", by_factor("F9", "2021-01-06", "1.1000000")), "alarms")
    assert alarm.message["code"] == "NO_PRIOR_UNIT_VALUE"


def test_fnd_1_unit_values_are_per_charge_class() -> None:
    book = Book(terms(fund("F1")), terms(fund("F1"), contract_id="C2", charge_class="B"), rates=False)
    book.deposit(deposit("d1", "2021-01-04", "100.00", allocation=shares(F1="100")))
    book.deposit(deposit("d2", "2021-01-04", "100.00", allocation=shares(F1="100"), contract_id="C2"))
    assert book.publish("fund-values", fund_value("F1", "2021-01-04", "10.000000")) == []
    outcomes = book.publish("fund-values", fund_value("F1", "2021-01-04", "12.500000", charge_class="B"))
    confirmed = {o.key: o.message["legs"][0]["units"] for o in outcomes if o.topic == "confirmations"}
    assert confirmed == {"C1|P1": "10.000000", "C2|P1": "8.000000"}
