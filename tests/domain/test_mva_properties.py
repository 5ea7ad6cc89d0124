"""MVA-6, MVA-7, MVA-9, GEN-7: what holds of every aggregate, whether it counts or not, whatever is held."""

from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts_schema.terms import AccountType
from contracts_schema.values import changed
from services.domain.state import Account, Lot, Participant, Step
from services.domain.verdicts import Done
from tests.domain.gaa import day, leg
from tests.domain.holders import CENT, check, closed, holders, quantities, withdraw, worth

D = Decimal
ONLY_POSITIVE = {"reason": "lifetime_income"}
FACTORS = [D("1.0516"), D("1.0000"), D("0.9500")]  # of terms alike from the second, third and first week


@given(holders(), quantities)
def test_mva_7_only_positive_is_never_worse_than_ordinary(holder: Participant, quantity: dict[str, Any]) -> None:
    """As much is paid and no more taken, or as much taken and no less paid; what ordinarily pays, pays."""
    ordinary, positive = withdraw(holder, **quantity), withdraw(holder, **quantity, **ONLY_POSITIVE)
    if isinstance(ordinary, Done):
        assert isinstance(positive, Done)
        assert positive.body["paid"] >= ordinary.body["paid"]
        assert positive.body["gross"] <= ordinary.body["gross"]


@given(holders(), quantities)
def test_mva_7_the_ordinary_aggregate_decides(holder: Participant, quantity: dict[str, Any]) -> None:
    """Not negative, it counts: the confirmations agree but for the reason. Negative, what is taken is paid."""
    ordinary, positive = withdraw(holder, **quantity), withdraw(holder, **quantity, **ONLY_POSITIVE)
    if isinstance(ordinary, Done) and isinstance(positive, Done):
        aggregate = ordinary.body["paid"] - ordinary.body["gross"]
        if aggregate >= 0:
            assert positive.participant == ordinary.participant
            assert positive.body["paid"] == ordinary.body["paid"]
        else:
            assert positive.body["paid"] == positive.body["gross"]
            assert positive.body["mva"].not_applied_by == "MVA-7"


@given(holders(), quantities, st.sampled_from(["in_service", "lifetime_income"]))
def test_gen_7_proceeds_adjustment_and_what_remains_make_the_value_before(
    holder: Participant, quantity: dict[str, Any], reason: str
) -> None:
    done = withdraw(holder, **quantity, reason=reason)
    if isinstance(done, Done):
        check(holder, done)
        block = done.body["mva"]
        counted = block.aggregate if block and block.not_applied_by is None else D(0)
        remains = worth(done.participant) - done.body["rounding"]
        assert done.body["paid"] - counted + remains == worth(holder)


@given(holders(), quantities, st.sampled_from(["in_service", "lifetime_income"]))
def test_mva_6_the_aggregate_is_the_sum_of_the_lines(
    holder: Participant, quantity: dict[str, Any], reason: str
) -> None:
    """Also where it does not count: then every line says what its factor would have made, to the cent."""
    done = withdraw(holder, **quantity, reason=reason)
    if isinstance(done, Done) and done.body["mva"]:
        block = done.body["mva"]
        assert block.aggregate == sum((line.adjustment for line in block.lines), D(0))
        if block.not_applied_by is not None:
            assert all(abs(line.taken * (line.factor - 1) - line.adjustment) <= D("0.005") for line in block.lines)


@given(holders(), st.decimals("0.01", "50000", places=2))
def test_mva_7_a_dollar_request_pays_that_dollar_or_there_is_less_either_way(
    holder: Participant, amount: Decimal
) -> None:
    verdict = withdraw(holder, amount=str(amount), **ONLY_POSITIVE)
    if isinstance(verdict, Done):
        assert verdict.body["paid"] == amount
    else:
        (reason,) = verdict
        full = withdraw(holder, full=True, **ONLY_POSITIVE)
        most = full.body["paid"] if isinstance(full, Done) else D(0)
        assert most < amount
        assert D(reason.numbers["available_after_mva"]) == most


# Equal terms: the first three weeks' lots made alike, at factors that differ where each stands by itself.

MATURITY = day("2024-01-06")
units = st.decimals("1", "20000", places=2)


def alike(units_held: list[Decimal], equal: Step) -> Participant:
    """A participant with a lot from each of the three adjacent deposit periods, alike but for their units."""
    weeks: dict[object, Lot] = {lot.period_start: lot for lot in closed()[1]}
    lots = tuple(
        changed(lot, lot=f"GAA-{at}", years=3, maturity=MATURITY, steps=(equal,), units=held)
        for at, (lot, held) in enumerate(zip(weeks.values(), units_held, strict=True))
    )
    account = Account(AccountType.PRETAX, day("2021-01-04"), (), (), lots, lots_made=9)
    return Participant("C1", "P1", accounts=(account,))


@given(st.lists(units, min_size=3, max_size=3), st.floats(0.01, 1), st.randoms())
def test_mva_9_the_order_of_equal_lots_is_irrelevant_to_the_total(
    held: list[Decimal], at: float, random: Random
) -> None:
    """Whichever of them is drawn first: the same dollars take the same value, for all have the best factor."""
    other = list(held)
    random.shuffle(other)
    amount = max(CENT, (sum(held) * D(at)).quantize(CENT))
    found = [withdraw(alike(each, Step(D(0), MATURITY)), amount=str(amount)) for each in (held, other)]
    first, second = found
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert first.body["gross"] == second.body["gross"]
    assert {line.factor for each in (first, second) for line in each.body["mva"].lines} == {FACTORS[0]}


@given(st.lists(units, min_size=3, max_size=3), st.decimals("0.01", "100", places=2))
def test_mva_9_equal_terms_are_never_worse_off_than_each_by_itself(held: list[Decimal], percent: Decimal) -> None:
    """The same three lots at rates that differ by a trifle share nothing."""
    account = alike(held, Step(D(0), MATURITY)).accounts[0]
    apart = tuple(changed(lot, steps=(Step(D(at).scaleb(-20), MATURITY),)) for at, lot in enumerate(account.lots))
    single = Participant("C1", "P1", accounts=(changed(account, lots=apart),))
    legs = [leg("GAA", 3)]
    together = withdraw(alike(held, Step(D(0), MATURITY)), percent=str(percent), **{"from": legs})
    each = withdraw(single, percent=str(percent), **{"from": legs})
    if isinstance(together, Done) and isinstance(each, Done):
        assert {line.factor for line in each.body["mva"].lines} <= set(FACTORS)
        assert together.body["paid"] >= each.body["paid"]
