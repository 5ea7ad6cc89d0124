"""MVA-2, MVA-3, MVA-5, MVA-11: the factor, and the days that are left."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest

from contracts_schema.options import MvaTerms
from contracts_schema.reference import ConstantMaturityPoint, MarketYields
from services.domain.draws import Holding, draw_net
from services.domain.market import Market, YieldHistory
from services.domain.mva import Adjustment, adjust, days_remaining, mva_factor
from services.domain.numbers import rounded
from services.domain.state import Lot, Step
from tests.domain.tabled import rows

D = Decimal
Row = dict[str, str]
DAYS_OF_COLUMN = {"years_8": 2920, "years_6": 2190, "years_4": 1460, "years_2": 730, "years_1": 365, "months_3": 91}
WEDNESDAY, MATURITY = date(2021, 7, 14), date(2024, 1, 27)  # 927 days apart


def a_lot(maturity: date = MATURITY) -> Lot:
    return Lot(
        lot="GAA-1",
        option="GAA",
        offering="2021-Q1",
        years=3,
        deposited=date(2021, 1, 5),
        period_start=date(2021, 1, 1),
        period_end=date(2021, 3, 31),
        maturity=maturity,
        steps=(Step(D("0.02"), maturity),),
        locked_through=date(2021, 6, 29),
        after_maturity=D(0),
        units=D(10000),
    )


def adjusted(deposit_yield: str, current_yield: str, **terms: object) -> Adjustment:
    """A lot's adjustment on a Wednesday 927 days before its maturity, between two flat curves."""
    dates = (date(2021, 3, 1), date(2021, 7, 8))
    days = (date(2021, 3, 4), date(2021, 7, 9), date(2021, 7, 13), WEDNESDAY)
    points = [(ConstantMaturityPoint(years=5, percent=D(y) * 100),) for y in (deposit_yield, current_yield)]
    published = tuple(
        MarketYields(series="CMT", date=day, constant_maturity=point) for day, point in zip(dates, points, strict=True)
    )
    market = Market(closed=days, yields={"CMT": YieldHistory(dates, published)})
    mva = MvaTerms.model_validate({"yield_source": "constant_maturity", "yield_series": "CMT", **terms})
    found = adjust(market, mva, a_lot(), WEDNESDAY, waived=False)
    assert found is not None
    return found


@pytest.mark.parametrize("row", rows("appendix_i", "example"))
def test_mva_5_appendix_i(row: Row) -> None:
    factor = rounded(mva_factor(D(row["deposit_yield"]), D(row["current_yield"]), int(row["days"])), 4)
    assert factor == D(row["factor"])
    found = adjusted(row["deposit_yield"], row["current_yield"])
    assert (found.factor, found.days, found.count_from) == (D(row["factor"]), 927, WEDNESDAY)


@pytest.mark.parametrize("row", rows("appendix_i", "example"))
def test_wdl_3_a_dollar_amount_is_divided_by_the_rounded_factor(row: Row) -> None:
    found = adjusted(row["deposit_yield"], row["current_yield"])
    (draw,) = draw_net([(Holding("GAA", D("10000.00"), found),)], D(row["net"])) or []
    assert (draw.taken, draw.pays) == (D(row["taken"]), D(row["net"]))


@pytest.mark.parametrize("row", rows("table_a", "current_yield"))
@pytest.mark.parametrize("column", DAYS_OF_COLUMN)
def test_mva_11_table_a_from_the_unrounded_factor(row: Row, column: str) -> None:
    factor = mva_factor(D("0.06"), D(row["current_yield"]), DAYS_OF_COLUMN[column])
    assert rounded(factor * 100, 1) == D(row[column])


def test_pitfall_mva_11_rounding_twice_misses_a_cell() -> None:
    """9% with one year left: .972477 is 97.2%; through four places it would be 97.3%."""
    factor = mva_factor(D("0.06"), D("0.09"), 365)
    assert rounded(factor, 6) == D("0.972477")
    assert rounded(rounded(factor, 4) * 100, 1) == D("97.3")


def test_mva_2_against_the_formula_by_logarithms() -> None:
    """exp(x/365 · (ln(1 + i) - ln(1 + j))), another way to the same number, at more digits than anybody needs."""
    for i, j, x in (("0.0087", "0.0431", 1), ("0.0163", "0.0499", 2555), ("-0.001", "0.0385", 1234), ("0.05", "0", 92)):
        with localcontext(prec=60):
            expected = (D(x) / 365 * ((1 + D(i)).ln() - (1 + D(j)).ln())).exp()
        assert abs(mva_factor(D(i), D(j), x) - expected) < D("1e-25")


def test_mva_5_the_factor_is_rounded_half_up_to_the_places_of_the_terms() -> None:
    found = adjusted("0.04", "0.06", factor_places=6)
    assert found.factor == D("0.952774")
    assert found.unrounded.quantize(D("1e-20"), ROUND_HALF_UP) == D("0.95277433610503959423")


@pytest.mark.parametrize(
    ("day", "counted_from"),
    [
        ("2021-07-12", "2021-07-14"),  # Monday: the Wednesday to come
        ("2021-07-14", "2021-07-14"),
        ("2021-07-16", "2021-07-14"),  # Friday: the Wednesday past
        ("2021-07-18", "2021-07-14"),  # Sunday still belongs to the week
        ("2021-07-19", "2021-07-21"),
        ("2022-01-03", "2022-01-05"),  # a week runs on over the new year
        ("2021-12-31", "2021-12-29"),
    ],
)
def test_mva_3_x_counts_from_the_wednesday_of_the_week(day: str, counted_from: str) -> None:
    wednesday = date.fromisoformat(counted_from)
    expected = (wednesday, (MATURITY - wednesday).days)
    assert days_remaining(MATURITY, date.fromisoformat(day)) == expected


@pytest.mark.parametrize(
    ("maturity", "day", "days"),
    [
        ("2021-07-16", "2021-07-15", 2),  # the term still runs; x is from the Wednesday before
        ("2021-07-15", "2021-07-13", 1),
        ("2021-07-14", "2021-07-12", 0),
        ("2021-07-13", "2021-07-12", 0),  # one day before the Wednesday, not -1
        ("2021-07-12", "2021-07-16", 0),
    ],
)
def test_mva_3_x_is_never_below_zero(maturity: str, day: str, days: int) -> None:
    assert days_remaining(date.fromisoformat(maturity), date.fromisoformat(day))[1] == days


@pytest.mark.parametrize(("weekday", "days"), [(1, 929), (3, 927), (5, 925), (7, 923)])
def test_mva_3_the_weekday_is_a_term_of_the_contract(weekday: int, days: int) -> None:
    assert adjusted("0.04", "0.06", count_from_weekday=weekday).days == days


def test_mva_8_at_maturity_and_where_waived_the_factor_is_one_whatever_the_yields() -> None:
    mva = MvaTerms(yield_series="CMT")
    for day, waived in ((MATURITY, False), (date(2024, 2, 1), False), (WEDNESDAY, True)):
        found = adjust(Market(), mva, a_lot(), day, waived=waived)
        assert found is not None
        assert (found.rule, found.factor, found.unrounded, found.days) == ("MVA-8", D(1), D(1), None)
