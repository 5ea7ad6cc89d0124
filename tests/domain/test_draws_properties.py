"""WDL-1, WDL-2, WDL-3, GEN-7: what holds of every draw, against a share found by halving intervals."""

from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.domain.draws import Draw, Source, draw_gross, draw_net, everything, value_of
from tests.strategies import sources

D = Decimal
CENT = D("0.01")


def taken_of(source: Source, draws: list[Draw]) -> Decimal:
    return sum((draw.taken for draw in draws if any(draw.holding is each for each in source)), D(0))


def paid_for(source: Source, share: Fraction) -> Fraction:
    """What a share of a source pays, oldest first, unrounded."""
    left, paid = share * Fraction(value_of(source)), Fraction(0)
    for each in source:
        part = min(left, Fraction(each.value))
        left, paid = left - part, paid + part * Fraction(each.factor)
    return paid


def share_paying(drawable: list[Source], amount: Decimal) -> Fraction:
    """The share that pays the amount, to one part in 2^60: by halving, as payable only grows."""
    low, high = Fraction(0), Fraction(1)
    for _ in range(60):
        middle = (low + high) / 2
        enough = sum(paid_for(source, middle) for source in drawable) >= Fraction(amount)
        low, high = (low, middle) if enough else (middle, high)
    return high


def part_of(whole: Decimal, at: float) -> Decimal:
    """An amount of at least a cent, that much of the whole."""
    return max(CENT, (whole * D(at)).quantize(CENT))


def oldest_first(drawable: list[Source], draws: list[Draw]) -> bool:
    """Nothing is drawn of a holding before all that stand before it in its source are drawn whole."""
    taken = {id(draw.holding): draw.taken for draw in draws}
    return all(
        taken.get(id(before), D(0)) == before.value
        for source in drawable
        for at, later in enumerate(source)
        if taken.get(id(later))
        for before in source[:at]
    )


@given(sources(), st.floats(0, 1))
def test_a_dollar_request_pays_that_dollar_whatever_the_factors(drawable: list[Source], at: float) -> None:
    payable = sum((draw.pays for draw in everything(drawable)), D(0))
    amount = min(part_of(payable, at), payable)
    draws = draw_net(drawable, amount)
    assert draws is not None
    assert sum((draw.pays for draw in draws), D(0)) == amount
    assert all(0 <= draw.taken <= draw.holding.value for draw in draws)
    assert oldest_first(drawable, draws)


@given(sources(), st.floats(0, 1))
def test_every_source_gives_the_same_share_to_the_cent(drawable: list[Source], at: float) -> None:
    """To a cent each; where no lot is adjusted, all cents left over are the largest's (DEP-2)."""
    payable = sum((draw.pays for draw in everything(drawable)), D(0))
    amount = min(part_of(payable, at), payable)
    draws, share = draw_net(drawable, amount) or [], share_paying(drawable, amount)
    for source in drawable:
        exact = share * Fraction(value_of(source))
        assert abs(Fraction(taken_of(source, draws)) - exact) <= Fraction(CENT) * len(drawable)


@given(sources(), st.floats(0, 1))
def test_adjustments_are_the_factors_but_for_cents(drawable: list[Source], at: float) -> None:
    payable = sum((draw.pays for draw in everything(drawable)), D(0))
    draws = draw_net(drawable, min(part_of(payable, at), payable)) or []
    exact = sum((draw.taken * (draw.holding.factor - 1) for draw in draws), D(0))
    adjustment = sum((draw.pays - draw.taken for draw in draws), D(0))
    assert abs(adjustment - exact) <= CENT * (len(drawable) + len(draws))
    assert all(draw.pays == draw.taken for draw in draws if draw.holding.adjustment is None), "funds pay what is taken"


@given(sources(), st.floats(0, 1))
def test_gross_takes_that_dollar_and_pays_each_part_times_its_factor(drawable: list[Source], at: float) -> None:
    total = sum((value_of(source) for source in drawable), D(0))
    amount = min(part_of(total, at), total)
    draws = draw_gross(drawable, amount)
    assert draws is not None
    assert sum((draw.taken for draw in draws), D(0)) == amount
    assert all(abs(draw.pays - draw.taken * draw.holding.factor) <= D("0.005") for draw in draws)
    assert oldest_first(drawable, draws)


@given(sources(), st.floats(0, 1), st.randoms())
def test_the_order_of_the_sources_is_irrelevant_to_the_totals(
    drawable: list[Source], at: float, random: Random
) -> None:
    payable = sum((draw.pays for draw in everything(drawable)), D(0))
    amount = min(part_of(payable, at), payable)
    shuffled = list(drawable)
    random.shuffle(shuffled)
    draws, others = draw_net(drawable, amount) or [], draw_net(shuffled, amount) or []
    assert sum(draw.taken for draw in draws) == sum(draw.taken for draw in others)


@given(sources())
def test_a_cent_more_than_there_is_is_refused(drawable: list[Source]) -> None:
    payable = sum((draw.pays for draw in everything(drawable)), D(0))
    total = sum((value_of(source) for source in drawable), D(0))
    assert draw_net(drawable, payable + CENT) is None
    assert draw_gross(drawable, total + CENT) is None
