"""Taking out what was drawn: legs, the adjustment block and the rules behind it (MVA-5, MVA-6, GEN-7)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from contracts_schema.outcomes import Leg, MvaBlock
from contracts_schema.terms import GuaranteedOption
from contracts_schema.values import Value
from services.domain.draws import Draw
from services.domain.numbers import ZERO
from services.domain.positions import move, move_lot
from services.domain.sources import View
from services.domain.state import Account


class Sale(Value, frozen=True):
    """A draw, with the exact units where the request named units."""

    draw: Draw
    units: Decimal | None = None


def sell(view: View, sales: Sequence[Sale]) -> tuple[Account, list[Leg]]:
    """Take every draw out of the account at the trade date's indexes."""
    account, legs = view.account, []
    for sale in sales:
        holding = sale.draw.holding
        option = view.at.terms.option_named(holding.option)
        assert option is not None, "holdings are of the contract's options"
        if isinstance(option, GuaranteedOption):
            assert holding.adjustment is not None, "holdings of guaranteed options are lots"
            lot = next(lot for lot in account.lots if lot.lot == holding.adjustment.lot.lot)
            account, leg = move_lot(account, view.at, option, lot, -sale.draw.taken)
        else:
            account, leg = move(account, view.at, option, -sale.draw.taken, sale.units)
        legs.append(leg)
    return account, legs


def mva_block(sales: Sequence[Sale]) -> MvaBlock | None:
    """One line per lot drawn and the aggregate (MVA-6); None where no lot was drawn."""
    lines = tuple(
        sale.draw.holding.adjustment.line(sale.draw.taken, sale.draw.pays - sale.draw.taken)
        for sale in sales
        if sale.draw.holding.adjustment is not None
    )
    if not lines:
        return None
    return MvaBlock(
        method="two",
        lines=lines,
        aggregate=sum((line.adjustment for line in lines), ZERO),
        applied=any(line.rule != "MVA-8" for line in lines),
        rules=mva_rules(sales),
    )


def mva_rules(sales: Sequence[Sale]) -> tuple[str, ...]:
    """The rules by which lots were drawn and adjusted; none where no lot was."""
    adjustments = [sale.draw.holding.adjustment for sale in sales if sale.draw.holding.adjustment is not None]
    if not adjustments:
        return ()
    rules = {adjustment.rule for adjustment in adjustments}
    reckoned = ("MVA-2", "MVA-3", "MVA-4", "MVA-5") if "MVA-2" in rules else ()
    return ("GAA-2", "WDL-2", "WDL-3", *reckoned, *(("MVA-8",) if "MVA-8" in rules else ()), "MVA-6")
