"""What options are worth as of a closed day, with the rates they earn, as text (GEN-5, FIX-4, FIX-6, FIX-7).

Most participants ask the same of a day: what is alike for all accounts is reckoned and put into text once per contract
and day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from contracts_schema.options import FixedOption, FundOption, Option
from contracts_schema.terms import ContractTerms
from contracts_schema.types import plain
from contracts_schema.values import Value
from services.domain.annuity_values import annuity_unit_value
from services.domain.market import ClosedDay, Market
from services.domain.rate_history import bonus_of, keeps_history, rate_on
from services.domain.state import Account, Lot
from services.domain.valuation import Valuation


class Price(Value, frozen=True):
    """An index, also as text, and for a fixed option the annual rate credited since then; `index_date` where it is not
    of the day asked for. `own` is the option where an account may have an index of its own.
    """

    kind: str
    index: Decimal
    text: str
    rate: str | None = None
    index_date: date | None = None
    bonus_since: date | None = None
    own: FixedOption | None = None


class LotPrice(Value, frozen=True):
    """A lot's index, also as text, and the guaranteed rate in effect."""

    index: Decimal
    text: str
    rate: str


class Prices(Value, frozen=True):
    """A contract on a closed day: what is worth alike for all accounts, by option, and how to reckon the rest."""

    at: Valuation
    alike: Mapping[str, Price]

    def of(self, account: Account, option: str, since: date | None = None) -> Price:
        """The price of an account's option, or of what was applied to it at the rate declared since a day (FIX-7).

        A missing one is a bug: a day does not close without every value its terms name.
        """
        price = self.alike[option]
        return price if price.own is None else self._own(price, price.own, account, since)

    def of_lot(self, lot: Lot) -> LotPrice:
        """The price of a lot, alike for all lots of one day's deposits. The rate is that of the day itself, which may
        be the last of its step (GAA-1).
        """
        at = self.at
        alike = ("lot price", lot.deposited, lot.steps, lot.after_maturity, at.day, at.terms.scales.index)
        return at.market.remembered(alike, lambda: _lot_price(at, lot))

    def annuity_unit(self, option: str, charge_class: str) -> Decimal:
        """What an annuity unit is worth (INC-4)."""
        return annuity_unit_value(self.at, option, charge_class)

    def _own(self, alike: Price, option: FixedOption, account: Account, since: date | None) -> Price:
        """With the bonus since the account's anniversary, and by the rate of when money was applied (FIX-4, FIX-7)."""
        at, bonus = self.at, self.at.bonus_since(option, account)
        if since is None and bonus is None:
            return alike
        index = at.index(option, account) if since is None else at.applied_index(option, account, since)
        history = at.market.histories[f"{at.terms.contract_id}|{option.option}"]
        rate = rate_on(history, at.day, since or at.day) + (Decimal(0) if bonus is None else bonus_of(option))
        return Price(alike.kind, index, plain(index), plain(rate), bonus_since=bonus)


def prices_on(market: Market, contract_id: str, day: date) -> Prices:
    """The prices of a contract on a closed day; of a contract that only begins after it, by its first terms."""
    terms = market.terms_on(contract_id, day) or market.terms[contract_id][0]
    alike = market.remembered(("prices", contract_id, day), lambda: dict(_alike(market, terms, day)))
    return Prices(Valuation(market, terms, day), alike)


def _alike(market: Market, terms: ContractTerms, day: date) -> Iterator[tuple[str, Price]]:
    """What is worth alike for all accounts on a day; of fixed options that begin on the business day after it, the
    frozen index of that one (FIX-7).
    """
    head, contract_id = market.head, terms.contract_id
    frozen = head.frozen if day == head.last_closed else None
    coming = None if frozen is None else market.terms_on(contract_id, frozen)
    for option in () if coming is None else coming.fixed.values():
        index = head.frozen_indexes.get(f"{contract_id}|{option.option}")
        if index is not None:
            yield option.option, Price(option.kind, index, plain(index), index_date=frozen)
    for each in terms.options:
        price = _closed(market.days[day], terms, each)
        if price is not None:
            yield each.option, price


def _closed(day: ClosedDay, terms: ContractTerms, option: Option) -> Price | None:
    """An option's price on a closed day, None where it has none there."""
    if isinstance(option, FundOption):
        index, rate, own = day.unit_values.get(f"{option.fund}|{terms.charge_class}"), None, None
    else:
        key = f"{terms.contract_id}|{option.option}"
        index, rate = day.fixed_indexes.get(key), day.fixed_rates.get(key)
        own = option if isinstance(option, FixedOption) and keeps_history(option) else None
    if index is None:
        return None
    return Price(option.kind, index, plain(index), None if rate is None else plain(rate), own=own)


def _lot_price(at: Valuation, lot: Lot) -> LotPrice:
    index = at.lot_index(lot)
    rate = next((step.rate for step in lot.steps if step.through >= at.day), lot.after_maturity)
    return LotPrice(index, plain(index), plain(rate))
