"""The unit values of a day, each of a fund for a charge class, with all that it follows from (FND-1, FND-2, FND-3).

A value or factor given for a class wins. Else a fund's price makes one for every class that has charges: the first
value of its schedule, or the value of the day closed before, carried on. Annuity units are net of the rate their
payments assume, and bear what their class's schedule charges (FND-6, INC-4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from contracts_schema.alarms import AlarmCode
from contracts_schema.reference import FactorInputs, FundValue
from contracts_schema.types import plain
from contracts_schema.unit_values import (
    ChargeSchedule,
    DaysCharged,
    FundPrice,
    ShareValues,
    UnitValueReckoned,
    Way,
)
from services.domain.daily_charges import Schedules, charges_of_period, days_charged, schedule_on
from services.domain.funds import Letters, carried_on, factor_of, net_investment_factor, unit_value
from services.domain.numbers import ONE, growth

FACTOR_LIMIT = 1000


class SeparateAccount(Protocol):
    """What unit values are reckoned from; the keys are those of the accepted reference data."""

    @property
    def last_closed(self) -> date | None:
        """The prior Valuation Date."""
        ...

    @property
    def unit_values(self) -> Mapping[str, Decimal]:
        """Those of the prior Valuation Date."""
        ...

    @property
    def fund_values(self) -> Mapping[date, Mapping[str, FundValue]]:
        """Values and factors given."""
        ...

    @property
    def fund_prices(self) -> Mapping[date, Mapping[str, FundPrice]]:
        """Prices, those of the prior Valuation Date among them."""
        ...

    @property
    def charge_schedules(self) -> Schedules:
        """The charges of each class."""
        ...

    @property
    def begun(self) -> Mapping[str, date]:
        """Since when there are values, of every fund and class that ever had one."""
        ...


@dataclass(frozen=True, slots=True)
class Lacking:
    """Why there is no unit value: the name of what somebody must go and get; with a code where what is there makes
    none, and never will.
    """

    name: str
    code: AlarmCode | None = None


Found = UnitValueReckoned | Lacking


def unit_value_of(account: SeparateAccount, fund: str, charge_class: str, day: date) -> Found:
    """A fund's unit value for a charge class on the day to close next, or what it lacks."""
    at = _Place(account, fund, charge_class, day)
    given = account.fund_values.get(day, {}).get(at.key)
    if given is not None:
        return _of_value(at, given)
    price = account.fund_prices.get(day, {}).get(fund)
    if price is None:
        return Lacking(f"price of fund {fund}" if at.is_priced else f"unit value of {at}")
    return _of_price(at, price)


def unit_values_of(account: SeparateAccount, day: date, only: str | None = None) -> Iterator[UnitValueReckoned]:
    """Every unit value there is on the day to close next: those given as they came, then those of prices in order; of
    one fund where one is named.
    """
    given = account.fund_values.get(day, {})
    places = [(value.fund, value.charge_class) for value in given.values()]
    priced = {
        (fund, charge_class)
        for fund in account.fund_prices.get(day, {})
        for charge_class in account.charge_schedules
        if f"{fund}|{charge_class}" not in given
    }
    for fund, charge_class in (*places, *sorted(priced)):
        found = unit_value_of(account, fund, charge_class, day) if only in {None, fund} else None
        if isinstance(found, UnitValueReckoned):
            yield found


@dataclass(frozen=True, slots=True)
class _Place:
    """A fund and a charge class on the day to close next."""

    account: SeparateAccount
    fund: str
    charge_class: str
    day: date

    def __str__(self) -> str:
        return f"fund {self.fund} for charge class {self.charge_class}"

    @property
    def key(self) -> str:
        return f"{self.fund}|{self.charge_class}"

    @property
    def prior(self) -> Decimal | None:
        return self.account.unit_values.get(self.key)

    @property
    def schedule(self) -> ChargeSchedule | None:
        return schedule_on(self.account.charge_schedules, self.charge_class, self.day)

    @property
    def is_first(self) -> bool:
        """Whether there never was a unit value."""
        return self.prior is None and self.key not in self.account.begun

    @property
    def price_before(self) -> FundPrice | None:
        previous = self.account.last_closed
        return None if previous is None else self.account.fund_prices.get(previous, {}).get(self.fund)

    @property
    def is_priced(self) -> bool:
        """Whether a price would make a unit value: there are charges, and it is the first or follows another price."""
        return self.schedule is not None and (self.is_first or self.price_before is not None)

    @property
    def days(self) -> int | None:
        """Calendar days since the prior Valuation Date."""
        previous = self.account.last_closed
        return None if previous is None else (self.day - previous).days


@dataclass(frozen=True, slots=True)
class _Period:
    """What a Valuation Period charges a fund in a class, and the growth that payments in annuity units assume."""

    charges: tuple[DaysCharged, ...]
    e: Decimal
    assumed_rate: Decimal | None
    growth_assumed: Decimal


def _period(at: _Place) -> _Period | Lacking:
    schedule, previous = at.schedule, at.account.last_closed
    if schedule is None:
        return Lacking(f"charge schedule of charge class {at.charge_class} in force on {at.day}")
    if previous is None:
        return Lacking(f"unit value of {at}: it has none to carry on", AlarmCode.NO_PRIOR_UNIT_VALUE)
    charges = days_charged(at.account.charge_schedules, (at.fund, at.charge_class), previous, at.day)
    if charges is None:
        return Lacking(f"charge schedule of charge class {at.charge_class} in force from the day after {previous} on")
    rate = schedule.assumed_rate
    assumed = ONE if rate is None else growth(rate, (at.day - previous).days)
    return _Period(charges, charges_of_period(charges), rate, assumed)


@dataclass(frozen=True, slots=True)
class _Reckoned:
    """A unit value, how it came, and what it follows from as far as it is there."""

    way: Way
    unit_value: Decimal
    factor: Decimal | None = None
    letters: Letters | ShareValues | None = None
    period: _Period | None = None
    price: FundPrice | None = None


def _of_value(at: _Place, value: FundValue) -> Found:
    """What is given on `fund-values`; letters without an e bear the charges of the class's schedule."""
    inputs = value.factor_inputs
    period = _period(at) if inputs is not None and inputs.e is None else None
    if isinstance(period, Lacking):
        return period
    e, assumed = (None, ONE) if period is None else (period.e, period.growth_assumed)
    found = unit_value(value, at.prior, e, assumed)
    if found is None:
        return Lacking(f"unit value of {at}", AlarmCode.NO_PRIOR_UNIT_VALUE)
    if value.unit_value is not None:
        return _told(at, _Reckoned("given", found))
    way: Way = "factor" if inputs is None else "factor_inputs"
    return _told(at, _Reckoned(way, found, factor_of(value, e), inputs, period))


def _of_price(at: _Place, price: FundPrice) -> Found:
    """The first value, or the one before carried on by the factor of the price."""
    if at.schedule is not None and at.is_first:
        return _told(at, _Reckoned("first", at.schedule.first_unit_value, price=price))
    period = _period(at)
    if isinstance(period, Lacking):
        return period
    letters = price.shares or _by_share(at, price)
    if at.prior is None or letters is None:
        what = "unit value" if at.prior is None else "price by share"
        why = f"it has no {what} of {at.account.last_closed} to carry on"
        return Lacking(f"unit value of {at}: {why}", AlarmCode.NO_PRIOR_UNIT_VALUE)
    factor = net_investment_factor(letters, period.e)
    found = carried_on(at.prior, factor, period.growth_assumed) if 0 < factor < FACTOR_LIMIT else None
    if found is None:
        why = f"a factor of {plain(factor)} makes none of {plain(at.prior)}"
        return Lacking(f"unit value of {at}: {why}", AlarmCode.FACTOR_IMPOSSIBLE)
    way: Way = "price" if price.shares is None else "shares"
    return _told(at, _Reckoned(way, found, factor, letters, period, price))


def _by_share(at: _Place, price: FundPrice) -> Letters | None:
    """The letters per share held on the prior Valuation Date; None where its price then is not known."""
    before = at.price_before
    if price.price is None or before is None or before.price is None:
        return None
    return Letters(a=price.price + price.distribution, b=before.price, c=price.tax, d=before.price)


def _told(at: _Place, reckoned: _Reckoned) -> UnitValueReckoned:
    letters, period = reckoned.letters, reckoned.period
    given = letters.e if isinstance(letters, FactorInputs) else None
    price = None if reckoned.price is None else reckoned.price.price
    return UnitValueReckoned(
        fund=at.fund,
        charge_class=at.charge_class,
        valuation_date=at.day,
        previous=at.account.last_closed,
        days=at.days,
        way=reckoned.way,
        price=price,
        distribution=None if reckoned.price is None or price is None else reckoned.price.distribution,
        a=letters and letters.a,
        b=letters and letters.b,
        c=letters and letters.c,
        d=letters and letters.d,
        e=given if period is None else period.e,
        charges=() if period is None else period.charges,
        assumed_rate=None if period is None else period.assumed_rate,
        net_investment_factor=reckoned.factor,
        prior_unit_value=None if reckoned.factor is None else at.prior,
        unit_value=reckoned.unit_value,
        rules=_rules(reckoned),
    )


def _rules(reckoned: _Reckoned) -> tuple[str, ...]:
    if reckoned.factor is None:
        return ("FND-3",)
    if reckoned.period is None:
        return "FND-1", "FND-3"
    annuity = () if reckoned.period.assumed_rate is None else ("FND-6", "INC-4")
    return ("FND-1", "FND-2", "FND-3", *annuity)
