"""FND-1, FND-2, FND-3: the year 2023 closed day by day from share prices, and reckoned again by other means.

The Treasury's rates are as published. Prices and distributions are of a seeded generator. What the product published of
every fund and charge class is compared with a reckoning in whole fractions that uses nothing of it.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise

from contracts_schema.entries import DayClosedEntry, read_entry
from tests.domain.books import Book, Json, deposit, fund, guaranteed, shares, terms, yields
from tests.domain.treasury import curves

FIRST, LAST = date(2022, 12, 30), date(2023, 12, 29)  # both Fridays
HOLIDAYS = {
    date(2023, 1, 2), date(2023, 1, 16), date(2023, 2, 20), date(2023, 4, 7), date(2023, 5, 29), date(2023, 6, 19),
    date(2023, 7, 4), date(2023, 9, 4), date(2023, 11, 23), date(2023, 12, 25),
}  # fmt: skip
"""On which the exchange was closed: New Year's day (observed), King, Washington, Good Friday, Memorial day, Juneteenth,
Independence day, Labor day, Thanksgiving, Christmas.
"""
MONTHLY, QUARTERLY, YEARLY = range(1, 13), (3, 6, 9, 12), (12,)
FUNDS: dict[str, tuple[str, int, range | tuple[int, ...], str]] = {
    "INDEX": ("412.350000", 18_000, QUARTERLY, "0.0040"),
    "BOND": ("9.8700", 6_000, MONTHLY, "0.0030"),
    "WORLD": ("27.41", 22_000, YEARLY, "0.0210"),
}
"""Price to begin with, the most it moves in a day in millionths, months at whose end it distributes, and what part."""
SCHEDULES: tuple[Json, ...] = (
    {
        "charge_class": "standard",
        "effective_from": "2022-12-01",
        "daily_asset_charge": "0.0125",
        "adjustments": [{"fund": "BOND", "charge": "0.0015"}],
    },
    {
        "charge_class": "large",
        "effective_from": "2022-12-01",
        "daily_asset_charge": "0.0080",
        "additional_services": "0.0010",
        "first_unit_value": "25.000000",
    },
    {"charge_class": "large", "effective_from": "2023-07-01", "daily_asset_charge": "0.0065"},  # a Saturday
)


def exchange_days() -> list[date]:
    days = (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))
    return [day for day in days if day.isoweekday() < 6 and day not in HOLIDAYS]


@cache
def prices() -> dict[tuple[str, date], Json]:
    """Of each fund and day; the same in every run."""
    chance, days, found = random.Random(2023), exchange_days(), {}  # noqa: S311 -- prices, no secrets
    for name, (begin, most, months, part) in FUNDS.items():
        price = Decimal(begin)
        for at, day in enumerate(days):
            if at:
                price = (price * (1_000_300 + chance.randint(-most, most)) / 1_000_000).quantize(Decimal(begin))
            message: Json = {"fund": name, "valuation_date": str(day), "price": str(price)}
            last_of_month = at + 1 == len(days) or days[at + 1].month != day.month
            if at and last_of_month and day.month in months:
                distribution = (price * Decimal(part)).quantize(Decimal("0.0001"))
                price -= distribution
                tax = (distribution / 100).quantize(Decimal("0.000001")) if name == "WORLD" else Decimal(0)
                message |= {"price": str(price), "distribution": str(distribution), "tax": str(tax)}
            found[name, day] = message
    return found


@cache
def year() -> Book:
    """Two contracts of different classes from the last business day of 2022 on, every day closed, and a deposit of the
    last day into each.
    """
    options = *(fund(name) for name in FUNDS), guaranteed()
    since = {"effective_from": str(FIRST)}
    book = Book(
        terms(*options, charge_class="standard", **since),
        terms(*options, charge_class="large", contract_id="C2", **since),
        rates=False,
    )
    for schedule in SCHEDULES:
        assert book.publish("charge-classes", schedule) == []
    for contract in ("C1", "C2"):
        book.deposit(deposit("d", str(LAST), "1000.00", allocation=shares(INDEX="100"), contract_id=contract))
    for day in (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)):
        for topic, message in _of(day):
            assert [outcome for outcome in book.publish(topic, message) if outcome.topic == "alarms"] == []
    return book


def _of(day: date) -> Iterator[tuple[str, Json]]:
    """What arrives on a day. The Treasury keeps other holidays than the exchange: then it is said to have no rates."""
    silence = {"authorised_by": "ops", "reason": "the bond market is closed"}
    business = ("INDEX", day) in prices()
    if day in curves():
        yield "market-yields", yields(str(day), *curves()[day])
    elif business:
        yield "market-yields", {"series": "CMT", "date": str(day), "not_published": silence}
    for name in FUNDS if business else ():
        yield "fund-prices", prices()[name, day]


def published() -> list[Json]:
    return [json.loads(record.value or b"") for record in year().service.written if record.topic == "unit-values"]


def half_up(value: Fraction, places: int) -> Fraction:
    scaled = value * 10**places
    whole = (2 * abs(scaled) + 1) // 2
    return Fraction(whole if scaled >= 0 else -whole, 10**places)


def charge_of(fund_name: str, charge_class: str, day: date) -> Fraction:
    """The annual charge of a day in ten-thousandths, written out from the schedules by hand."""
    if charge_class == "standard":
        return Fraction(140 if fund_name == "BOND" else 125, 10_000)
    return Fraction(90 if day < date(2023, 7, 1) else 65, 10_000)


def recomputed() -> dict[tuple[str, str, str], tuple[Fraction, Fraction]]:
    """Factor and unit value by fund, class and day."""
    found = {}
    days = exchange_days()
    for name in FUNDS:
        for charge_class, begin in (("standard", 10), ("large", 25)):
            value = Fraction(begin)
            for before, day in pairwise(days):
                now, then = prices()[name, day], prices()[name, before]
                charged = [before + timedelta(days=number) for number in range(1, (day - before).days + 1)]
                e = sum((charge_of(name, charge_class, each) for each in charged), Fraction(0)) / 365
                gain = Fraction(now["price"]) + Fraction(now.get("distribution", 0)) - Fraction(then["price"])
                net = (gain - Fraction(now.get("tax", 0))) / Fraction(then["price"]) - e
                factor = half_up(1 + net, 7)
                value = half_up(value * factor, 6)
                found[name, charge_class, str(day)] = (factor, value)
    return found


def test_gen_1_every_day_on_which_the_exchange_was_open_in_2023_is_closed_once() -> None:
    entries = [read_entry(record.value or b"") for record in year().log]
    closed = [entry.date for entry in entries if isinstance(entry, DayClosedEntry)]
    assert closed == exchange_days()
    assert sum(day.year == 2023 for day in closed) == 250


def test_fnd_1_every_unit_value_of_2023_is_that_of_an_independent_reckoning() -> None:
    wanted = recomputed()
    assert len(wanted) == 3 * 2 * 250
    found = {
        (one["fund"], one["charge_class"], one["valuation_date"]): (
            Fraction(one["net_investment_factor"]),
            Fraction(one["unit_value"]),
        )
        for one in published()
        if one["way"] == "price"
    }
    assert found == wanted
    first = {(one["fund"], one["charge_class"]): one["unit_value"] for one in published() if one["way"] == "first"}
    assert first == {
        (name, charge_class): value
        for name in FUNDS
        for charge_class, value in (("standard", "10.000000"), ("large", "25.000000"))
    }


def test_fnd_2_the_days_of_2023_are_charged_once_each() -> None:
    """From Friday to Friday 364 days in 250 periods. Of 52 weekends 8 are long, by the 7 holidays on a Monday and Good
    Friday, and 44 are not; 2 holidays are in mid-week.
    """
    of_index = [one for one in published() if (one["fund"], one["charge_class"]) == ("INDEX", "standard")][1:]
    assert Counter(one["days"] for one in of_index) == {1: 196, 2: 2, 3: 44, 4: 8}
    charged = sum(Fraction(one["e"]) for one in of_index)
    assert abs(charged - Fraction("0.0125") * 364 / 365) < Fraction(1, 10**17)
    by_day = {one["valuation_date"]: one for one in of_index}
    assert by_day["2023-01-03"]["e"] == "0.00013698630136986301"  # 4 x 0.0125/365, from 30 December
    assert by_day["2023-06-12"]["e"] == "0.00010273972602739726"  # Friday to Monday
    assert by_day["2023-06-13"]["e"] == "0.00003424657534246575"


def test_fnd_2_a_charge_reset_on_a_saturday_reaches_the_weekend() -> None:
    (monday,) = [
        one
        for one in published()
        if (one["fund"], one["charge_class"], one["valuation_date"]) == ("INDEX", "large", "2023-07-03")
    ]
    assert [(part["days"], part["daily_asset_charge"]) for part in monday["charges"]] == [(3, "0.0065")]
    assert monday["e"] == "0.00005342465753424658"  # 3 x 0.0065/365


def test_fnd_3_deposits_of_the_last_day_trade_at_the_values_of_their_classes() -> None:
    of_index = {
        one["charge_class"]: one["unit_value"]
        for one in published()
        if (one["fund"], one["valuation_date"]) == ("INDEX", str(LAST))
    }
    confirmed = [outcome for outcome in year().outcomes if outcome.topic == "confirmations"]
    found = {outcome.key: outcome.message["legs"][0]["index"] for outcome in confirmed}
    assert found == {"C1|P1": of_index["standard"], "C2|P1": of_index["large"]}
