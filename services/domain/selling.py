"""Taking out what was drawn: legs, the adjustment block and the rules behind it (MVA-5, MVA-6, GEN-7)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from contracts_schema.figures import Leg, MvaBlock, MvaLine
from contracts_schema.options import FixedOption, GuaranteedOption
from contracts_schema.values import Value
from services.domain.draws import Draw
from services.domain.mva import Adjustment
from services.domain.numbers import ZERO, cents
from services.domain.positions import move, move_applied, move_lot
from services.domain.sources import View
from services.domain.state import Account
from services.domain.verdicts import cited
from services.domain.window import used_up

EXCEPTED = {"MVA-8": ("MVA-8",), "MAT-4": ("MAT-4", "MVA-8")}
"""Rules by which a lot is not adjusted, and what is cited for them."""


class Sale(Value, frozen=True):
    """A draw, with the exact units where the request named units."""

    draw: Draw
    units: Decimal | None = None


def sell(view: View, sales: Sequence[Sale]) -> tuple[Account, list[Leg]]:
    """Take every draw, all of this account, out of it at the trade date's indexes."""
    account, legs = used_up(view.account, [sale.draw for sale in sales]), []
    for sale in sales:
        holding = sale.draw.holding
        option = view.at.terms.option_named(holding.option)
        assert option is not None, "holdings are of the contract's options"
        if isinstance(option, GuaranteedOption):
            assert holding.adjustment is not None, "holdings of guaranteed options are lots"
            lot = next(lot for lot in account.lots if lot.lot == holding.adjustment.lot.lot)
            account, leg = move_lot(account, view.at, option, lot, -sale.draw.taken)
        elif isinstance(option, FixedOption) and holding.applied is not None:
            account, leg = move_applied(account, view.at, option, holding.applied, -sale.draw.taken)
        else:
            account, leg = move(account, view.at, option, -sale.draw.taken, sale.units)
        legs.append(leg)
    return account, legs


def mva_block(
    sales: Sequence[Sale], only_positive: str | None = None, *, with_accounts: bool = False
) -> MvaBlock | None:
    """One line per lot drawn and the aggregate (MVA-6); None where no lot was drawn.

    `only_positive` is the rule by which a negative aggregate does not count for this request, if there is one.
    `with_accounts` each line says whose the lot is (WDL-13).
    """
    drawn = [(sale.draw, sale.draw.holding.adjustment) for sale in sales if sale.draw.holding.adjustment is not None]
    if not drawn:
        return None
    lines = tuple(_line(draw, adjustment, with_accounts=with_accounts) for draw, adjustment in drawn)
    par = drawn[0][0].holding.at_par
    return MvaBlock(
        method=drawn[0][1].method,
        lines=lines,
        aggregate=sum((line.adjustment for line in lines), ZERO),
        applied=not par and any(line.rule not in EXCEPTED for line in lines),
        not_applied_by=only_positive if par else None,
        rules=mva_rules(sales, only_positive),
    )


def _line(draw: Draw, adjustment: Adjustment, *, with_accounts: bool) -> MvaLine:
    """At par the line says what the adjustment would have been."""
    would = cents(draw.taken * adjustment.factor) if draw.holding.at_par else draw.pays
    return adjustment.line(draw.taken, would - draw.taken, draw.holding.account if with_accounts else None)


def mva_rules(sales: Sequence[Sale], only_positive: str | None = None) -> tuple[str, ...]:
    """The rules by which lots were drawn and adjusted; none where no lot was."""
    adjustments = [sale.draw.holding.adjustment for sale in sales if sale.draw.holding.adjustment is not None]
    if not adjustments:
        return ()
    rules = {adjustment.rule for adjustment in adjustments}
    methods = sorted(rules - EXCEPTED.keys())
    reckoned = (*methods, "MVA-3", "MVA-4", "MVA-5") if methods else ()
    equal = ("MVA-9",) if any(adjustment.favoured is not None for adjustment in adjustments) else ()
    positive = (only_positive,) if only_positive is not None and methods else ()
    excepted = (rule for excepting in sorted(rules & EXCEPTED.keys()) for rule in EXCEPTED[excepting])
    return cited("GAA-2", "WDL-2", "WDL-3", *reckoned, *equal, *excepted, "MVA-6", *positive)
