"""Hypothesis strategies, shared by every test that states a property."""

from decimal import Decimal

from hypothesis import strategies as st

from services.domain.draws import Holding, Source
from services.domain.mva import Adjustment
from tests.domain.gaa import lot

dollars = st.decimals("0.01", "250000", places=2)
factors = st.decimals("0.5", "1.5", places=4)


@st.composite
def holdings(draw: st.DrawFn) -> Holding:
    """A fund, or a lot at any factor."""
    factor = draw(st.none() | st.just(Decimal("1.0000")) | factors)
    if factor is None:
        return Holding("fund", draw(dollars))
    return Holding("GAA", draw(dollars), Adjustment(lot("2021-01-05"), "MVA-2", factor, factor))


@st.composite
def sources(draw: st.DrawFn) -> list[Source]:
    """One to five sources of one to three holdings."""
    source = st.lists(holdings(), min_size=1, max_size=3).map(tuple)
    return draw(st.lists(source, min_size=1, max_size=5))
