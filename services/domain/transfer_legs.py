"""One leg of a transfer: what it draws on, how much it takes, or why it cannot (GAA-4, TRF-6, WDL-2, WDL-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import TransferFrom
from contracts_schema.terms import BuiltOption, GuaranteedOption
from services.domain.draws import Draw, Source, draw_gross, draw_net, everything, value_of
from services.domain.guaranteed import held_lots, locked_in
from services.domain.numbers import ZERO, cents
from services.domain.selling import Sale
from services.domain.sources import Drawable, View, by_duration, lot_sources, option_sources, together
from services.domain.state import Lot
from services.domain.verdicts import Refused, finding


@dataclass(frozen=True, slots=True)
class LegDraw:
    """What one leg takes, or why it cannot."""

    sales: tuple[Sale, ...] = ()
    refused: Refused = ()


def draw_leg(view: View, leg: TransferFrom, where: str, *, net: bool) -> LegDraw:
    """Draw one checked leg. Dollars are what arrives after the adjustment where `net`, else value taken."""
    option = view.at.terms.option_named(leg.option)
    assert option is not None, "legs were checked against the terms"
    drawable, barred = _drawable(view, option, leg)
    if drawable.refused:
        return LegDraw(refused=drawable.refused)
    held = _value(drawable.sources) + _locked_value(view, barred)
    wanted = _wanted(view, option, leg, held)
    draws = None if wanted == held and barred else _take(leg, drawable.sources, wanted, net=net)
    if draws is None or (leg.units or 0) > view.account.units_of(leg.option):
        return LegDraw(refused=(_too_much(view, drawable.sources, barred, wanted, where),))
    if not draws:
        return LegDraw(refused=(finding(Reason.NOTHING_TO_WITHDRAW, where=where, option=leg.option),))
    return LegDraw(tuple(Sale(draw, leg.units) for draw in draws))


def _drawable(view: View, option: BuiltOption, leg: TransferFrom) -> tuple[Drawable, list[Lot]]:
    """What the leg may draw on, and the lots that GAA-4 bars and that are passed over (WDL-2)."""
    if not isinstance(option, GuaranteedOption):
        return option_sources(view, option, None, together), []
    lots = held_lots(view.account, option.option, leg.term)
    barred = [lot for lot in lots if locked_in(lot, view.at.day)]
    free = [lot for lot in lots if lot not in barred]
    return lot_sources(view, option, free, by_duration if leg.term is None else together), barred


def _wanted(view: View, option: BuiltOption, leg: TransferFrom, held: Decimal) -> Decimal:
    """Dollars wanted. A percentage, like all, is of the whole value, barred lots included (WDL-3)."""
    if leg.amount is not None:
        return leg.amount
    if leg.percent is not None:
        return cents(held * leg.percent / 100)
    if leg.units is not None:
        return cents(leg.units * view.at.index(option))
    return held


def _take(leg: TransferFrom, sources: Sequence[Source], wanted: Decimal, *, net: bool) -> list[Draw] | None:
    """The draws; None where there is less. Only dollars can be net: a part of the value is gross (WDL-3)."""
    if leg.amount is None and wanted == _value(sources):
        return everything(sources)
    return draw_net(sources, wanted) if leg.amount is not None and net else draw_gross(sources, wanted)


def _too_much(view: View, sources: Sequence[Source], barred: list[Lot], wanted: Decimal, where: str) -> Finding:
    """Locked in, where time alone bars enough of the value; else there is less than was asked for."""
    free, locked = _value(sources), _locked_value(view, barred)
    payable = sum((draw.pays for draw in everything(sources)), ZERO)
    if barred and wanted <= free + locked:
        return finding(
            Reason.LOCKED_IN,
            where=where,
            possible_from=max(lot.locked_through for lot in barred) + timedelta(days=1),
            requested=wanted,
            available=free,
            available_after_mva=payable,
            locked_in=locked,
            trade_date=view.at.day,
        )
    return finding(
        Reason.INSUFFICIENT_VALUE, where=where, requested=wanted, available=free, available_after_mva=payable
    )


def _value(sources: Sequence[Source]) -> Decimal:
    return sum((value_of(source) for source in sources), ZERO)


def _locked_value(view: View, barred: list[Lot]) -> Decimal:
    return sum((view.lot_value(lot) for lot in barred), ZERO)
