"""One leg of a transfer: what it draws on, how much it takes, or why it cannot (GAA-4, TRF-6, WDL-2, WDL-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from contracts_schema.options import GuaranteedOption, Option
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import TransferFrom
from contracts_schema.values import Value
from services.domain.choosing import chosen_lots
from services.domain.draws import Draw, Source, draw_gross, draw_net, everything, value_of
from services.domain.guaranteed import free_from, locked_in
from services.domain.numbers import ZERO, cents
from services.domain.selling import Sale
from services.domain.sources import Drawable, View, by_duration, grouping_of, lot_sources, option_sources, together
from services.domain.state import Lot
from services.domain.verdicts import Refused, finding


class LegDraw(Value, frozen=True):
    """What one leg takes, or why it cannot; `short` is all there is where that is less than was asked for."""

    sales: tuple[Sale, ...] = ()
    refused: Refused = ()
    short: tuple[Draw, ...] = ()


def draw_leg(view: View, leg: TransferFrom, where: str, *, net: bool) -> LegDraw:
    """Draw one checked leg. Dollars are what arrives after the adjustment where `net`, else value taken."""
    option = view.at.terms.option_named(leg.option)
    assert option is not None, "legs were checked against the terms"
    drawable, barred = _drawable(view, option, leg)
    if drawable.refused:
        return LegDraw(refused=drawable.refused)
    locked = _locked_value(view, option, barred)
    wanted = _wanted(view, option, leg, _value(drawable.sources) + locked)
    net = net and leg.amount is not None
    draws = None if leg.all and locked else (draw_net if net else draw_gross)(drawable.sources, wanted)
    if (leg.units or 0) > view.account.units_of(leg.option):
        return LegDraw(refused=(_too_many_units(view, leg, where),))
    if draws is None:
        short = _Short(drawable.sources, barred, wanted, net=net)
        return LegDraw(refused=(_too_much(view, option, short, where),), short=tuple(everything(drawable.sources)))
    if not any(draw.taken for draw in draws):
        return LegDraw(refused=(finding(Reason.NOTHING_TO_WITHDRAW, where=where, option=leg.option),))
    return LegDraw(tuple(Sale(draw, leg.units) for draw in draws))


def _drawable(view: View, option: Option, leg: TransferFrom) -> tuple[Drawable, list[Lot]]:
    """What the leg may draw on, and the lots that GAA-4 bars and that are passed over (WDL-2)."""
    if not isinstance(option, GuaranteedOption):
        return option_sources(view, option, leg, together), []
    lots = chosen_lots(view.account, leg)
    barred = [lot for lot in lots if locked_in(lot, view.at.day)]
    grouping = grouping_of(option, leg, by_duration)
    return lot_sources(view, option, lots, grouping, {lot.lot for lot in barred}), barred


def _wanted(view: View, option: Option, leg: TransferFrom, held: Decimal) -> Decimal:
    """Dollars wanted. A percentage, like all, is of the whole value, barred lots included (WDL-3)."""
    if leg.amount is not None:
        return leg.amount
    if leg.percent is not None:
        return cents(held * leg.percent / 100)
    if leg.units is not None:
        return cents(leg.units * view.at.index(option, view.account))
    return held


def _too_many_units(view: View, leg: TransferFrom, where: str) -> Finding:
    held = view.account.units_of(leg.option)
    return finding(Reason.INSUFFICIENT_VALUE, where=where + ".units", requested_units=leg.units or 0, held_units=held)


class _Short(Value, frozen=True):
    """Dollars wanted of sources that hold (or, `net`, pay) less, and the barred lots that were passed over."""

    sources: Sequence[Source]
    barred: list[Lot]
    wanted: Decimal
    net: bool


def _too_much(view: View, option: Option, short: _Short, where: str) -> Finding:
    """Locked in, where time alone bars what is missing; else there is less than was asked for."""
    available = _value(short.sources)
    payable = sum((draw.pays for draw in everything(short.sources)), ZERO)
    free = payable if short.net else available
    freed = _freed(view, option, short, free) if isinstance(option, GuaranteedOption) else None
    if freed is None:
        return finding(
            Reason.INSUFFICIENT_VALUE,
            where=where,
            requested=short.wanted,
            available=available,
            available_after_mva=payable,
        )
    return finding(
        Reason.LOCKED_IN,
        where=where,
        possible_from=freed,
        requested=short.wanted,
        available=available,
        available_after_mva=payable,
        locked_in=_locked_value(view, option, short.barred),
        trade_date=view.at.day,
    )


def _freed(view: View, option: GuaranteedOption, short: _Short, reached: Decimal) -> date | None:
    """The day by which enough lots are free, at today's values and factors; None where all would not be enough."""
    for lot in sorted(short.barred, key=free_from):
        reached += _brings(view, option, lot, net=short.net)
        if reached >= short.wanted:
            return free_from(lot)
    return None


def _brings(view: View, option: GuaranteedOption, lot: Lot, *, net: bool) -> Decimal:
    """A barred lot's value beyond what may go; for a net amount what that would pay, where its factor is known."""
    holdings = view.lot(option, lot) if net else None
    if holdings is None:
        return _locked(view, option, lot)
    locked = holdings[len(view.lot(option, lot, barred=True) or ()) :]
    return sum((cents(holding.value * holding.factor) for holding in locked), ZERO)


def _value(sources: Sequence[Source]) -> Decimal:
    return sum((value_of(source) for source in sources), ZERO)


def _locked_value(view: View, option: Option, barred: list[Lot]) -> Decimal:
    """What may not be transferred yet of the barred lots of a guaranteed option."""
    return sum((_locked(view, option, lot) for lot in barred), ZERO) if isinstance(option, GuaranteedOption) else ZERO


def _locked(view: View, option: GuaranteedOption, lot: Lot) -> Decimal:
    return view.lot_value(lot) - value_of(view.lot(option, lot, barred=True) or ())
