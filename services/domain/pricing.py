"""Prices of a day: unit values, or the factors they follow from, and market yields (FND-1, MVA-4)."""

from __future__ import annotations

from dataclasses import replace

from contracts_schema.alarms import AlarmCode
from contracts_schema.reference import FundValue, MarketYields
from contracts_schema.unit_values import FundPrice
from services.domain.closing import Calendar, Reference, day_to_close, unit_values_wanted
from services.domain.refusing import Accepted, Refusal, final_value, too_far
from services.domain.separate_account import Lacking
from services.domain.unit_values import unit_value_of


def take_fund_value(state: Reference, value: FundValue, calendar: Calendar) -> Accepted | Refusal:
    """A fund's value of a day that is not closed; until it closes a later message replaces an earlier one."""
    day, key = value.valuation_date, f"{value.fund}|{value.charge_class}"
    of_day = state.fund_values.get(day, {})
    if of_day.get(key) == value:
        return state, ()
    what = f"the value of {value.fund} for charge class {value.charge_class}"
    refusal = final_value(state, day, what, "FND-1", calendar) or too_far(state, day, what, "FND-1", calendar)
    if refusal is None and not calendar.is_business_day(day):
        refusal = Refusal(AlarmCode.NOT_A_BUSINESS_DAY, ("GEN-1", "FND-1"), f"{what}: {day} is no business day")
    refusal = refusal or _nothing_prior(state, value, what, calendar)
    return refusal or (replace(state, fund_values={**state.fund_values, day: {**of_day, key: value}}), ())


def take_fund_price(state: Reference, price: FundPrice, calendar: Calendar) -> Accepted | Refusal:
    """A fund's price of a day that is not closed, for every charge class; likewise. Terms that name the fund may come
    later: nothing says in which order the topics are read.
    """
    day, fund = price.valuation_date, price.fund
    of_day = state.fund_prices.get(day, {})
    if of_day.get(fund) == price:
        return state, ()
    what = f"the price of {fund}"
    refusal = final_value(state, day, what, "FND-1", calendar) or too_far(state, day, what, "FND-1", calendar)
    if refusal is None and not calendar.is_business_day(day):
        refusal = Refusal(AlarmCode.NOT_A_BUSINESS_DAY, ("GEN-1", "FND-1"), f"{what}: {day} is no business day")
    priced = replace(state, fund_prices={**state.fund_prices, day: {**of_day, fund: price}})
    refusal = refusal or _makes_none(priced, price, calendar)
    return refusal or (priced, ())


def take_yields(state: Reference, yields: MarketYields, calendar: Calendar) -> Accepted | Refusal:
    """A series' yields of a date that is not closed; likewise."""
    of_day = state.yields.get(yields.date, {})
    if of_day.get(yields.series) == yields:
        return state, ()
    what = f"series {yields.series}"
    refusal = final_value(state, yields.date, what, "MVA-4", calendar) or too_far(
        state, yields.date, what, "MVA-4", calendar
    )
    return refusal or (
        replace(state, yields={**state.yields, yields.date: {**of_day, yields.series: yields}}),
        (),
    )


def _nothing_prior(state: Reference, value: FundValue, what: str, calendar: Calendar) -> Refusal | None:
    """FND-1: a factor for the day to close next carries on the unit value of the day closed before."""
    if value.valuation_date != day_to_close(state, calendar):
        return None
    key = f"{value.fund}|{value.charge_class}"
    of_day = {**state.fund_values.get(value.valuation_date, {}), key: value}
    tried = replace(state, fund_values={**state.fund_values, value.valuation_date: of_day})
    found = unit_value_of(tried, value.fund, value.charge_class, value.valuation_date)
    if not isinstance(found, Lacking) or found.code is None:
        return None
    prior = state.unit_values.get(key)
    message = f"{what} comes as a factor, which makes no unit value of that of the day before, {prior or 'not known'}"
    return Refusal(found.code, ("FND-1",), message)


def _makes_none(state: Reference, price: FundPrice, calendar: Calendar) -> Refusal | None:
    """FND-1: a price for the day to close next makes a unit value for every class that needs one by it."""
    day = price.valuation_date
    if day != day_to_close(state, calendar):
        return None
    for fund, charge_class in sorted(set(unit_values_wanted(state, day))):
        found = unit_value_of(state, fund, charge_class, day) if fund == price.fund else None
        if isinstance(found, Lacking) and found.code is not None:
            return Refusal(found.code, ("FND-1",), found.name)
    return None
