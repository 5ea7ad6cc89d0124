"""GAA-1, GAA-2, GEN-5: what a guaranteed term credits, against a reckoning of its own."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.guaranteed import accrual_days, anniversary, lot_index, oldest_first
from services.domain.state import Lot
from tests.domain.gaa import FIVE_YEARS, day, lot

D = Decimal


def whole_years_and_days(start: date, end: date) -> tuple[int, int]:
    """Counted day by day: how often the calendar came round, and the days since it last did."""
    years, last = 0, start
    for offset in range((end - start).days + 1):
        current = start + timedelta(days=offset)
        came_round = (current.month, current.day) == (start.month, start.day)
        short_february = start.month == 2 and start.day == 29 and (current + timedelta(days=1)).month == 3
        if offset and (came_round or (short_february and current.month == 2 and current.day == 28)):
            years, last = years + 1, current
    return years, (end - last).days


def reckoned(lot: Lot, until: date) -> Decimal:
    """The index from the words of GEN-5 alone, by logarithms at 60 digits."""
    with localcontext(prec=60):
        log, start = D(0), lot.deposited
        for rate, through in [*((s.rate, s.through) for s in lot.steps), (lot.after_maturity, date(2100, 1, 1))]:
            end = min(through, until)
            if end > start:
                years, days = whole_years_and_days(start, end)
                log += (1 + rate).ln() * (years + D(days) / 365)
                start = end
        return log.exp()


@pytest.mark.parametrize(
    ("on", "index"),
    [
        ("2021-03-31", Fraction(1)),
        ("2022-03-31", Fraction(105, 100)),  # one full year credits exactly r
        ("2023-03-31", Fraction(105, 100) * Fraction(10475, 10000)),
        ("2024-03-31", Fraction(105, 100) * Fraction(10475, 10000) ** 2),  # over 29 February: still r
        ("2025-03-31", Fraction(105, 100) * Fraction(10475, 10000) ** 2 * Fraction(1045, 1000)),
        ("2026-03-31", Fraction(105, 100) * Fraction(10475, 10000) ** 2 * Fraction(1045, 1000) ** 2),
    ],
)
def test_gaa_1_five_years_at_5_then_4_75_then_4_5(on: str, index: Fraction) -> None:
    """Deposited on the last day of the period, so that every step is whole years: plain fractions."""
    expected = D(index.numerator) / D(index.denominator)
    assert lot_index(lot("2021-03-31"), day(on), 12) == expected.quantize(D("1e-12"), ROUND_HALF_UP)


def test_gaa_2_ten_thousand_dollars_at_maturity() -> None:
    """10,000 × 1.05 × 1.0475² × 1.045² = 12,581.43; a deposit 85 days earlier earns 85 days at 5% more: 12,725.19."""
    assert round(10000 * lot_index(lot("2021-03-31"), day("2026-03-31"), 12), 2) == D("12581.43")
    assert round(10000 * lot_index(lot("2021-01-05"), day("2026-03-31"), 12), 2) == D("12725.19")


@pytest.mark.parametrize(
    ("deposited", "on", "index"),
    [
        ("2021-01-05", "2021-01-05", "1"),
        ("2021-01-05", "2021-01-06", "1.000133680617"),  # 1.05^(1/365)
        ("2021-01-05", "2022-03-31", "1.061998231108"),  # 1.05^(450/365): a year and 85 days from the deposit
        ("2021-01-05", "2022-04-01", "1.062133262941"),  # one day at 4.75% on top
    ],
)
def test_gaa_2_interest_runs_from_the_day_of_deposit(deposited: str, on: str, index: str) -> None:
    assert lot_index(lot(deposited), day(on), 12) == D(index)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2023-03-31", "2024-03-31", 365),  # 366 days by the calendar
        ("2024-02-29", "2025-02-28", 365),
        ("2024-02-29", "2025-03-01", 366),
        ("2024-02-29", "2028-02-28", 4 * 365),  # since the anniversary of 2027, itself a 28th
        ("2024-02-29", "2028-02-29", 4 * 365),
        ("2023-02-28", "2024-02-29", 366),
        ("2023-03-01", "2024-02-29", 365),
        ("2021-01-05", "2021-01-05", 0),
        ("2020-12-31", "2021-01-01", 1),
    ],
)
def test_gen_5_days_of_guaranteed_terms(start: str, end: str, days: int) -> None:
    assert accrual_days(day(start), day(end)) == days


def test_pitfall_gen_5_a_leap_year_credits_the_rate_and_not_a_day_more() -> None:
    leap = lot("2023-03-31", (("0.05", "2024-03-31"),))
    assert lot_index(leap, day("2024-03-31"), 12) == D("1.05")
    assert lot_index(leap, day("2024-03-30"), 12) == D("1.05")  # 365 days after the deposit


def test_gen_5_an_anniversary_of_29_february() -> None:
    assert anniversary(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert anniversary(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_mat_3_after_maturity_the_minimum_rate_is_credited() -> None:
    """1.05 × 1.01^(100/365) = 1.052866…; at no minimum the value stands still."""
    one_year = lot("2021-03-31", (("0.05", "2022-03-31"),), after="0.01")
    assert lot_index(one_year, day("2022-07-09"), 12) == D("1.052866329145")
    assert lot_index(lot("2021-03-31", (("0.05", "2022-03-31"),)), day("2030-01-01"), 12) == D("1.05")


def test_gen_4_the_index_has_the_places_of_the_terms() -> None:
    assert lot_index(lot("2021-01-05"), day("2021-01-06"), 6) == D("1.000134")


@given(
    st.dates(date(2021, 1, 1), date(2021, 3, 31)),
    st.integers(0, 3000),
    st.lists(st.decimals("0", "0.15", places=4), min_size=4, max_size=4),
)
def test_gen_5_the_index_is_that_of_the_independent_reckoning(deposited: date, days: int, rates: list[Decimal]) -> None:
    steps = tuple((str(rate), through) for rate, (_, through) in zip(rates, FIVE_YEARS, strict=False))
    guaranteed = lot(deposited.isoformat(), steps, str(rates[3]))
    on = deposited + timedelta(days=days)
    assert abs(lot_index(guaranteed, on, 12) - reckoned(guaranteed, on)) <= D("0.51e-12")


def test_wdl_2_oldest_first_and_matured_last() -> None:
    """By deposit period, then day of deposit; a matured term after all that have not reached maturity."""
    early = date(2020, 10, 1)
    matured = lot("2020-10-05", lot="matured", matured=True, period_start=early)
    second = lot("2021-02-01", lot="second")
    first = lot("2021-01-05", lot="first")
    older = lot("2021-03-01", lot="older period", period_start=early)
    assert [each.lot for each in oldest_first([matured, second, first, older])] == [
        "older period",
        "first",
        "second",
        "matured",
    ]
