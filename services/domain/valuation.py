"""What a contract's options are worth on a trade date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_schema.options import BuiltOption, FundOption, GuaranteedOption
from contracts_schema.terms import ContractTerms
from contracts_schema.values import Value
from services.domain.guaranteed import lot_index
from services.domain.market import Market
from services.domain.state import Account, Lot


class Valuation(Value, frozen=True):
    """A contract on a trade date: the terms in force and what a unit of each option is worth."""

    market: Market
    terms: ContractTerms
    day: date

    def index(self, option: BuiltOption, account: Account) -> Decimal:
        """Dollars per unit of an account's fund or fixed option; the day is closed, or frozen for fixed options.

        A missing value is a bug: a day does not close without every value its terms name.
        """
        del account
        if isinstance(option, FundOption):
            return self.market.days[self.day].unit_values[f"{option.fund}|{self.terms.charge_class}"]
        head = self.market.head
        known = head.frozen_indexes if self.day == head.frozen else self.market.days[self.day].fixed_indexes
        return known[f"{self.terms.contract_id}|{option.option}"]

    def lot_index(self, lot: Lot) -> Decimal:
        """Dollars per unit of a lot, at its own index of the day; alike for all lots of one day's deposits."""
        places = self.terms.scales.index
        alike = ("index", lot.deposited, lot.steps, lot.after_maturity, self.day, places)
        return self.market.remembered(alike, lambda: lot_index(lot, self.day, places))

    def frozen(self, option: BuiltOption) -> bool:
        """Whether the option's index on the day is known before the day closes, and cannot change."""
        head = self.market.head
        if self.day != head.frozen or isinstance(option, FundOption):
            return False
        return (
            isinstance(option, GuaranteedOption) or f"{self.terms.contract_id}|{option.option}" in head.frozen_indexes
        )
