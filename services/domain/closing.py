"""What a business day needs before it can close, and the entry that closes it (FND-1, FIX-5, MVA-4).

Complete is a day with a unit value for every fund and charge class, rates for every fixed option and yields
for every series that the terms in force name; "not published" counts where it is authorised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from contracts_schema.entries import DayClosedEntry, DayCreditedRates, DayRate, DayUnitValue
from contracts_schema.options import FixedAccount2Option, FixedOption, FundOption, MvaTerms
from contracts_schema.reference import DeclaredRate, FundValue, GuaranteedOffering, MarketYields
from contracts_schema.terms import ContractTerms
from contracts_schema.unit_values import FundPrice, UnitValueReckoned
from services.domain.annuity_values import annuity_units_wanted
from services.domain.charge_reviews import Closing, Reviews, reviews_begun
from services.domain.close_control import CloseControl
from services.domain.daily_charges import Schedules
from services.domain.separate_account import Lacking
from services.domain.unit_values import unit_value_of, unit_values_of

DAYS_ANNOUNCED = 10


class Calendar(Protocol):
    """The exchange's calendar (GEN-1)."""

    def is_business_day(self, day: date) -> bool:
        """Whether the New York Stock Exchange is open on a day."""
        ...

    def closes_at(self, day: date) -> datetime:
        """The close of a business day, early closes included."""
        ...


@dataclass(frozen=True, slots=True)
class Reference:
    """Accepted reference data. What is dated on or before the last closed day is final.

    `unit_values` are those of the last closed day, by `fund|charge class`, from which factors carry on. Values
    and yields are by date and then by `fund|charge class` and by series; minimums by `contract|option|year`. Prices are
    by date and fund, charge schedules by class; `begun` is the first day with a unit value, by `fund|charge class`.
    `control` is what operations have ordered about the close; reviews of charges are by their keys.
    """

    last_closed: date | None = None
    frozen: date | None = None
    terms: tuple[ContractTerms, ...] = ()
    fund_values: Mapping[date, Mapping[str, FundValue]] = field(default_factory=dict)
    unit_values: Mapping[str, Decimal] = field(default_factory=dict)
    declared: tuple[DeclaredRate, ...] = ()
    minimums: Mapping[str, Decimal] = field(default_factory=dict)
    offerings: tuple[GuaranteedOffering, ...] = ()
    yields: Mapping[date, Mapping[str, MarketYields]] = field(default_factory=dict)
    charge_schedules: Schedules = field(default_factory=dict)
    fund_prices: Mapping[date, Mapping[str, FundPrice]] = field(default_factory=dict)
    begun: Mapping[str, date] = field(default_factory=dict)
    control: CloseControl = field(default_factory=CloseControl)
    reviews: Reviews = field(default_factory=dict)


def terms_on(state: Reference, day: date) -> list[ContractTerms]:
    """Each contract's terms in force on a day (GEN-6)."""
    by_contract: dict[str, ContractTerms] = {}
    for terms in sorted(state.terms, key=lambda terms: (terms.effective_from, terms.version)):
        if terms.effective_from <= day:
            by_contract[terms.contract_id] = terms
    return list(by_contract.values())


def next_business_day(after: date, calendar: Calendar) -> date:
    """The first business day after a day (GEN-1)."""
    day = after + timedelta(days=1)
    while not calendar.is_business_day(day):
        day += timedelta(days=1)
    return day


def day_to_close(state: Reference, calendar: Calendar) -> date | None:
    """The business day whose close is next: after the last, or the first on which any terms are in force."""
    if state.last_closed is not None:
        return next_business_day(state.last_closed, calendar)
    first = min((terms.effective_from for terms in state.terms), default=None)
    return None if first is None else next_business_day(first - timedelta(days=1), calendar)


def missing(state: Reference, day: date, calendar: Calendar) -> list[str]:
    """What is still missing before a day can close, each named so that somebody can go and get it."""
    until = next_business_day(day, calendar)
    wanted: dict[str, bool] = {}
    for terms in terms_on(state, day):
        wanted |= _wanted(state, terms, day, until)
    for fund, charge_class in annuity_units_wanted(state.terms, day):
        wanted |= _unit_value(state, fund, charge_class, day)
    return [name for name, there in wanted.items() if not there]


def unit_values_wanted(state: Reference, day: date) -> Iterator[tuple[str, str]]:
    """Fund and charge class of every unit value that a day needs, some more than once."""
    for terms in terms_on(state, day):
        for option in terms.options:
            if isinstance(option, FundOption):
                yield option.fund, terms.charge_class
    yield from annuity_units_wanted(state.terms, day)


def _wanted(state: Reference, terms: ContractTerms, day: date, until: date) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for option in terms.options:
        if isinstance(option, FundOption):
            found |= _unit_value(state, option.fund, terms.charge_class, day)
        elif isinstance(option, FixedOption):
            key = f"{terms.contract_id}|{option.option}"
            found[f"declared rate of {key}"] = declared_on(state, key, day) is not None
            for year in sorted({day.year, until.year}) if isinstance(option, FixedAccount2Option) else ():
                found[f"one-year minimum {year} of {key}"] = f"{key}|{year}" in state.minimums
        else:
            for series in option.mva.series:
                found[f"yields of {series}"] = _has_yields(state, option.mva, series, day)
    return found


def _has_yields(state: Reference, mva: MvaTerms, series: str, day: date) -> bool:
    """Whether the series has yields of the kind the terms take, or is said not to be published (MVA-4)."""
    found = state.yields.get(day, {}).get(series)
    if found is None or found.not_published is not None:
        return found is not None
    return bool(found.notes if mva.yield_source == "treasury_notes" else found.constant_maturity)


def _unit_value(state: Reference, fund: str, charge_class: str, day: date) -> dict[str, bool]:
    found = unit_value_of(state, fund, charge_class, day)
    return {found.name: False} if isinstance(found, Lacking) else {}


def declared_on(state: Reference, key: str, day: date) -> Decimal | None:
    """The declared rate of `contract|option` in force on a day, or None before the first."""
    in_force = [
        rate for rate in state.declared if f"{rate.contract_id}|{rate.option}" == key and rate.effective_from <= day
    ]
    return max(in_force, key=lambda rate: rate.effective_from).rate if in_force else None


Closed = tuple[Reference, DayClosedEntry, tuple[UnitValueReckoned, ...]]
"""The state without what is now in it, the entry, and the day's unit values with all that they follow from."""


def closed(state: Reference, day: date, calendar: Calendar) -> Closed:
    """Close a day that is complete."""
    coming = [next_business_day(day, calendar)]
    while len(coming) < DAYS_ANNOUNCED:
        coming.append(next_business_day(coming[-1], calendar))
    values = tuple(unit_values_of(state, day))
    reviews, totals = reviews_begun(
        state.reviews, terms_on(state, day), Closing(day, state.last_closed, state.frozen, coming[0])
    )
    entry = DayClosedEntry(
        date=day,
        previous=state.last_closed,
        closed_at=calendar.closes_at(day),
        next_business_days=tuple(coming),
        frozen_through=coming[0],
        unit_values=tuple(map(_day_unit_value, values)),
        credited_rates=tuple(_credited(state, day, coming[0])),
        yields=tuple(_yields(state, day)),
        contract_totals=totals or None,
    )
    fresh = {f"{value.fund}|{value.charge_class}": value.unit_value for value in values}
    begun = {key: day for key in fresh if key not in state.begun}
    control = replace(state.control, ordered=tuple(other for other in state.control.ordered if other > day))
    after = replace(state, last_closed=day, frozen=coming[0], unit_values=fresh, control=control, reviews=reviews)
    return (replace(after, begun={**state.begun, **begun}) if begun else after), entry, values


def _day_unit_value(value: UnitValueReckoned) -> DayUnitValue:
    return DayUnitValue(
        fund=value.fund,
        charge_class=value.charge_class,
        unit_value=value.unit_value,
        net_investment_factor=value.net_investment_factor,
    )


def _yields(state: Reference, day: date) -> Iterator[MarketYields]:
    """What was published since the day closed before: markets differ in their holidays."""
    for published in sorted(state.yields):
        if (state.last_closed is None or published > state.last_closed) and published <= day:
            yield from state.yields[published].values()


def _credited(state: Reference, day: date, until: date) -> Iterator[DayCreditedRates]:
    """The rates of every fixed option from the day to the next business day, changes in between included."""
    for terms in terms_on(state, until):
        for option in terms.options:
            key = f"{terms.contract_id}|{option.option}"
            if isinstance(option, FixedOption) and (rates := tuple(_rates(state, option, key, (day, until)))):
                yield DayCreditedRates(contract_id=terms.contract_id, option=option.option, rates=rates)


def _rates(state: Reference, option: FixedOption, key: str, days: tuple[date, date]) -> Iterator[DayRate]:
    """Declared rates, and of Fixed Account 2 the minimum of the year with each (FIX-5), from a day until another."""
    day, until = days
    yearly, before = isinstance(option, FixedAccount2Option), None
    for offset in range((until - day).days):
        current = day + timedelta(days=offset)
        minimum = state.minimums.get(f"{key}|{current.year}") if yearly else None
        declared = declared_on(state, key, current)
        if declared is None or (yearly and minimum is None):
            continue
        if (declared, minimum) != before:
            yield DayRate(from_day=current, declared=declared, one_year_minimum=minimum)
        before = (declared, minimum)
