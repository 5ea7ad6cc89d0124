"""MVA-1, MVA-3..5 on the Treasury's rates of 2021 to 2025 and spreads made up here, against the formula alone.

Each month from January 2021 to June 2025 somebody deposits $10,000, for three years or for seven, and takes $500 a few
days later, when few of the month's Fridays are known, and on several days of the years to come.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache

import pytest

from tests.domain.books import Book, Json, deposit, guaranteed, offering, terms, withdrawal
from tests.domain.gaa import still
from tests.domain.reckoning import BUSINESS_DAYS, cents, days_left, interpolated, on_curve, published_by
from tests.domain.treasury import Curve, curves

D = Decimal
ONE = {"method": "one", "yield_source": "constant_maturity", "yield_series": "CMT", "spread_series": "CORP"}
OLD_YEAR = date(2020, 12, 31)
OLD_CURVE: Curve = ((1, "0.10"), (3, "0.17"), (5, "0.36"), (7, "0.65"), (10, "0.93"))
"""Made up: 1 January 2021 is a Friday, and what is known of the Treasury's rates begins on the 4th."""

MONTHS = [date(year, month, 1) for year in range(2021, 2026) for month in range(1, 13) if (year, month) <= (2025, 6)]
TAKEN_ON = (
    "2021-04-05",  # Good Friday before: a rate is published, a spread is not
    "2022-06-17",  # a Friday: the one before counts
    "2022-11-14",  # Veterans Day before: a spread is published, a rate is not
    "2023-04-10",  # Good Friday before
    "2023-10-12",
    "2024-02-29",
    "2025-01-13",
    "2025-07-07",  # Independence Day before: neither
)
NET = D("500.00")


@cache
def deposited(month: date) -> date:
    """A business day of the month, another in each."""
    return next(day for day in BUSINESS_DAYS if day >= month + timedelta(days=month.month * 7 % 23))


def years_of(month: date) -> int:
    return 3 if month.month % 2 else 7


def maturity(month: date) -> date:
    """The end of the month of deposit, so many years on."""
    following = date(month.year + years_of(month) + month.month // 12, month.month % 12 + 1, 1)
    return following - timedelta(days=1)


@cache
def days_taken(month: date) -> list[date]:
    start = deposited(month)
    soon = next(day for day in BUSINESS_DAYS if day >= start + timedelta(days=2 + month.year % 4 * 3))
    wanted = {soon, *map(date.fromisoformat, TAKEN_ON)}
    return sorted(day for day in wanted if start < day < maturity(month))


# The reckoning.


def spread_curve(day: date) -> Curve:
    """Spreads of a day, in percent: they swing over the weeks, and grow with the years."""
    swing = D("0.70") + D("0.13") * (day.toordinal() // 7 % 11)
    return tuple((years, str(swing + D("0.04") * years)) for years in (1, 3, 5, 10))


def treasury(day: date, years: Decimal) -> Decimal:
    """The Treasury's rate in effect on a day: that of the last day with rates."""
    return interpolated(published_by(day), years) if day >= min(curves()) else on_curve(OLD_CURVE, years)


def spread(day: date, years: Decimal) -> Decimal:
    """The spread in effect on a day: spreads are published when the exchange is open."""
    last = max((known for known in BUSINESS_DAYS if known <= day), default=OLD_YEAR)
    return on_curve(spread_curve(last), years)


def deposit_dates(month: date, on: date) -> list[date]:
    fridays = [day for day in (month + timedelta(days=n) for n in range(28)) if day.isoweekday() == 5 and day < on]
    return fridays or [deposited(month) - timedelta(days=1)]


def previous_friday(on: date) -> date:
    return next(day for day in (on - timedelta(days=n) for n in range(1, 8)) if day.isoweekday() == 5)


def mean(rates: list[Decimal]) -> Decimal:
    return sum(rates, D(0)) / len(rates)


# The product.


@pytest.fixture(scope="module")
def confirmed() -> dict[tuple[str, str], Json]:
    """Every withdrawal's confirmation, by participant and trade date."""
    book = Book(terms(guaranteed(mva=ONE)), rates=False)
    for month in MONTHS:
        last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        offer = offering(str(month), str(month), str(last), still(years_of(month), str(maturity(month))))
        book.publish("guaranteed-offerings", offer)
    for series, curve in (("CMT", OLD_CURVE), ("CORP", spread_curve(OLD_YEAR))):
        book.publish("market-yields", _published(series, OLD_YEAR, curve))
    for day in sorted(day for day in {*curves(), *BUSINESS_DAYS} if day <= date(2025, 7, 7)):
        _ask(book, day)
        book.publish("market-yields", _published("CMT", day, curves().get(day)))
        book.publish("market-yields", _published("CORP", day, spread_curve(day) if day in BUSINESS_DAYS else None))
    messages = [outcome.message for outcome in book.outcomes if outcome.topic in {"confirmations", "rejections"}]
    return {(m["participant_id"], m["trade_date"]): m for m in messages if (m["request_id"] or "").startswith("w")}


def _ask(book: Book, day: date) -> None:
    for month in MONTHS:
        who = {"participant_id": str(month)}
        if day == deposited(month):
            share = {"option": "GAA", "term": years_of(month), "percent": "100"}
            book.deposit(deposit("d", str(day), "10000.00", allocation=[share], **who))
        if day in days_taken(month):
            book.withdraw(withdrawal(f"w-{day}", str(day), amount=str(NET), **who))


def _published(series: str, day: date, curve: Curve | None) -> Json:
    if curve is None:
        none = {"authorised_by": "rates-desk", "reason": "holiday"}
        return {"series": series, "date": str(day), "not_published": none}
    points = [{"years": years, "percent": percent} for years, percent in curve]
    return {"series": series, "date": str(day), "constant_maturity": points}


@pytest.mark.parametrize("month", MONTHS, ids=[f"{month:%Y-%m}" for month in MONTHS])
def test_mva_1_every_withdrawal_is_the_independent_reckonings(
    month: date, confirmed: dict[tuple[str, str], Json]
) -> None:
    units = D("10000.000000")  # at no interest: a unit is a dollar
    for day in days_taken(month):
        message = confirmed[str(month), str(day)]
        assert message["kind"] == "withdrawal", message
        (line,) = message["mva"]["lines"]
        with localcontext(prec=50):
            x = days_left(maturity(month), day)
            dates, term, remainder = deposit_dates(month, day), D(years_of(month)), D(x) / 365
            a, i = (mean([rate(on, term) for on in dates]) for rate in (treasury, spread))
            b, j = (rate(previous_friday(day), remainder) for rate in (treasury, spread))
            factor = (remainder * ((1 + a + i).ln() - (1 + b + j).ln())).exp()
            used = factor.quantize(D("0.0001"), ROUND_HALF_UP)
            taken = cents(NET / used)
        shown = [line[name] for name in ("deposit_yield", "deposit_spread", "current_yield", "current_spread")]
        assert list(map(D, shown)) == [rate.quantize(D("1e-12"), ROUND_HALF_UP) for rate in (a, i, b, j)]
        assert (line["days"], D(line["factor"])) == (x, used)
        assert D(line["factor_unrounded"]) == factor.quantize(D("1e-16"), ROUND_HALF_UP)
        assert (D(line["taken"]), D(line["adjustment"])) == (taken, NET - taken)
        units -= taken
        assert D(message["legs"][0]["units_after"]) == units


def test_the_history_has_gains_and_losses(confirmed: dict[tuple[str, str], Json]) -> None:
    """So that the comparison cannot pass on nothing."""
    adjustments = [D(message["mva"]["aggregate"]) for message in confirmed.values()]
    assert len(adjustments) == sum(len(days_taken(month)) for month in MONTHS) > 200
    assert sum(each < -20 for each in adjustments) > 20
    assert sum(each > 10 for each in adjustments) > 20
    assert {len(message["mva"]["lines"][0]["deposit_yields"]) for message in confirmed.values()} == {1, 2, 3, 4}
