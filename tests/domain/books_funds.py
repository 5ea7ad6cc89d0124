"""Charge schedules, share prices, and the unit values that a book reckoned from them."""

import json

from contracts_schema.unit_values import UnitValueReckoned
from tests.domain.books import Book, Json, Outcome, fund, terms

CHARGE = "0.0125"  # of class A, unless told: 0.0125 / 365 = 0.0000342465753...


def schedule(charge_class: str = "A", since: str = "2021-01-01", **more: object) -> Json:
    """The charges of a class: a Daily Asset Charge of 1.25% unless others are given."""
    other = {"mortality_and_expense", "administrative"} & more.keys()
    charge: Json = {} if other else {"daily_asset_charge": CHARGE}
    return {"charge_class": charge_class, "effective_from": since, **charge, **more}


def price(option: str, day: str, by_share: str = "20.00", **more: object) -> Json:
    return {"fund": option, "valuation_date": day, "price": by_share, **more}


def shares_held(option: str, day: str, **letters: str) -> Json:
    return {"fund": option, "valuation_date": day, "shares": letters}


def priced(*schedules: Json, since: str = "2021-01-07", funds: tuple[str, ...] = ("F1",), **more: object) -> Book:
    """Contract C1 of funds, and its charges: a Thursday closed at 20.00 a share, its unit values the first."""
    book = Book(terms(*(fund(option) for option in funds), effective_from=since, **more), rates=False)
    for each in schedules or (schedule(),):
        book.publish("charge-classes", each)
    for option in funds:
        book.publish("fund-prices", price(option, since))
    assert told(book, since) != {}
    return book


def alarm_of(outcomes: list[Outcome]) -> tuple[str, list[str], str]:
    """Code, rules and message of the one alarm there must be."""
    (alarm,) = [outcome.message for outcome in outcomes if outcome.topic == "alarms"]
    return alarm["code"], alarm["rules"], alarm["message"]


def reckoned(book: Book, day: str) -> dict[str, UnitValueReckoned]:
    """What was published of a day, by fund and class as `F1|A`: each once, and it must read back to the same bytes."""
    found = {}
    for record in book.service.written:
        if record.topic == "unit-values" and json.loads(record.value or b"")["valuation_date"] == day:
            value = UnitValueReckoned.model_validate_json(record.value or b"")
            key = f"{value.fund}|{value.charge_class}"
            assert (value.written(), record.key, key in found) == (record.value, key.encode(), False)
            found[key] = value
    return found


def told(book: Book, day: str) -> dict[str, tuple[str, str]]:
    """Factor, "-" where there was none, and unit value of a day."""
    return {
        key: (str(value.net_investment_factor or "-"), str(value.unit_value))
        for key, value in reckoned(book, day).items()
    }
