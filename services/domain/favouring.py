"""Consecutive terms that earn and mature alike: the most favourable factor counts for all of them (MVA-9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

from contracts_schema.values import changed
from services.domain.market import Market
from services.domain.mva import Adjustment
from services.domain.state import Account, Lot

AdjustmentOf = Callable[[Lot], Adjustment | None]


def most_favourable(market: Market, account: Account, lot: Lot, adjustment_of: AdjustmentOf) -> Adjustment | None:
    """A lot's adjustment, or the best of those of its equals; None where its own cannot be told."""
    own = adjustment_of(lot)
    equals = _equals(market, account, lot)
    if own is None or len(equals) == 1:
        return own
    every = (own, *(adjustment_of(equal) for equal in equals))
    best = max((found for found in every if found is not None), key=lambda found: found.factor)
    return own if best.factor == own.factor else changed(best, lot=lot, favoured=best.lot.lot)


def _equals(market: Market, account: Account, lot: Lot) -> list[Lot]:
    """The account's lots that earn and mature as this one does, in deposit periods without a gap; it among them."""
    alike = [
        known
        for known in account.lots
        if known.maturity == lot.maturity and known.option == lot.option and known.steps == lot.steps
    ]
    if len(alike) == 1:
        return alike
    return next(chain for chain in _chains(market, alike) if lot in chain)


def _chains(market: Market, alike: list[Lot]) -> Iterator[list[Lot]]:
    ordered = sorted(alike, key=lambda lot: lot.period_start)
    chain = ordered[:1]
    for before, after in pairwise(ordered):
        if not _adjacent(market, before, after):
            yield chain
            chain = []
        chain.append(after)
    yield chain


def _adjacent(market: Market, before: Lot, after: Lot) -> bool:
    """The same deposit period, or the next one: no business day lies between them."""
    between = market.first_closed_from(before.period_end + timedelta(days=1))
    return between is None or between >= after.period_start
