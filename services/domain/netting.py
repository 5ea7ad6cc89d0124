"""What is left of draws when a charge and a tax come off, and net amounts where they do (WDL-4, DEP-1, WDL-14).

The charge and the tax are reckoned of everything that bears the same percentage, and rounded once. A net amount is what
is left: the share taken of every source solves that, what is taken is rounded, and the cents left over go to the
adjustment of the largest adjusted lot; where no lot is adjusted, a cent more is taken, or less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from operator import itemgetter

from contracts_schema.values import Value
from services.domain.draws import (
    Draw,
    Source,
    everything,
    fill,
    share_leaving,
    shared,
    value_of,
    with_missing,
)
from services.domain.numbers import CENT, ONE, ZERO, cents, whole_cents

Taking = tuple[Source, Decimal]
"""A source, and how much is taken of it."""


class Off(Value, frozen=True):
    """A percentage of dollars that comes off, rounded to the cent."""

    percent: Decimal
    base: Decimal

    @property
    def amount(self) -> Decimal:
        """The dollars that come off."""
        return cents(self.base * self.percent / 100)


def charges_off(draws: Iterable[Draw]) -> list[Off]:
    """The early withdrawal charge on draws, by percentage (WDL-4)."""
    bases = [(draw.holding.deduction, draw) for draw in draws]
    return _summed(
        (deduction.charge, draw.pays if deduction.after_adjustment else draw.taken)
        for deduction, draw in bases
        if deduction is not None
    )


def taxes_off(draws: Iterable[Draw]) -> list[Off]:
    """The premium tax on draws, by percentage (DEP-1)."""
    deductions = [(draw.holding.deduction, draw.taken) for draw in draws]
    return _summed((deduction.tax, taken) for deduction, taken in deductions if deduction is not None)


def _summed(parts: Iterable[tuple[Decimal, Decimal]]) -> list[Off]:
    bases: dict[Decimal, Decimal] = {}
    for percent, dollars in parts:
        if percent:
            bases[percent] = bases.get(percent, ZERO) + dollars
    return [Off(percent, base) for percent, base in sorted(bases.items(), key=itemgetter(0))]


def left_of(draws: Sequence[Draw]) -> Decimal:
    """What draws pay, less what comes off."""
    pays = sum([draw.pays for draw in draws], ZERO)
    if not [draw for draw in draws if draw.holding.deduction is not None]:
        return pays
    return pays - sum([each.amount for each in (*charges_off(draws), *taxes_off(draws))], ZERO)


def take_net(tiers: Sequence[Sequence[Source]], amount: Decimal) -> list[Taking] | None:
    """How much to take of each source, the first tier before the next, so that as many dollars are left, but for cents;
    None if of all there is less is left.
    """
    takings: list[Taking] = []
    for sources in tiers:
        worth = left_of(everything(sources))
        if amount >= worth > 0:
            takings += [(source, value_of(source)) for source in sources]
            amount -= worth
        elif worth > 0:
            takings += _leaving(sources, amount)
            amount = ZERO
        if not amount:
            return takings
    return None


def _leaving(sources: Sequence[Source], amount: Decimal) -> list[Taking]:
    """The same share of every source, of which about the amount is left; where no lot is adjusted, that of the fewest
    dollars of which as much is left.
    """
    values = [value_of(source) for source in sources]
    share = share_leaving(sources, values, amount)
    takings = [(source, min(cents(share * value), value)) for source, value in zip(sources, values, strict=True)]
    if _adjusted(drawn(takings)):
        return takings
    total, most = whole_cents(share * sum(values, ZERO)), sum(values, ZERO)
    while left_of(drawn(takings := [*zip(sources, shared(total, values), strict=True)])) < amount and total < most:
        total += CENT
    return takings


def _adjusted(draws: Iterable[Draw]) -> bool:
    return any(draw.holding.factor != ONE for draw in draws)


def drawn(takings: Iterable[Taking]) -> list[Draw]:
    """The draws that take so much of each source, oldest holding first (WDL-2)."""
    of = [*takings]
    return fill([source for source, _ in of], [taken for _, taken in of])


def squared(takings: Sequence[Taking], amount: Decimal) -> list[Draw] | None:
    """The draws with the cents that are left over where they belong, so that exactly the amount is left; None where
    there is no cent more to take.
    """
    draws = drawn(takings)
    if _adjusted(draws):
        while missing := amount - left_of(draws):
            draws = with_missing(draws, missing)
        return draws
    return _retaken([*takings], amount)


def _retaken(takings: list[Taking], amount: Decimal) -> list[Draw] | None:
    """Cent by cent more, or less: a cent taken changes what is left by a cent at most, so that no amount is missed.

    The largest source that is not taken whole gives it, so that an account that was to be emptied stays so.
    """
    order = sorted(range(len(takings)), key=lambda at: (takings[at][1] == value_of(takings[at][0]), -takings[at][1]))
    while missing := amount - left_of(drawn(takings)):
        step = CENT if missing > 0 else -CENT
        at = next((at for at in order if 0 <= takings[at][1] + step <= value_of(takings[at][0])), None)
        if at is None:
            return None
        source, taken = takings[at]
        takings[at] = (source, taken + step)
    return drawn(takings)
