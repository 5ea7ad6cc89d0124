"""What a withdrawal draws on, how much of it is wanted, and what that takes (WDL-1, WDL-2, WDL-3, DEP-2)."""

from __future__ import annotations

from decimal import Decimal

from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import WithdrawalFrom, WithdrawalReason, WithdrawalRequest
from services.domain.allocation import split
from services.domain.cases import Case
from services.domain.draws import Draw, Source, draw_gross, draw_net, everything, value_of
from services.domain.loans import lendable
from services.domain.numbers import ZERO, cents
from services.domain.positive import Draws
from services.domain.sources import Drawable, View, by_guaranteed_term, option_sources, whole_account
from services.domain.state import AllocationShare
from services.domain.verdicts import finding

Part = tuple[Source, ...]
"""What is drawn pro rata, apart from the rest of the request."""


def parts_of(view: View, request: WithdrawalRequest) -> list[Drawable]:
    """What is drawn separately: each leg with a percentage of its own, else all that was chosen together.

    Together they stand in the contract's order, whatever the request's: cents left over follow it (DEP-2).
    """
    if request.from_ is None:
        return [lendable(view) if request.reason is WithdrawalReason.LOAN else whole_account(view)]
    if request.from_[0].percent is not None:
        return [_leg_sources(view, leg) for leg in request.from_]
    rank = view.at.terms.rank
    together = Drawable()
    for leg in sorted(request.from_, key=lambda leg: (rank[leg.option], leg.term or 0, leg.classification != "short")):
        together = together.and_also(_leg_sources(view, leg))
    return [together]


def _leg_sources(view: View, leg: WithdrawalFrom) -> Drawable:
    option = view.at.terms.option_named(leg.option)
    assert option is not None, "legs were checked against the terms"
    return option_sources(view, option, leg, by_guaranteed_term)


def wanted_of(case: Case[WithdrawalRequest], parts: list[Part]) -> list[Decimal]:
    """Dollars wanted of each part; for a percentage, of the value of what was chosen (WDL-3).

    Cents left over by the legs' percentages go to the largest, ties to the first in the contract's order (DEP-2).
    """
    request, values = case.request, [value_of_part(part) for part in parts]
    if request.full:
        return values
    total = request.amount if request.amount is not None else cents(sum(values, ZERO) * (request.percent or 0) / 100)
    shares = tuple(
        AllocationShare(leg.option, leg.term, leg.percent) for leg in request.from_ or () if leg.percent is not None
    )
    return split(case.terms, shares, total) if shares else [total]


def taken_of(request: WithdrawalRequest, parts: list[Part], wanted: list[Decimal]) -> Draws:
    """What each part gives for the dollars wanted of it; None where it has less."""
    return [_take(request, sources, dollars) for sources, dollars in zip(parts, wanted, strict=True)]


def _take(request: WithdrawalRequest, sources: Part, wanted: Decimal) -> list[Draw] | None:
    """Net fixes what is paid, gross and percent what is taken, full takes all (WDL-3, WDL-14)."""
    if request.amount is not None and request.amount_type == "net":
        return draw_net(sources, wanted)
    return draw_gross(sources, wanted)


def insufficient(sources: Part, wanted: Decimal, leg: int | None) -> Finding:
    """That a part, of a leg where there are several, has less than is wanted of it (WDL-11)."""
    payable = sum((draw.pays for draw in everything(sources)), ZERO)
    return finding(
        Reason.INSUFFICIENT_VALUE,
        where=None if leg is None else f"from[{leg}]",
        requested=wanted,
        available=value_of_part(sources),
        available_after_mva=payable,
    )


def value_of_part(sources: Part) -> Decimal:
    """Its value before adjustment."""
    return sum((value_of(source) for source in sources), ZERO)
