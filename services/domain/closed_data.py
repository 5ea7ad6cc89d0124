"""What reference keeps of closed days: values and yields are final by their date alone, and only the last unit values,
prices and rates carry on (FND-1, FIX-6, MVA-4).

Of the last closed days everything is kept, so that the same message again is known for what it is, and only another is
alarmed; of a day before them any message comes too late. A declared rate is gone when another has taken its place by
then, a one-year minimum with its year. What a person announces is kept: versions of terms and of charges, offerings,
releases. There are few, and none may be announced otherwise later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from contracts_schema.reference import DeclaredRate
from services.domain.closing import Calendar, Reference

T = TypeVar("T")
DAYS_KNOWN = 10
"""So many closed days are kept, the last one included."""


def without_old_days(state: Reference, calendar: Calendar, days: int = DAYS_KNOWN) -> Reference:
    """The state without what is of days before the last so many closed ones."""
    if state.last_closed is None:
        return state
    first = first_day_known(state.last_closed, calendar, days)
    return replace(
        state,
        fund_values=_since(state.fund_values, first),
        fund_prices=_since(state.fund_prices, first),
        yields=_since(state.yields, first),
        declared=_still_declared(state.declared, first),
        minimums=_of_years(state.minimums, first.year),
    )


def first_day_known(last_closed: date, calendar: Calendar, days: int = DAYS_KNOWN) -> date:
    """The first of the last so many closed days."""
    for _ in range(days - 1):
        last_closed = _business_day_before(last_closed, calendar)
    return last_closed


def _business_day_before(day: date, calendar: Calendar) -> date:
    day -= timedelta(days=1)
    while not calendar.is_business_day(day):
        day -= timedelta(days=1)
    return day


def _since(by_date: Mapping[date, T], first: date) -> Mapping[date, T]:
    """What is of a day or later; the very same where that is everything."""
    if min(by_date, default=first) >= first:
        return by_date
    return {day: found for day, found in by_date.items() if day >= first}


def _still_declared(declared: tuple[DeclaredRate, ...], first: date) -> tuple[DeclaredRate, ...]:
    """Each option's rate in force on a day, and what is declared from later days on."""
    in_force: dict[tuple[str, str], date] = {}
    for rate in declared:
        place, since = (rate.contract_id, rate.option), rate.effective_from
        if since <= first:
            in_force[place] = max(since, in_force.get(place, since))
    kept = tuple(
        rate
        for rate in declared
        if rate.effective_from >= in_force.get((rate.contract_id, rate.option), rate.effective_from)
    )
    return kept if len(kept) < len(declared) else declared


def _of_years(minimums: Mapping[str, T], first: int) -> Mapping[str, T]:
    """Minimums by `contract|option|year` of a year and later ones."""
    kept = {key: rate for key, rate in minimums.items() if int(key.rpartition("|")[2]) >= first}
    return kept if len(kept) < len(minimums) else minimums
