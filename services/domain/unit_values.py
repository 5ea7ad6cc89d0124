"""The unit values of a day, each of a fund for a charge class, with all that it follows from (FND-1, FND-2, FND-3).

A value or factor given for a class wins. Else a fund's price makes one for every class that has charges: the first
value of its schedule, or the value of the day closed before, carried on. Annuity units are net of the rate their
payments assume, and bear what their class's schedule charges (FND-6, INC-4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts_schema.alarms import AlarmCode
from contracts_schema.reference import FactorInputs, FundValue
from contracts_schema.types import plain
from contracts_schema.unit_values import FundPrice, ShareValues, UnitValueReckoned, Way
from services.domain.funds import Letters, carried_on, factor_of, net_investment_factor, unit_value
from services.domain.numbers import ONE
from services.domain.separate_account import Lacking, Period, Place, SeparateAccount, period_of

FACTOR_LIMIT = 1000


Found = UnitValueReckoned | Lacking


def unit_value_of(account: SeparateAccount, fund: str, charge_class: str, day: date) -> Found:
    """A fund's unit value for a charge class on the day to close next, or what it lacks."""
    at = Place(account, fund, charge_class, day)
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
class _Reckoned:
    """A unit value, how it came, and what it follows from as far as it is there."""

    way: Way
    unit_value: Decimal
    factor: Decimal | None = None
    letters: Letters | ShareValues | None = None
    period: Period | None = None
    price: FundPrice | None = None


def _of_value(at: Place, value: FundValue) -> Found:
    """What is given on `fund-values`; letters without an e bear the charges of the class's schedule."""
    inputs = value.factor_inputs
    period = period_of(at) if inputs is not None and inputs.e is None else None
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


def _of_price(at: Place, price: FundPrice) -> Found:
    """The first value, or the one before carried on by the factor of the price."""
    if at.schedule is not None and at.is_first:
        return _told(at, _Reckoned("first", at.schedule.first_unit_value, price=price))
    period = period_of(at)
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


def _by_share(at: Place, price: FundPrice) -> Letters | None:
    """The letters per share held on the prior Valuation Date; None where its price then is not known."""
    before = at.price_before
    if price.price is None or before is None or before.price is None:
        return None
    return Letters(a=price.price + price.distribution, b=before.price, c=price.tax, d=before.price)


def _told(at: Place, reckoned: _Reckoned) -> UnitValueReckoned:
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
