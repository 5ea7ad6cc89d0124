"""MVA-2, MVA-4: which yields make i and j, on rates that the Treasury published."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from contracts_schema.options import MvaTerms
from contracts_schema.reference import ConstantMaturityPoint, MarketYields
from services.domain.market import Market, YieldHistory
from services.domain.mva import Adjustment, adjust
from services.domain.state import Lot, Step
from services.domain.yields import interpolated
from tests.domain.books import business_days
from tests.domain.treasury import Curve, curves

D = Decimal


def points(curve: Curve) -> tuple[ConstantMaturityPoint, ...]:
    return tuple(ConstantMaturityPoint(years=years, percent=D(percent)) for years, percent in curve)


def market(first: str, last: str, published: Mapping[date, Curve] | None = None) -> Market:
    """The exchange's business days from first to last, and everything published by the last."""
    known = {day: curve for day, curve in (published or curves()).items() if day <= date.fromisoformat(last)}
    messages = tuple(
        MarketYields(series="CMT", date=day, constant_maturity=points(curve)) for day, curve in known.items()
    )
    closed = tuple(date.fromisoformat(day) for day in business_days(first, last))
    return Market(closed=closed, yields={"CMT": YieldHistory(tuple(known), messages)})


def lot(deposited: str, period: tuple[str, str], years: int = 3, maturity: str = "2027-12-31") -> Lot:
    start, end = (date.fromisoformat(day) for day in period)
    until = date.fromisoformat(maturity)
    on = date.fromisoformat(deposited)
    steps = (Step(D(0), until),)
    return Lot("GAA-1", "GAA", "offer", years, on, start, end, until, steps, end, D(0), D(100))


def adjustment(market: Market, lot: Lot, day: str) -> Adjustment | None:
    terms = MvaTerms(yield_source="constant_maturity", yield_series="CMT")
    return adjust(market, terms, lot, date.fromisoformat(day), waived=False)


def used_for_i(found: Adjustment | None) -> list[tuple[str, str, str]]:
    """(wanted for, published on, rate) of every yield in i."""
    assert found is not None
    assert found.deposit is not None
    return [(str(used.for_date), str(used.published_on), str(used.rate)) for used in found.deposit.treasury.used]


def used_for_j(found: Adjustment | None) -> tuple[str, str]:
    """(wanted for, published on) of the one yield in j."""
    assert found is not None
    assert found.current is not None
    (used,) = found.current.treasury.used
    return str(used.for_date), str(used.published_on)


@pytest.mark.parametrize(
    ("years", "percent"),
    [
        ("1", "4.59"),
        ("0.5", "4.59"),  # flat below the shortest
        ("0", "4.59"),
        ("2.5", "4.255"),  # (4.34 + 4.17)/2
        ("3", "4.17"),
        ("4", "4.06"),  # (4.17 + 3.95)/2
        ("6", "3.92"),  # (3.95 + 3.89)/2
        ("8", "3.866666666667"),  # 3.89 - 0.07/3
        ("9", "3.843333333333"),  # 3.89 - 2 * 0.07/3
        ("10", "3.82"),
        ("12.5", "3.82"),  # flat beyond the longest
    ],
)
def test_mva_4_interpolated_between_maturities_of_10_november_2022(years: str, percent: str) -> None:
    rate, basis, _ = interpolated(points(curves()[date(2022, 11, 10)]), D(years))
    assert round(rate * 100, 12) == D(percent)
    assert basis.count("%") == (2 if years in {"2.5", "4", "6", "8", "9"} else 1)


def test_mva_4_the_remainder_is_x_over_365_years() -> None:
    """927 days are 2.539726 years: 4.34 - 0.17 × 0.539726 = 4.248247%."""
    october = lot("2022-10-04", ("2022-10-01", "2022-10-31"), maturity="2025-05-31")
    found = adjustment(market("2022-10-03", "2022-11-16"), october, "2022-11-16")
    assert found is not None
    assert found.current is not None
    assert found.days == 927
    assert round(found.current.rate, 10) == D("0.0424824658")
    assert found.current.treasury.used[0].basis == "2y 4.34%, 3y 4.17%, at 2.539726y"


def test_mva_2_i_is_the_mean_over_the_last_business_days_of_the_weeks() -> None:
    january = lot("2021-01-05", ("2021-01-01", "2021-01-31"))
    found = adjustment(market("2020-12-28", "2021-02-10"), january, "2021-02-10")
    assert used_for_i(found) == [
        ("2021-01-08", "2021-01-08", "0.002400000000"),
        ("2021-01-15", "2021-01-15", "0.002000000000"),
        ("2021-01-22", "2021-01-22", "0.001900000000"),
        ("2021-01-29", "2021-01-29", "0.001900000000"),
    ]
    assert found is not None
    assert found.deposit is not None
    assert found.deposit.rate == D("0.00205")  # (0.24 + 0.20 + 0.19 + 0.19)/4 %


def test_mva_4_a_week_counts_only_if_its_last_business_day_is_in_the_deposit_period() -> None:
    """To Wednesday the 20th: its week ends on the 22nd. From Friday the 8th: that day alone is that week's."""
    to_wednesday = lot("2021-01-11", ("2021-01-08", "2021-01-20"))
    found = adjustment(market("2021-01-04", "2021-02-10"), to_wednesday, "2021-02-10")
    assert [wanted for wanted, _, _ in used_for_i(found)] == ["2021-01-08", "2021-01-15"]


@pytest.mark.parametrize(
    ("day", "weeks"),
    [
        ("2021-01-15", ["2021-01-08"]),  # a Friday: its own week does not count yet
        ("2021-01-19", ["2021-01-08", "2021-01-15"]),  # Tuesday after a Monday holiday
    ],
)
def test_mva_4_only_weeks_before_the_trade_date(day: str, weeks: list[str]) -> None:
    january = lot("2021-01-05", ("2021-01-01", "2021-01-31"))
    found = adjustment(market("2021-01-04", day), january, day)
    assert [wanted for wanted, _, _ in used_for_i(found)] == weeks


def test_mva_4_with_no_week_yet_the_last_rate_before_the_deposit() -> None:
    """Deposited and taken in the first week of the period: the 4th of January's 0.16%, not the 5th's 0.17%."""
    january = lot("2021-01-05", ("2021-01-01", "2021-01-31"))
    found = adjustment(
        market("2021-01-04", "2021-01-07", {date(2020, 12, 31): ((3, "0.17"),), **curves()}), january, "2021-01-07"
    )
    assert used_for_i(found) == [("2021-01-04", "2021-01-04", "0.001600000000")]
    assert used_for_j(found) == ("2021-01-03", "2020-12-31")  # no business day of the week before is on the books


def test_mva_4_nothing_published_at_all_leaves_no_factor() -> None:
    january = lot("2021-01-04", ("2021-01-01", "2021-01-31"))
    assert adjustment(market("2021-01-04", "2021-01-07"), january, "2021-01-07") is None  # no i
    later = lot("2021-01-06", ("2021-01-01", "2021-01-31"))
    assert adjustment(market("2021-01-04", "2021-01-07"), later, "2021-01-07") is None  # no j
    assert adjustment(Market(closed=(date(2021, 1, 4),)), later, "2021-01-07") is None  # no such series


@pytest.mark.parametrize(
    ("day", "wanted", "published"),
    [
        ("2022-11-14", "2022-11-11", "2022-11-10"),  # Veterans Day: the exchange is open, no rate is published
        ("2022-11-18", "2022-11-11", "2022-11-10"),  # the whole week looks back to it
        ("2021-04-05", "2021-04-01", "2021-04-01"),  # Good Friday: a rate is published, but Thursday ended the week
        ("2023-04-11", "2023-04-06", "2023-04-06"),  # Good Friday again
        ("2021-01-19", "2021-01-15", "2021-01-15"),  # Monday is a holiday, the week before is the same
        ("2021-01-04", "2021-01-03", "2020-12-30"),  # the first day on the books: the week before by the calendar
    ],
)
def test_mva_4_j_is_of_the_last_business_day_of_the_week_before(day: str, wanted: str, published: str) -> None:
    known = {date(2020, 12, 30): ((3, "0.17"),), **curves()}
    a_lot = lot(day, (day, day), maturity="2027-12-31")
    assert used_for_j(adjustment(market("2021-01-04", day, known), a_lot, day)) == (wanted, published)


def test_mva_4_veterans_day_inside_the_deposit_period_counts_with_the_rate_before() -> None:
    """Weeks of November 2022 end on the 4th, 11th (no rate: the 10th's), 18th and 25th; the last ends in December."""
    november = lot("2022-11-02", ("2022-11-01", "2022-11-30"))
    found = adjustment(market("2022-10-03", "2022-12-14"), november, "2022-12-14")
    assert used_for_i(found) == [
        ("2022-11-04", "2022-11-04", "0.045800000000"),
        ("2022-11-11", "2022-11-10", "0.041700000000"),
        ("2022-11-18", "2022-11-18", "0.042800000000"),
        ("2022-11-25", "2022-11-25", "0.042000000000"),
    ]
    assert found is not None
    assert found.deposit is not None
    assert found.deposit.rate == D("0.0430750")  # (4.58 + 4.17 + 4.28 + 4.20)/4 %
