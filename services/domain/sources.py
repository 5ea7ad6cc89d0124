"""What a transfer or withdrawal may draw on, as the rules group it (WDL-1, WDL-2, GAA-4, GAA-6)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from contracts_schema.options import FixedOption, GuaranteedOption, MvaTerms, Option
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.values import Value
from services.domain.choosing import Chosen, chosen_lots, narrowed
from services.domain.draws import Holding, Source, value_of
from services.domain.favouring import equals_of, most_favourable
from services.domain.guaranteed import classification_of, free_value, held_lots, in_window
from services.domain.mva import Adjustment, adjust, free_of_adjustment
from services.domain.numbers import ZERO
from services.domain.positions import value_at
from services.domain.state import Account, Applied, Lot
from services.domain.valuation import Valuation
from services.domain.verdicts import finding


class View(Value, frozen=True):
    """An account on a trade date: what its holdings are worth and at which factor lots are paid: 1 at par (LIM-4).

    `whole` names the lots that are taken to go with all their value, under the maturity value transfer provision.
    """

    at: Valuation
    account: Account
    mva_waived: bool = False
    at_par: bool = False
    whole: frozenset[str] = frozenset()

    def position(self, option: Option) -> Source:
        """A fund or fixed option as a source of one holding; of one for each rate in effect when money was applied, in
        the order in which they are drawn, where that counts (FIX-7).
        """
        if isinstance(option, FixedOption) and option.rate_basis == "when_applied":
            held = tuple(self._applied(option, part) for part in self.account.applied_to(option.option))
            return held if option.applied_order == "oldest_first" else held[::-1]
        value = value_at(self.account.units_of(option.option), self.at.index(option, self.account))
        return (Holding(option.option, value, account=self.account.type),)

    def _applied(self, option: FixedOption, part: Applied) -> Holding:
        index = self.at.applied_index(option, self.account, part.since)
        value = value_at(part.units, index)
        return Holding(option.option, value, account=self.account.type, applied=part.since)

    def lot(self, option: GuaranteedOption, lot: Lot, *, barred: bool = False) -> Source | None:
        """What may be drawn of a lot at its factors, in order; None where a yield a factor needs is not known.

        What was reinvested at maturity goes first and free, as long as that may be (MAT-4), barred or not (GAA-4).
        """
        value, name, type_ = self.lot_value(lot), option.option, self.account.type
        free = self._free(lot, value)
        first = (Holding(name, free, free_of_adjustment(lot, option.mva), self.at_par, type_),) if free else ()
        if barred or (free and free == value):
            return first
        found = self._adjustment(option, lot)
        return None if found is None else (*first, Holding(name, value - free, found, self.at_par, type_))

    def _free(self, lot: Lot, value: Decimal) -> Decimal:
        if not in_window(lot, self.at.day):
            return ZERO
        return value if lot.lot in self.whole else free_value(lot, value)

    def _adjustment(self, option: GuaranteedOption, lot: Lot) -> Adjustment | None:
        at, mva = self.at, option.mva
        waived = self.mva_waived and mva.waived_for_systematic
        return most_favourable(
            lot,
            equals_of(at.market, mva, self.account, lot),
            lambda each: adjust(at.market, mva, each, at.day, waived=waived),
        )

    def value(self) -> Decimal:
        """What the whole account is worth before any adjustment."""
        held = self.account.options_held()
        options = [option for option in self.at.terms.options if option.option in held]
        positions = [value_of(self.position(option)) for option in options]
        return sum([*positions, *map(self.lot_value, self.account.lots)], ZERO)

    def lot_value(self, lot: Lot) -> Decimal:
        """What a lot is worth before any adjustment."""
        return value_at(lot.units, self.at.lot_index(lot))


Grouping = Callable[[Lot], Hashable]


def by_guaranteed_term(lot: Lot) -> Hashable:
    """Each guaranteed term, a deposit period's offer of a length, is an option of its own (WDL-1)."""
    return lot.offering, lot.years


def by_duration(lot: Lot) -> Hashable:
    """Terms of one length together, oldest first within: how a transfer without direction draws (WDL-2)."""
    return lot.years


def by_classification(lot: Lot) -> Hashable:
    """Terms of one classification, oldest first: one option where the contract is classified (GAA-3, WDL-1)."""
    return classification_of(lot.years)


def together(lot: Lot) -> Hashable:
    """All lots in one order: a chosen length or classification, oldest first (GAA-6)."""
    del lot
    return None


class Drawable(NamedTuple):
    """Sources that can be drawn on, or why a factor cannot be told."""

    sources: tuple[Source, ...] = ()
    refused: tuple[Finding, ...] = ()

    def and_also(self, other: Drawable) -> Drawable:
        """Both together."""
        return Drawable(self.sources + other.sources, self.refused + other.refused)


def lot_sources(
    view: View,
    option: GuaranteedOption,
    lots: Iterable[Lot],
    grouping: Grouping,
    barred: Collection[str] = (),
) -> Drawable:
    """Lots grouped into sources, each in the order it is drawn; of barred ones what may go all the same (MAT-4)."""
    groups: dict[Hashable, list[Holding]] = {}
    unknown: list[Finding] = []
    for lot in lots:
        holdings = view.lot(option, lot, barred=lot.lot in barred)
        if holdings is None:
            unknown.append(_not_known(option.mva, lot, view.at.day))
        else:
            groups.setdefault(grouping(lot), []).extend(holdings)
    return Drawable(tuple(tuple(holdings) for holdings in groups.values() if holdings), tuple(unknown))


def _not_known(mva: MvaTerms, lot: Lot, day: date) -> Finding:
    rules, message = None, None
    if mva.method == "one":
        rules = ("MVA-1", "MVA-4")
        message = "a Treasury rate or a corporate spread the adjustment needs was never published"
    return finding(
        Reason.YIELD_NOT_KNOWN,
        rules=rules,
        message=message,
        lot=lot.lot,
        series=", ".join(mva.series),
        trade_date=day,
    )


def option_sources(view: View, option: Option, leg: Chosen | None, grouping: Grouping) -> Drawable:
    """One option, or what a leg chooses of its terms (then oldest first, GAA-6); of classified terms each
    classification is an option of its own, whatever the grouping (WDL-1).
    """
    if not isinstance(option, GuaranteedOption):
        return Drawable((view.position(option),))
    lots = held_lots(view.account, option.option) if leg is None else chosen_lots(view.account, leg)
    return lot_sources(view, option, lots, grouping_of(option, leg, grouping))


def grouping_of(option: GuaranteedOption, leg: Chosen | None, grouping: Grouping) -> Grouping:
    """How lots are grouped that a leg draws on, where `grouping` is that of terms without classifications."""
    if leg is not None and narrowed(leg):
        return together
    return by_classification if option.classified else grouping


def whole_account(view: View) -> Drawable:
    """Every option held, for a withdrawal that names none (WDL-1)."""
    found = Drawable()
    for option in view.at.terms.options:
        if view.account.holds(option.option) or held_lots(view.account, option.option):
            found = found.and_also(option_sources(view, option, None, by_guaranteed_term))
    return found
