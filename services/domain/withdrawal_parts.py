"""What a withdrawal draws on, how much of it is wanted, and what that takes (WDL-1, WDL-2, WDL-3, WDL-13, DEP-2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from contracts_schema.options import GuaranteedOption
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import WithdrawalRequest
from contracts_schema.values import Value, changed
from contracts_schema.withdrawing import WithdrawalFrom, WithdrawalReason
from services.domain.allocation import split
from services.domain.cases import Case
from services.domain.draws import Draw, Source, draw_gross, draw_net, everything, value_of
from services.domain.early_withdrawal import Leaving, takes_off, with_deductions
from services.domain.loans import lendable
from services.domain.netting import Taking, drawn, left_of, squared, take_net
from services.domain.numbers import ZERO, cents
from services.domain.positive import at_par
from services.domain.sources import Drawable, View, by_guaranteed_term, option_sources, whole_account
from services.domain.state import AllocationShare
from services.domain.verdicts import Refused, finding


class Part(Value, frozen=True):
    """What is drawn apart from the rest of the request: a tier an account, the first before the next, each pro rata.

    `wanted` dollars of it, net or gross as the request says; `leg` is the leg that it is of, if there are several.
    """

    tiers: tuple[tuple[Source, ...], ...]
    wanted: Decimal
    leg: int | None = None

    @property
    def value(self) -> Decimal:
        """What it is worth before adjustment."""
        return _value(self.tiers)

    def everything(self) -> list[Draw]:
        """All there is."""
        return everything([source for tier in self.tiers for source in tier])

    def level(self) -> Part:
        """The same, paid as if every factor were 1 (MVA-7)."""
        return changed(self, tiers=tuple(at_par(tier) for tier in self.tiers))


class Filled(Value, frozen=True):
    """What a part gives; `takings` where cents are still to be squared over all parts."""

    draws: list[Draw]
    takings: tuple[Taking, ...] = ()


def parts_of(case: Case[WithdrawalRequest], views: Sequence[View]) -> tuple[list[Part], Refused]:
    """The parts of a request, in its order, or why a factor cannot be told.

    Dollars are wanted of the accounts in order; a percentage, or all, of each account for itself (WDL-13).
    """
    drawable = [_drawable(view, case.request) for view in views]
    refused = [found for each in drawable for part in each for found in part.refused]
    if refused:
        return [], tuple(refused)
    if not takes_off(case.terms):
        held = [[part.sources for part in each] for each in drawable]
    else:
        held = [
            [_bearing(case, view, part.sources) for part in each] for view, each in zip(views, drawable, strict=True)
        ]
    if case.request.amount is None:
        return [part for each in held for part in _parts(case, [(sources,) for sources in each])], ()
    return _parts(case, [*zip(*held, strict=True)]), ()


def _drawable(view: View, request: WithdrawalRequest) -> list[Drawable]:
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
    """What a leg draws on in an account; nothing where only another account has it."""
    option = view.at.terms.option_named(leg.option)
    assert option is not None, "legs were checked against the terms"
    if not isinstance(option, GuaranteedOption) and not view.account.holds(leg.option):
        return Drawable()
    return option_sources(view, option, leg, by_guaranteed_term)


def _bearing(case: Case[WithdrawalRequest], view: View, sources: tuple[Source, ...]) -> tuple[Source, ...]:
    return with_deductions(Leaving(case.terms, view.account, case.day, case.request.reason), sources)


def _parts(case: Case[WithdrawalRequest], tiers: Sequence[tuple[tuple[Source, ...], ...]]) -> list[Part]:
    """Parts with the dollars wanted of each; for a percentage, of the value of what was chosen (WDL-3).

    Cents left over by the legs' percentages go to the largest, ties to the first in the contract's order (DEP-2).
    """
    request, total = case.request, case.request.amount
    if total is None:
        values = [_value(tier) for tier in tiers]
        if request.full:
            return [Part(tier, value) for tier, value in zip(tiers, values, strict=True)]
        total = cents(sum(values, ZERO) * (request.percent or 0) / 100)
    if len(tiers) == 1:
        return [Part(tiers[0], total)]
    shares = tuple(AllocationShare(leg.option, leg.term, leg.percent or ZERO) for leg in request.from_ or ())
    wanted = split(case.terms, shares, total)
    return [Part(tier, dollars, at) for at, (tier, dollars) in enumerate(zip(tiers, wanted, strict=True))]


def _value(tiers: Iterable[Iterable[Source]]) -> Decimal:
    return sum([value_of(source) for tier in tiers for source in tier], ZERO)


def filled(case: Case[WithdrawalRequest], parts: Sequence[Part]) -> list[Filled | None]:
    """What each part gives for the dollars wanted of it; None where it has less.

    Net fixes what is paid, gross and percent what is taken, full takes all (WDL-3, WDL-14).
    """
    if case.request.amount is None or case.request.amount_type == "gross":
        return [_gross(part) for part in parts]
    plain = len(parts[0].tiers) == 1 and not takes_off(case.terms)
    return [_net(part) if plain else _net_of_tiers(part) for part in parts]


def _gross(part: Part) -> Filled | None:
    draws, left = list[Draw](), part.wanted
    for tier in part.tiers:
        here = min(left, sum((value_of(source) for source in tier), ZERO))
        draws += draw_gross(tier, here) or ()
        left -= here
        if not left:
            return Filled(draws)
    return None


def _net(part: Part) -> Filled | None:
    draws = draw_net(part.tiers[0], part.wanted)
    return None if draws is None else Filled(draws)


def _net_of_tiers(part: Part) -> Filled | None:
    takings = take_net(part.tiers, part.wanted)
    return None if takings is None else Filled(drawn(takings), tuple(takings))


def drawn_to_the_cent(parts: Sequence[Part], fills: Sequence[Filled]) -> list[Draw] | None:
    """The draws of all parts; where charges come off net amounts, they are rounded once for all of them, so that only
    all together can leave exactly the dollars. None where that lacks a cent.
    """
    takings = [taking for fill in fills for taking in fill.takings]
    if not takings:
        return [draw for fill in fills for draw in fill.draws]
    return squared(takings, sum((part.wanted for part in parts), ZERO))


def insufficient(part: Part) -> Finding:
    """That a part has less than is wanted of it (WDL-11)."""
    draws = part.everything()
    payable, left = sum((draw.pays for draw in draws), ZERO), left_of(draws)
    charged: dict[str, Any] = {} if left == payable else {"available_after_charges": left}
    return finding(
        Reason.INSUFFICIENT_VALUE,
        where=None if part.leg is None else f"from[{part.leg}]",
        requested=part.wanted,
        available=part.value,
        available_after_mva=payable,
        **charged,
    )


def altogether(parts: Sequence[Part]) -> Part:
    """All parts as one."""
    return Part(tuple(tier for part in parts for tier in part.tiers), sum((part.wanted for part in parts), ZERO))
