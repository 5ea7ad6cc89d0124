"""Prices of a day: unit values, or the factors they follow from, and market yields (FND-1, MVA-4)."""

from __future__ import annotations

from dataclasses import replace

from contracts_schema.alarms import AlarmCode
from contracts_schema.reference import FundValue, MarketYields
from services.domain.closing import Calendar, Reference, day_to_close
from services.domain.funds import unit_value
from services.domain.refusing import Accepted, Refusal, final, too_far


def take_fund_value(state: Reference, value: FundValue, calendar: Calendar) -> Accepted | Refusal:
    """A fund's value of a day that is not closed; until it closes a later message replaces an earlier one."""
    day, key = value.valuation_date, f"{value.fund}|{value.charge_class}"
    of_day = state.fund_values.get(day, {})
    if of_day.get(key) == value:
        return state, ()
    what = f"the value of {value.fund} for charge class {value.charge_class}"
    refusal = final(state, day, what, "FND-1") or too_far(state, day, what, "FND-1", calendar)
    if refusal is None and not calendar.is_business_day(day):
        refusal = Refusal(AlarmCode.NOT_A_BUSINESS_DAY, ("GEN-1", "FND-1"), f"{what}: {day} is no business day")
    refusal = refusal or _nothing_prior(state, value, what, calendar)
    return refusal or (replace(state, fund_values={**state.fund_values, day: {**of_day, key: value}}), ())


def take_yields(state: Reference, yields: MarketYields, calendar: Calendar) -> Accepted | Refusal:
    """A series' yields of a date that is not closed; likewise."""
    of_day = state.yields.get(yields.date, {})
    if of_day.get(yields.series) == yields:
        return state, ()
    what = f"series {yields.series}"
    refusal = final(state, yields.date, what, "MVA-4") or too_far(state, yields.date, what, "MVA-4", calendar)
    return refusal or (
        replace(state, yields={**state.yields, yields.date: {**of_day, yields.series: yields}}),
        (),
    )


def _nothing_prior(state: Reference, value: FundValue, what: str, calendar: Calendar) -> Refusal | None:
    """FND-1: a factor for the day to close next carries on the unit value of the day closed before."""
    prior = state.unit_values.get(f"{value.fund}|{value.charge_class}")
    if value.valuation_date != day_to_close(state, calendar) or unit_value(value, prior) is not None:
        return None
    message = f"{what} comes as a factor, which makes no unit value of that of the day before, {prior or 'not known'}"
    return Refusal(AlarmCode.NO_PRIOR_UNIT_VALUE, ("FND-1",), message)
