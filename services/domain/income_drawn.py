"""What an income election takes of an account (INC-1, MVA-7).

It is drawn as a withdrawal for income would be (WDL-1..3). Guaranteed terms cannot fund income, so what is taken of
them is transferred out of them by the election itself, with their adjustment: for a lifetime option only a positive
aggregate counts, for others either (MVA-7). GAA-4 bars transfers, not this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from contracts_schema.income_election import IncomeElection, IncomeFrom
from contracts_schema.options import GuaranteedOption
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.values import Value
from services.domain.allocation import split
from services.domain.choosing import choice_defects, overlapping
from services.domain.draws import Draw, Source, draw_gross, draw_net, everything, value_of
from services.domain.loans import beyond_loans
from services.domain.numbers import ZERO, cents
from services.domain.positive import Draws, at_par, par_stands
from services.domain.selling import Sale
from services.domain.sources import Drawable, View, by_guaranteed_term, option_sources, whole_account
from services.domain.state import AllocationShare, Participant
from services.domain.verdicts import Refused, finding

Part = tuple[Source, ...]


class Drawn(Value, frozen=True):
    """What is sold, and the rule by which a negative aggregate does not count for it, if there is one."""

    sales: tuple[Sale, ...]
    only_positive: str | None

    @property
    def taken(self) -> Decimal:
        """The value taken, before adjustment."""
        return sum((sale.draw.taken for sale in self.sales), ZERO)

    @property
    def pays(self) -> Decimal:
        """What that comes to, after adjustment."""
        return sum((sale.draw.pays for sale in self.sales), ZERO)


def leg_defects(view: View, legs: Sequence[IncomeFrom]) -> Iterator[Finding]:
    """GEN-3, GAA-6, WDL-11: legs of options that the contract has, and that are held."""
    for at, leg in enumerate(legs):
        yield from choice_defects(view.at.terms, view.account, leg, f"instruction.from[{at}]")
    yield from overlapping(legs)


def drawn(view: View, participant: Participant, order: IncomeElection) -> Drawn | Refused:
    """What is taken of an account, or why there is not so much."""
    drawable = _parts(view, order.from_)
    refused = tuple(found for part in drawable for found in part.refused)
    if refused:
        return refused
    parts = [part.sources for part in drawable]
    wanted = _wanted(view, order, parts)
    only_positive = _only_positive(view, order)
    taken = _taken(order, parts, wanted)
    if only_positive is not None:
        level = [at_par(part) for part in parts]
        taken_at_par = _taken(order, level, wanted)
        short = [d for part, draws in zip(parts, taken, strict=True) if draws is None for d in everything(part)]
        if par_stands(taken, taken_at_par, short):
            parts, taken = level, taken_at_par
    refused = tuple(
        _insufficient(part, dollars) for part, dollars, draws in zip(parts, wanted, taken, strict=True) if draws is None
    )
    if refused:
        return refused
    found = Drawn(tuple(Sale(draw) for draws in taken for draw in draws or ()), only_positive)
    refused = tuple(beyond_loans(view.at, participant, view.account, found.taken))
    return refused or found


def _parts(view: View, legs: Sequence[IncomeFrom] | None) -> list[Drawable]:
    """What is drawn separately: each leg with a percentage of its own, else all that was chosen together, in the
    contract's order.
    """
    if legs is None:
        return [whole_account(view)]
    if legs[0].percent is not None:
        return [_leg(view, leg) for leg in legs]
    rank, together = view.at.terms.rank, Drawable()
    for leg in sorted(legs, key=lambda leg: (rank[leg.option], leg.term or 0, leg.classification != "short")):
        together = together.and_also(_leg(view, leg))
    return [together]


def _leg(view: View, leg: IncomeFrom) -> Drawable:
    option = view.at.terms.option_named(leg.option)
    assert option is not None, "legs were checked against the terms"
    return option_sources(view, option, leg, by_guaranteed_term)


def _only_positive(view: View, order: IncomeElection) -> str | None:
    """The rule by which a negative aggregate does not count: for lifetime payments it never does (MVA-7)."""
    guaranteed = any(isinstance(option, GuaranteedOption) for option in view.at.terms.built_options)
    return "MVA-7" if guaranteed and order.annuity == "lifetime" else None


def _wanted(view: View, order: IncomeElection, parts: list[Part]) -> list[Decimal]:
    """Dollars wanted of each part; for a percentage, of the value of what was chosen (WDL-3, DEP-2)."""
    values = [_value(part) for part in parts]
    if order.full:
        return values
    total = order.amount if order.amount is not None else cents(sum(values, ZERO) * (order.percent or 0) / 100)
    shares = tuple(
        AllocationShare(leg.option, leg.term, leg.percent) for leg in order.from_ or () if leg.percent is not None
    )
    return split(view.at.terms, shares, total) if shares else [total]


def _taken(order: IncomeElection, parts: list[Part], wanted: list[Decimal]) -> Draws:
    return [_take(order, part, dollars) for part, dollars in zip(parts, wanted, strict=True)]


def _take(order: IncomeElection, part: Part, dollars: Decimal) -> list[Draw] | None:
    """Dollars are what is applied; a percentage, and all of it, what is taken (WDL-3)."""
    return draw_gross(part, dollars) if order.amount is None else draw_net(part, dollars)


def _insufficient(part: Part, wanted: Decimal) -> Finding:
    payable = sum((draw.pays for draw in everything(part)), ZERO)
    return finding(Reason.INSUFFICIENT_VALUE, requested=wanted, available=_value(part), available_after_mva=payable)


def _value(part: Part) -> Decimal:
    return sum((value_of(source) for source in part), ZERO)
