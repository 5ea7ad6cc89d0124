"""What a contract's options are worth on a trade date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_schema.options import FixedOption, FundOption, GuaranteedOption, Option
from contracts_schema.terms import ContractTerms
from contracts_schema.values import Value
from services.domain.guaranteed import lot_index
from services.domain.market import Market
from services.domain.numbers import rounded
from services.domain.rate_history import applied_index, bonus_of, bonus_since, declared_since, raised_index
from services.domain.state import Account, Lot


class Valuation(Value, frozen=True):
    """A contract on a trade date: the terms in force and what a unit of each option is worth."""

    market: Market
    terms: ContractTerms
    day: date

    def index(self, option: Option, account: Account) -> Decimal:
        """Dollars per unit of an account's fund or fixed option; the day is closed, or frozen for fixed options.

        A missing value is a bug: a day does not close without every value its terms name.
        """
        if isinstance(option, FundOption):
            return self.market.days[self.day].unit_values[f"{option.fund}|{self.terms.charge_class}"]
        since = self.bonus_since(option, account)
        if since is not None:
            return self._raised_index(option, since)
        head = self.market.head
        known = head.frozen_indexes if self.day == head.frozen else self.market.days[self.day].fixed_indexes
        return known[f"{self.terms.contract_id}|{option.option}"]

    def lot_index(self, lot: Lot) -> Decimal:
        """Dollars per unit of a lot, at its own index of the day; alike for all lots of one day's deposits."""
        places = self.terms.scales.index
        alike = ("index", lot.deposited, lot.steps, lot.after_maturity, self.day, places)
        return self.market.remembered(alike, lambda: lot_index(lot, self.day, places))

    def bonus_since(self, option: Option, account: Account) -> date | None:
        """The day since which an account earns the bonus of a fixed option, None where it does not (yet) (FIX-4)."""
        if not isinstance(option, FixedOption) or option.anniversary is None:
            return None
        since = bonus_since(option, account.opened)
        return since if since <= self.day else None

    def _raised_index(self, option: Option, since: date) -> Decimal:
        """The index of all accounts that earn the bonus since a day."""
        assert isinstance(option, FixedOption), "no other option has a bonus"
        key, places = f"{self.terms.contract_id}|{option.option}", self.terms.scales.index
        history, bonus = self.market.histories.get(key, ()), bonus_of(option)
        return self.market.remembered(
            ("raised", key, since, self.day, places),
            lambda: rounded(raised_index(history, since, bonus, self.day), places),
        )

    def declared_since(self, option: FixedOption) -> date:
        """The first day of the declared rate in effect on the day: by it money is kept that earns the rate of when it
        was applied (FIX-7). The day is closed.
        """
        return declared_since(self.market.histories[f"{self.terms.contract_id}|{option.option}"], self.day)

    def applied_index(self, option: FixedOption, account: Account, since: date) -> Decimal:
        """Dollars per unit of what was applied to a fixed option at the rate declared since a day (FIX-7)."""
        key, places = f"{self.terms.contract_id}|{option.option}", self.terms.scales.index
        history, bonus = self.market.histories[key], (bonus_since(option, account.opened), bonus_of(option))
        return self.market.remembered(
            ("applied", key, since, bonus, self.day, places),
            lambda: rounded(applied_index(history, since, bonus, self.day), places),
        )

    def frozen(self, option: Option) -> bool:
        """Whether the option's index on the day is known before the day closes, and cannot change. The rate at which
        money is applied on the day is only on the log with its close.
        """
        head = self.market.head
        if self.day != head.frozen or isinstance(option, FundOption):
            return False
        if isinstance(option, FixedOption) and option.rate_basis == "when_applied":
            return False
        return (
            isinstance(option, GuaranteedOption) or f"{self.terms.contract_id}|{option.option}" in head.frozen_indexes
        )
