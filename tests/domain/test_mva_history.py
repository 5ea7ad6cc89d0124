"""MVA-2..5 on the Treasury's rates of 2021 to 2025, against a reckoning from the words of the rules alone.

Each quarter of 2021 to 2023 two participants deposit $10,000 at that time's rates, one for four years (a maturity that
is interpolated), one for seven, and each takes $500 on several days. Nothing of the product is used to reckon.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest

from tests.domain.books import Book, Json, deposit, guaranteed, offering, terms, withdrawal
from tests.domain.gaa import still
from tests.domain.reckoning import BUSINESS_DAYS, cents, days_left, interpolated, published_by, week
from tests.domain.treasury import curves

D = Decimal
Outcomes = dict[tuple[str, str], Json]
TAKEN_ON = (
    "2021-04-05",  # Good Friday before: its rate is published, but Thursday ended the week
    "2022-06-15",
    "2022-11-14",  # Veterans Day before: the exchange was open, no rate was published
    "2023-04-10",  # Good Friday before
    "2023-10-12",  # Columbus Day in the same week
    "2024-10-15",
    "2025-01-13",  # a day of mourning in the week before: a rate, but no exchange
    "2025-03-28",  # the last Friday of the first term
)
NET = D("500.00")


@dataclass(frozen=True)
class Quarter:
    """A deposit period and the day of the deposit in it."""

    start: date
    end: date
    deposited: date

    @property
    def name(self) -> str:
        """For example 2021Q1."""
        return f"{self.start.year}Q{self.start.month // 3 + 1}"

    @property
    def soon(self) -> date:
        """A business day at most three weeks after the deposit, inside the deposit period: i is of part of it."""
        return next(day for day in BUSINESS_DAYS if day >= self.deposited + timedelta(days=17))

    def maturity(self, years: int) -> date:
        """The end of the period, so many years on."""
        return date(self.end.year + years, self.end.month, self.end.day)

    def rate(self, years: int) -> str:
        """The rate offered: the Treasury's on the last day before the period, 0.10% for the first."""
        before = [day for day in curves() if day < self.start]
        return str(interpolated(before[-1], D(years)).quantize(D("0.0001"))) if before else "0.0010"


def quarters() -> Iterator[Quarter]:
    for year in (2021, 2022, 2023):
        for month in (1, 4, 7, 10):
            end = date(year + month // 10, (month + 3) % 12, 1) - timedelta(days=1)
            on = next(day for day in BUSINESS_DAYS if day >= date(year, month + 1, 15))
            yield Quarter(date(year, month, 1), end, on)


QUARTERS = tuple(quarters())
LOTS = [(quarter, years) for quarter in QUARTERS for years in (4, 7)]


def holder(quarter: Quarter, years: int) -> str:
    return f"{quarter.name}-{years}"


def days_taken(quarter: Quarter) -> list[date]:
    """The days on which $500 are taken, ascending."""
    every = {quarter.soon, *(date.fromisoformat(day) for day in TAKEN_ON)}
    return sorted(day for day in every if day > quarter.deposited)


# The reckoning.


def deposit_yield(quarter: Quarter, years: int, on: date) -> Decimal:
    """The mean over the weeks' last business days inside the deposit period and before the trade date."""
    last = {week(day): day for day in BUSINESS_DAYS}
    dates = [day for day in last.values() if quarter.start <= day <= quarter.end and day < on]
    rates = [interpolated(published_by(day), D(years)) for day in dates]
    return sum(rates, D(0)) / len(rates)


def current_yield(on: date, days: int) -> Decimal:
    before = [day for day in BUSINESS_DAYS if week(day) == week(on - timedelta(days=7))]
    return interpolated(published_by(max(before)), D(days) / 365)


def index(quarter: Quarter, years: int, on: date) -> Decimal:
    """(1 + r)^(t/365), t = 365 for each anniversary of the deposit and the days since the last (GEN-5)."""
    start, until = quarter.deposited, min(on, quarter.maturity(years))
    anniversaries = [start.replace(year=start.year + n) for n in range(10)]
    passed = [day for day in anniversaries if day <= until]
    t = 365 * (len(passed) - 1) + (until - passed[-1]).days
    rate = D(quarter.rate(years))
    return ((1 + rate).ln() * t / 365).exp().quantize(D("1e-12"), ROUND_HALF_UP)


# The product.


@pytest.fixture(scope="module")
def confirmed() -> Outcomes:
    """Every withdrawal's confirmation, by participant and trade date."""
    book = Book(terms(guaranteed()), rates=False)
    for quarter in QUARTERS:
        offered = [still(years, str(quarter.maturity(years)), quarter.rate(years)) for years in (4, 7)]
        book.publish("guaranteed-offerings", offering(quarter.name, str(quarter.start), str(quarter.end), *offered))
    taking = [(day, quarter, years) for quarter, years in LOTS for day in days_taken(quarter)]
    for day in sorted({*curves(), *BUSINESS_DAYS}):
        for quarter, years in LOTS:
            if day == quarter.deposited:
                share = {"option": "GAA", "term": years, "percent": "100"}
                who = {"participant_id": holder(quarter, years)}
                book.deposit(deposit("d", str(day), "10000.00", allocation=[share], **who))
        for _, quarter, years in (each for each in taking if each[0] == day):
            who = {"participant_id": holder(quarter, years)}
            book.withdraw(withdrawal(f"w-{day}", str(day), amount=str(NET), **who))
        book.publish("market-yields", _yields(day))
    messages = [outcome.message for outcome in book.outcomes if outcome.topic in {"confirmations", "rejections"}]
    return {(m["participant_id"], m["trade_date"]): m for m in messages if m["request_id"].startswith("w")}


def _yields(day: date) -> Json:
    if day not in curves():
        return {
            "series": "CMT",
            "date": str(day),
            "not_published": {"authorised_by": "rates-desk", "reason": "holiday"},
        }
    points = [{"years": years, "percent": percent} for years, percent in curves()[day]]
    return {"series": "CMT", "date": str(day), "constant_maturity": points}


@pytest.mark.parametrize(("quarter", "years"), LOTS, ids=[holder(*lot) for lot in LOTS])
def test_mva_2_every_withdrawal_is_the_independent_reckonings(
    quarter: Quarter, years: int, confirmed: Outcomes
) -> None:
    units = D("10000.000000")
    for day in days_taken(quarter):
        message = confirmed[holder(quarter, years), str(day)]
        assert message["kind"] == "withdrawal", message
        (line,), (leg,) = message["mva"]["lines"], message["legs"]
        with localcontext(prec=50):
            x = days_left(quarter.maturity(years), day)
            i, j = deposit_yield(quarter, years, day), current_yield(day, x)
            factor = ((D(x) / 365) * ((1 + i).ln() - (1 + j).ln())).exp()
            used = factor.quantize(D("0.0001"), ROUND_HALF_UP)
            taken = cents(NET / used)
            at = index(quarter, years, day)
        assert D(line["deposit_yield"]) == i.quantize(D("1e-12"), ROUND_HALF_UP)
        assert D(line["current_yield"]) == j.quantize(D("1e-12"), ROUND_HALF_UP)
        assert (line["days"], D(line["factor"])) == (x, used)
        assert D(line["factor_unrounded"]) == factor.quantize(D("1e-16"), ROUND_HALF_UP)
        assert (D(line["taken"]), D(line["adjustment"])) == (taken, NET - taken)
        assert (D(message["gross"]), D(message["paid"])) == (taken, NET)
        assert (D(leg["index"]), D(leg["value_before"])) == (at, cents(units * at))
        units -= (taken / at).quantize(D("1e-6"), ROUND_HALF_UP)
        assert D(leg["units_after"]) == units


def test_the_history_has_gains_and_losses(confirmed: Outcomes) -> None:
    """So that the comparison cannot pass on nothing."""
    adjustments = [D(message["mva"]["aggregate"]) for message in confirmed.values()]
    assert len(adjustments) == sum(len(days_taken(quarter)) for quarter, _ in LOTS) > 100
    assert sum(each < -20 for each in adjustments) > 20
    assert sum(each > 10 for each in adjustments) > 3


def test_one_withdrawal_written_out(confirmed: Outcomes) -> None:
    """Four years from the first quarter of 2021, to 31 March 2025; $500 taken on Monday 14 November 2022.

    i: the twelve Fridays from 8 January to 26 March 2021, 4 years between 3 and 5: .365 .33 .315 .32 .33 .35 .405 .525
    .555 .595 .615 .58, together 5.285, in the mean 0.440417%. x: 866 days from Wednesday the 16th. j: for Friday the
    11th, Veterans Day, the rates of the 10th at 2.372603 years, 4.34 - 0.17 × 0.372603 = 4.276658%.
    (1.00440417/1.04276658)^(866/365) = 0.914908 -> .9149; 500/.9149 = 546.51.
    """
    (line,) = confirmed["2021Q1-4", "2022-11-14"]["mva"]["lines"]
    assert (line["deposit_yield"], line["days"], line["current_yield"]) == ("0.004404166667", 866, "0.042766575342")
    assert (line["factor_unrounded"], line["factor"]) == ("0.9149078585080191", "0.9149")
    assert (line["taken"], line["adjustment"]) == ("546.51", "-46.51")
    assert [used["rate"] for used in line["deposit_yields"]][:3] == [
        "0.003650000000",
        "0.003300000000",
        "0.003150000000",
    ]
    assert [used["for_date"] for used in line["deposit_yields"]][-1] == "2021-03-26"
    assert line["current_yields"] == [
        {
            "series": "CMT",
            "for_date": "2022-11-11",
            "published_on": "2022-11-10",
            "rate": "0.042766575342",
            "basis": "2y 4.34%, 3y 4.17%, at 2.372603y",
        }
    ]
