"""How much is taken from where: pro rata, oldest first, net solved and not approximated (WDL-1..3, WDL-14).

A source is what the rules treat as one option: a fund, a fixed option, or the lots of a guaranteed term in
the order in which they are drawn. A draw takes the same share of each source's value before adjustment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from contracts_schema.terms import AccountType
from contracts_schema.values import Value
from services.domain.mva import Adjustment
from services.domain.numbers import ONE, ZERO, cents, whole_cents


class Deduction(Value, frozen=True):
    """What comes off a withdrawal, in percent of the value taken: the early withdrawal charge (WDL-4), which may be of
    what that is after its adjustment instead, and premium tax (DEP-1).
    """

    charge: Decimal
    tax: Decimal
    after_adjustment: bool = False

    def leaves(self, factor: Decimal) -> Decimal:
        """What of a dollar taken at a factor is left, unrounded."""
        return factor - (self.charge * (factor if self.after_adjustment else ONE) + self.tax) / 100


class Holding(Value, frozen=True):
    """A position or a lot that can be drawn: its value in cents and, for a lot, its adjustment.

    At par what is taken is paid as it is, and the adjustment only says what it would have been (MVA-7). `account` is
    the Individual Account that it is in; without `deduction` nothing comes off what it pays. `applied` is the first day
    of the declared rate that was in effect when the money was applied, where that counts (FIX-7).
    """

    option: str
    value: Decimal
    adjustment: Adjustment | None = None
    at_par: bool = False
    account: AccountType | None = None
    deduction: Deduction | None = None
    applied: date | None = None

    @property
    def factor(self) -> Decimal:
        """The factor that what is taken is paid at: 1 for funds and fixed options."""
        return ONE if self.adjustment is None or self.at_par else self.adjustment.factor

    @property
    def leaves(self) -> Decimal:
        """What of a dollar taken is left after its adjustment and what comes off, unrounded."""
        return self.factor if self.deduction is None else self.deduction.leaves(self.factor)


Source = tuple[Holding, ...]


class Draw(Value, frozen=True):
    """What is taken of a holding and what it pays, in cents; the difference is its adjustment."""

    holding: Holding
    taken: Decimal
    pays: Decimal


def value_of(source: Source) -> Decimal:
    """A source's value before adjustment."""
    return sum((holding.value for holding in source), ZERO)


def everything(sources: Sequence[Source]) -> list[Draw]:
    """All there is, what is worth less than half a cent included; each lot pays its value × factor, rounded."""
    return [_draw(holding, holding.value) for source in sources for holding in source]


def draw_gross(sources: Sequence[Source], amount: Decimal) -> list[Draw] | None:
    """Take that many dollars of value, pro rata; None if there is less.

    Leftover cents of the shares go to the largest, ties to the first (DEP-2).
    """
    total = sum((value_of(source) for source in sources), ZERO)
    if amount > total:
        return None
    if amount == total:
        return everything(sources)
    return fill(sources, shared(amount, [value_of(source) for source in sources]))


def draw_net(sources: Sequence[Source], amount: Decimal) -> list[Draw] | None:
    """Take what pays exactly that many dollars, nothing coming off; None if all there is pays less.

    The share s of every source solves Σ payable = amount on the piecewise linear payable; what is taken is
    rounded, and the cents left over go to the adjustment of the largest lot drawn that has one, else as in
    `draw_gross` (WDL-1).
    """
    payable = sum((draw.pays for draw in everything(sources)), ZERO)
    if amount > payable:
        return None
    if amount == payable:
        return everything(sources)
    values = [value_of(source) for source in sources]
    share = share_leaving(sources, values, amount)
    draws = fill(sources, [min(cents(share * value), value) for value in values])
    if not any(draw.holding.factor != ONE for draw in draws):
        draws = fill(sources, shared(amount, values))
    return with_missing(draws, amount - sum((draw.pays for draw in draws), ZERO))


def with_missing(draws: list[Draw], missing: Decimal) -> list[Draw]:
    """The draws, cents that are missing (or, negative, too many) put on the adjustment of the largest adjusted lot."""
    if not missing:
        return draws
    carrier = max((draw for draw in draws if draw.holding.factor != ONE), key=lambda draw: draw.taken)
    return [Draw(draw.holding, draw.taken, draw.pays + missing) if draw is carrier else draw for draw in draws]


def share_leaving(sources: Sequence[Source], values: Sequence[Decimal], amount: Decimal) -> Decimal:
    """The share s at which what is left of s × value of every source is the amount: linear between the ends of lots."""
    low, paid_low = Decimal(0), Decimal(0)
    for high in _breakpoints(sources, values):
        paid_high = sum((_leaves(source, high * value) for source, value in zip(sources, values, strict=True)), ZERO)
        if paid_high >= amount:
            return low + (high - low) * (amount - paid_low) / (paid_high - paid_low)
        low, paid_low = high, paid_high
    return ONE


def _breakpoints(sources: Sequence[Source], values: Sequence[Decimal]) -> list[Decimal]:
    """Every share at which a source passes from one lot to the next, ascending, 1 the last."""
    found = {ONE}
    for source, value in zip(sources, values, strict=True):
        drawn = ZERO
        for holding in source:
            drawn += holding.value
            if value:
                found.add(drawn / value)
    return sorted(share for share in found if share > 0)


def _leaves(source: Source, taken: Decimal) -> Decimal:
    """What taking that much of a source, oldest first, leaves of it; unrounded."""
    left = Decimal(0)
    for holding in source:
        part = min(taken, holding.value)
        left, taken = left + part * holding.leaves, taken - part
    return left


def shared(amount: Decimal, values: Sequence[Decimal]) -> list[Decimal]:
    """An amount not above their sum shared in proportion to values, in whole cents.

    What is left over goes to the largest, as far as its value reaches, then to the next (DEP-2).
    """
    total = sum(values, ZERO)
    shares = [whole_cents(amount * value / total) if total else ZERO for value in values]
    left = amount - sum(shares, ZERO)
    for at in sorted(range(len(values)), key=lambda at: -values[at]):
        more = min(left, values[at] - shares[at])
        shares[at], left = shares[at] + more, left - more
    return shares


def fill(sources: Sequence[Source], amounts: Sequence[Decimal]) -> list[Draw]:
    """Take an amount of each source, oldest holding first (WDL-2)."""
    draws = []
    for source, amount in zip(sources, amounts, strict=True):
        left = amount
        for holding in source:
            part = min(left, holding.value)
            if part:
                draws.append(_draw(holding, part))
                left -= part
    return draws


def _draw(holding: Holding, taken: Decimal) -> Draw:
    return Draw(holding, taken, cents(taken * holding.factor))
