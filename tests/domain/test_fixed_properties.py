"""GEN-5 for the indexes of accounts: whatever is closed when, and looked at how often, a dollar grows to the same."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.domain.folding import market_of
from tests.domain.books import fixed_account_2
from tests.domain.books_fixed import fixed_plus
from tests.domain.fixed_markets import Rates, applied, folded, index

START = date(2021, 1, 4)
DECLARED = st.sampled_from(["0.02", "0.03", "0.0375", "0.05"])
RATES = st.lists(DECLARED, min_size=2, max_size=40)
LOOKED = st.sets(st.integers(1, 39))


def day(at: int) -> str:
    return str(START + timedelta(days=at))


def closes(count: int, looked: set[int]) -> list[str]:
    """The days closed: the first, those looked at, and the end."""
    return [day(at) for at in sorted({0, count, *(at for at in looked if at < count)})]


def a_day(rates: list[str], minimum: str = "") -> Rates:
    return [(day(at), rate + minimum) for at, rate in enumerate(rates)]


def ten_years_before(at: int) -> str:
    then = START + timedelta(days=at)
    return str(then.replace(year=then.year - 10))


@given(RATES, LOOKED, st.integers(-5, 45))
def test_gen_5_fix_4_an_index_does_not_depend_on_the_days_that_were_closed(
    rates: list[str], looked: set[int], anniversary: int
) -> None:
    opened = ten_years_before(anniversary)
    found = {
        index(market_of(rows) if restored else market, day(len(rates)), opened)
        for days in (closes(len(rates), looked), closes(len(rates), set(range(40))))
        for market, rows in [folded(fixed_plus(), days, a_day(rates))]
        for restored in (False, True)
    }
    assert len(found) == 1


@given(RATES, LOOKED, st.integers(-5, 45))
def test_gen_5_fix_4_at_no_day_is_less_credited_than_without_it(
    rates: list[str], looked: set[int], anniversary: int
) -> None:
    opened = ten_years_before(anniversary)
    days = closes(len(rates), looked)
    market, _ = folded(fixed_plus(), days, a_day(rates))
    for each in days:
        plain, more = index(market, each, "2020-01-02"), index(market, each, opened)
        assert (more > plain) == (each > day(max(anniversary, 0)))


@given(RATES, LOOKED, st.integers(0, 39))
def test_gen_5_fix_7_money_does_not_depend_on_the_days_that_were_closed(
    rates: list[str], looked: set[int], since: int
) -> None:
    option, begun = fixed_account_2(rate_basis="when_applied"), day(since % len(rates))
    found = {
        applied(market_of(rows) if restored else market, day(len(rates)), begun)
        for days in (closes(len(rates), looked), closes(len(rates), set(range(40))))
        for market, rows in [folded(option, days, a_day(rates, "/0.025"))]
        for restored in (False, True)
    }
    assert len(found) == 1
