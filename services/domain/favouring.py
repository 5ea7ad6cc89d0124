"""Terms that earn and mature alike, one after the other: the most favourable factor counts for all of them (MVA-9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import pairwise

from contracts_schema.options import MvaTerms
from contracts_schema.values import changed
from services.domain.market import Market
from services.domain.mva import Adjustment
from services.domain.state import Account, Lot


def most_favourable(
    lot: Lot, equals: Iterable[Lot], adjustment_of: Callable[[Lot], Adjustment | None]
) -> Adjustment | None:
    """A lot's adjustment, or that of its equals which has the largest factor; None where its own cannot be told.

    At a tie its own stands. An equal whose factor cannot be told favours nobody.
    """
    best = own = adjustment_of(lot)
    if best is None or own is None:
        return None
    for equal in equals:
        found = adjustment_of(equal)
        if found is not None and found.factor > best.factor:
            best = found
    return own if best is own else changed(best, lot=lot, favoured=best.lot.lot)


def equals_of(market: Market, mva: MvaTerms, account: Account, lot: Lot) -> list[Lot]:
    """The account's other lots of terms with the lot's rate steps and maturity, in deposit periods without a business
    day between any two that follow each other; those of the lot's own term as the contract's terms say.
    """
    alike = [
        known
        for known in account.lots
        if known.maturity == lot.maturity and known.option == lot.option and known.steps == lot.steps
    ]
    if len(alike) == 1:
        return []
    (chain,) = (chain for chain in _chains(market, alike) if lot in chain)
    shared = mva.equal_lots == "most_favourable"
    return [known for known in chain if known.lot != lot.lot and (shared or not _of_one_term(known, lot))]


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


def _of_one_term(one: Lot, other: Lot) -> bool:
    return (one.offering, one.years) == (other.offering, other.years)
