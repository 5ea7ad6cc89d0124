"""MVA-1: Treasury rates as they were published and corporate spreads made up here, on which Fridays, for how long."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts_schema.options import MvaTerms
from contracts_schema.reference import ConstantMaturityPoint, MarketYields
from services.domain.market import Market, YieldHistory
from services.domain.mva import Adjustment, Average, adjust
from services.domain.state import Lot
from tests.domain import gaa
from tests.domain.treasury import Curve, curves

D = Decimal
TERMS = {
    "method": "one",
    "yield_source": "constant_maturity",
    "yield_series": "CMT",
    "spread_series": "CORP",
}
SPREADS: dict[date, Curve] = {
    date(2021, 4, 2): ((1, "1.00"), (3, "1.10")),
    date(2021, 4, 9): ((1, "1.00"), (3, "1.20")),
    date(2021, 4, 16): ((3, "1.00"),),
    date(2021, 4, 23): ((3, "0.90"),),
    date(2021, 4, 30): ((3, "9.00"),),  # April 2021 has five Fridays
    date(2022, 11, 10): ((1, "1.50"), (3, "1.90")),
}


def history(series: str, published: Mapping[date, Curve], last: date) -> YieldHistory:
    """What a series published by a day."""
    messages = tuple(
        MarketYields(
            series=series,
            date=day,
            constant_maturity=tuple(ConstantMaturityPoint(years=years, percent=D(percent)) for years, percent in curve),
        )
        for day, curve in sorted(published.items())
        if day <= last
    )
    return YieldHistory(tuple(message.date for message in messages), messages)


def adjustment(
    lot: Lot,
    day: str,
    rates: Mapping[date, Curve] | None = None,
    spreads: Mapping[date, Curve] | None = None,
    **terms: object,
) -> Adjustment | None:
    """A lot's adjustment on a trade date; rates and spreads are the Treasury's and `SPREADS` unless given."""
    on = date.fromisoformat(day)
    known = {"CMT": curves() if rates is None else rates, "CORP": SPREADS if spreads is None else spreads}
    market = Market(yields={series: history(series, published, on) for series, published in known.items()})
    return adjust(market, MvaTerms.model_validate({**TERMS, **terms}), lot, on, waived=False)


def a_lot(deposited: str, maturity: str = "2027-12-31", years: int = 3) -> Lot:
    return gaa.lot(deposited, (("0", maturity),), years=years)


def rates_of(average: Average) -> list[tuple[str, str, str]]:
    """(Friday, published on, rate) of every rate in an average."""
    return [(str(used.for_date), str(used.published_on), str(used.rate)) for used in average.used]


def fridays(found: Adjustment | None) -> list[str]:
    """The days that a and i are of."""
    assert found is not None
    assert found.deposit is not None
    assert found.deposit.spread is not None
    wanted = [str(used.for_date) for used in found.deposit.treasury.used]
    assert [str(used.for_date) for used in found.deposit.spread.used] == wanted
    return wanted


def previous_friday(found: Adjustment | None) -> tuple[str, str]:
    """(wanted for, published on) of the one rate in b."""
    assert found is not None
    assert found.current is not None
    (used,) = found.current.treasury.used
    return str(used.for_date), str(used.published_on)


FLAT = dict.fromkeys((date(2020, 12, 31), *curves()), ((3, "1"),))
"""A spread of 1% that is published on every day."""


def test_mva_1_a_b_i_and_j_by_hand() -> None:
    """Three years from 6 April 2021 to 6 April 2024, taken on Monday 14 November 2022.

    a: 3 years on the 2nd (Good Friday: rates, no exchange), 9th, 16th and 23rd, (.39 + .35 + .34 + .34)/4 = .355%; the
    fifth Friday does not count. i: (1.10 + 1.20 + 1.00 + .90)/4 = 1.05%. x: 507 days from Wednesday the 16th, 1.389041
    years. b and j: for Veterans Day, Friday the 11th, what was published on the 10th: 4.59 - .25 × .389041 = 4.492740%
    and 1.50 + .40 × .389041/2 = 1.577808%. (1.01405/1.06070548)^(507/365) = .939430.
    """
    found = adjustment(a_lot("2021-04-06", "2024-04-06"), "2022-11-14")
    assert found is not None
    assert found.deposit is not None
    assert found.current is not None
    assert found.deposit.spread is not None
    assert found.current.spread is not None
    assert rates_of(found.deposit.treasury) == [
        ("2021-04-02", "2021-04-02", "0.003900000000"),
        ("2021-04-09", "2021-04-09", "0.003500000000"),
        ("2021-04-16", "2021-04-16", "0.003400000000"),
        ("2021-04-23", "2021-04-23", "0.003400000000"),
    ]
    assert [rate for _, _, rate in rates_of(found.deposit.spread)] == [
        "0.011000000000",
        "0.012000000000",
        "0.010000000000",
        "0.009000000000",
    ]
    assert (found.deposit.treasury.rate, found.deposit.spread.rate) == (D("0.00355"), D("0.0105"))
    assert found.deposit.rate == D("0.01405")
    assert rates_of(found.current.treasury) == [("2022-11-11", "2022-11-10", "0.044927397260")]
    assert rates_of(found.current.spread) == [("2022-11-11", "2022-11-10", "0.015778082192")]
    assert round(found.current.rate, 12) == D("0.060705479452")
    assert (found.days, str(found.count_from), round(found.unrounded, 6)) == (507, "2022-11-16", D("0.939430"))
    assert (found.rule, found.method, found.factor) == ("MVA-1", "one", D("0.9394"))


def test_mva_1_the_corresponding_term_is_the_duration_offered() -> None:
    """Five years on the four Fridays of April 2021, whatever the maturity: (.97 + .87 + .84 + .83)/4 = .8775%."""
    found = adjustment(a_lot("2021-04-06", "2026-06-30", years=5), "2022-11-14")
    assert found is not None
    assert found.deposit is not None
    assert found.deposit.treasury.rate == D("0.008775")


def test_mva_1_between_and_beyond_the_published_maturities() -> None:
    """Four years, between 3 and 5, on the four Fridays: (.68 + .61 + .59 + .585)/4 = .61625%; the spread is flat."""
    found = adjustment(a_lot("2021-04-06", years=4), "2022-11-14")
    assert found is not None
    assert found.deposit is not None
    assert found.deposit.spread is not None
    assert (found.deposit.treasury.rate, found.deposit.spread.rate) == (D("0.0061625"), D("0.0105"))


@pytest.mark.parametrize(
    ("day", "wanted", "published"),
    [
        ("2021-04-05", "2021-04-02", "2021-04-02"),  # Good Friday: no exchange, but rates
        ("2023-04-10", "2023-04-07", "2023-04-07"),  # Good Friday again
        ("2022-11-14", "2022-11-11", "2022-11-10"),  # Veterans Day: the exchange is open, no rates
        ("2022-11-17", "2022-11-11", "2022-11-10"),
        ("2022-11-18", "2022-11-11", "2022-11-10"),  # a Friday: the previous one lies strictly before
        ("2022-11-21", "2022-11-18", "2022-11-18"),
        ("2022-11-23", "2022-11-18", "2022-11-18"),
    ],
)
def test_mva_4_the_previous_friday_lies_strictly_before_the_trade_date(day: str, wanted: str, published: str) -> None:
    found = adjustment(a_lot("2021-01-29"), day, spreads=FLAT, rates={date(2020, 12, 31): ((3, "1"),), **curves()})
    assert previous_friday(found) == (wanted, published)


@pytest.mark.parametrize(
    ("deposited", "day", "wanted"),
    [
        ("2021-04-01", "2021-04-05", ["2021-04-02"]),
        ("2021-04-01", "2021-04-09", ["2021-04-02"]),  # a Friday is not before itself
        ("2021-04-06", "2021-04-12", ["2021-04-02", "2021-04-09"]),  # the first lies before the deposit
        ("2021-04-30", "2021-05-03", ["2021-04-02", "2021-04-09", "2021-04-16", "2021-04-23"]),  # not the fifth
        ("2022-11-30", "2022-12-05", ["2022-11-04", "2022-11-11", "2022-11-18", "2022-11-25"]),  # there are four
    ],
)
def test_mva_4_the_fridays_of_the_month_of_deposit_before_the_trade_date(
    deposited: str, day: str, wanted: list[str]
) -> None:
    assert fridays(adjustment(a_lot(deposited), day, spreads=FLAT)) == wanted


def test_mva_4_before_the_first_friday_the_last_rates_before_the_deposit() -> None:
    """Deposited on Tuesday 1 November 2022, taken on Friday the 4th: 31 October's 4.45% and not the 1st's."""
    found = adjustment(a_lot("2022-11-01"), "2022-11-04", spreads=FLAT)
    assert found is not None
    assert found.deposit is not None
    assert rates_of(found.deposit.treasury) == [("2022-10-31", "2022-10-31", "0.044500000000")]
    assert previous_friday(found) == ("2022-10-28", "2022-10-28")


def test_mva_4_a_friday_without_rates_has_the_last_before_it() -> None:
    """1 January 2021 is a Friday; 3 years on 31 December (made up), 8 January: (.17 + .24)/2 = .205%."""
    rates = {date(2020, 12, 31): ((3, "0.17"),), **curves()}
    found = adjustment(a_lot("2021-01-05"), "2021-01-13", rates, FLAT)
    assert found is not None
    assert found.deposit is not None
    assert rates_of(found.deposit.treasury)[0] == ("2021-01-01", "2020-12-31", "0.001700000000")
    assert found.deposit.treasury.rate == D("0.00205")


def test_mva_1_nothing_is_guessed_where_rates_or_spreads_begin_too_late() -> None:
    """A Friday before the first rates or spreads on the books, in a, i, b or j, leaves no factor."""
    rates = {date(2020, 12, 31): ((3, "0.17"),), **curves()}
    later = {day: curve for day, curve in FLAT.items() if day >= date(2021, 1, 4)}
    lot = a_lot("2021-01-05")
    assert adjustment(lot, "2021-01-13", rates, FLAT) is not None
    assert adjustment(lot, "2021-01-13", curves(), FLAT) is None  # no rate for 1 January
    assert adjustment(lot, "2021-01-13", rates, later) is None  # no spread for it
    assert adjustment(lot, "2021-01-13", rates, {}) is None  # no spreads at all
    february = a_lot("2021-02-02")
    assert adjustment(february, "2021-02-03", {date(2021, 2, 1): ((3, "1"),)}, FLAT) is None  # none for 29 January
    assert adjustment(february, "2021-02-03", rates, {date(2021, 2, 1): ((3, "1"),)}) is None


@pytest.mark.parametrize(
    ("maturity", "day", "days", "basis"),
    [
        ("2022-11-18", "2022-11-17", 2, "1y 4.59%"),  # both flat below the shortest
        ("2022-11-16", "2022-11-14", 0, "1y 4.59%"),
        ("2022-11-15", "2022-11-14", 0, "1y 4.59%"),  # matures before the Wednesday that x is from
    ],
)
def test_mva_1_the_last_week(maturity: str, day: str, days: int, basis: str) -> None:
    """With x at 0 it is 1 whatever the yields; two days: (1.01405/1.0609)^(2/365) = .999753 -> .9998."""
    found = adjustment(a_lot("2021-04-06", maturity), day)
    assert found is not None
    assert found.current is not None
    assert (found.days, found.current.treasury.used[0].basis) == (days, basis)
    assert (found.rule, found.factor) == ("MVA-1", D("0.9998") if days else D("1.0000"))


def test_mva_8_at_maturity_there_is_nothing_to_reckon() -> None:
    found = adjustment(a_lot("2021-04-06", "2022-11-14"), "2022-11-14", {}, {})
    assert found is not None
    assert (found.rule, found.factor, found.method, found.days) == ("MVA-8", D("1.0000"), "one", None)


def test_mva_1_the_weekdays_and_weeks_are_terms_of_the_contract() -> None:
    """The first three Thursdays of April 2021, 3 years: (.35 + .33 + .32)/3 = .333333%; x from Monday."""
    terms: dict[str, Any] = {"yield_weekday": 4, "yield_weeks": 3, "count_from_weekday": 1}
    found = adjustment(a_lot("2021-04-06", "2024-04-08"), "2022-11-18", spreads=FLAT, **terms)
    assert fridays(found) == ["2021-04-01", "2021-04-08", "2021-04-15"]
    assert previous_friday(found) == ("2022-11-17", "2022-11-17")
    assert found is not None
    assert found.deposit is not None
    assert round(found.deposit.treasury.rate, 10) == D("0.0033333333")
    assert (str(found.count_from), found.days) == ("2022-11-14", 511)  # 365 to 14 November 2023, then 146


def test_mva_1_the_same_corporate_yields_on_both_sides_leave_everything_as_it_was() -> None:
    """A higher Treasury rate with a spread that is as much lower: a + i = b + j."""
    rates: dict[date, Curve] = {date(2021, 4, 1): ((3, "1.00"),), date(2021, 5, 6): ((3, "1.70"),)}
    spreads: dict[date, Curve] = {date(2021, 4, 1): ((3, "2.00"),), date(2021, 5, 6): ((3, "1.30"),)}
    found = adjustment(a_lot("2021-04-06"), "2021-05-12", rates, spreads)
    assert found is not None
    assert (found.unrounded, found.factor) == (D(1), D("1.0000"))
