"""Charge schedules: what is accepted of them (FND-3, FND-6).

A class is of accumulation units or of annuity units, for good, and contracts name it as what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter

from contracts_schema.alarms import AlarmCode
from contracts_schema.terms import ContractTerms
from contracts_schema.types import plain
from contracts_schema.unit_values import ChargeSchedule
from services.domain.closing import Reference
from services.domain.daily_charges import schedule_on
from services.domain.refusing import Accepted, Refusal, final, frozen

MOST_MORTALITY_AND_EXPENSE = Decimal("0.0075")
MOST_ADMINISTRATIVE = Decimal("0.0025")
"""What contracts that are not on the Daily Asset Charge are charged at most (FND-3, E-FA2 §11)."""


def take_charge_schedule(state: Reference, schedule: ChargeSchedule) -> Accepted | Refusal:
    """A schedule from a day that is not frozen; another for the same day replaces it. Where none is in force yet, one
    for the days that close next is in time: it changes nothing, and they may wait for it.
    """
    known = state.charge_schedules.get(schedule.charge_class, ())
    if schedule in known:
        return state, ()
    others = tuple(each for each in known if each.effective_from != schedule.effective_from)
    replaces = schedule_on(state.charge_schedules, schedule.charge_class, schedule.effective_from) is not None
    too_late = frozen if replaces else final
    refusal = (
        too_late(state, schedule.effective_from, f"the charge schedule of class {schedule.charge_class}", "FND-3")
        or above_maximum(schedule)
        or _of_another_kind(others, schedule)
        or _named_otherwise(state, schedule)
    )
    if refusal is not None:
        return refusal
    versions = tuple(sorted((*others, schedule), key=attrgetter("effective_from")))
    return replace(state, charge_schedules={**state.charge_schedules, schedule.charge_class: versions}), ()


def wrong_phase(state: Reference, terms: ContractTerms) -> Refusal | None:
    """Terms that name a charge class as what its schedules say that it is not (FND-6, INC-4)."""
    for versions in state.charge_schedules.values():
        for why in _contradictions(terms, versions[-1]):
            return Refusal(AlarmCode.CONFLICTING_VALUE, ("FND-6",), why)
    return None


def above_maximum(schedule: ChargeSchedule) -> Refusal | None:
    """A charge of a schedule that is more than its maximum (FND-3, FND-6)."""
    for what, charged, most, rule in _limited(schedule):
        if charged > most:
            message = f"class {schedule.charge_class}: {what} of {plain(charged)} is above its maximum, {plain(most)}"
            return Refusal(AlarmCode.CHARGE_ABOVE_MAXIMUM, (rule,), message)
    return None


def _limited(schedule: ChargeSchedule) -> Iterator[tuple[str, Decimal, Decimal, str]]:
    """Each charge that has a maximum: what it is, how much, the maximum, and the rule."""
    mortality, administrative = schedule.mortality_and_expense or Decimal(0), schedule.administrative or Decimal(0)
    yield "a mortality and expense charge", mortality, MOST_MORTALITY_AND_EXPENSE, "FND-3"
    yield "an administrative charge", administrative, MOST_ADMINISTRATIVE, "FND-3"
    if schedule.maximum is not None:
        added = max((listed.charge for listed in schedule.adjustments), default=Decimal(0))
        daily = (schedule.daily_asset_charge or Decimal(0)) + schedule.additional_services
        rule = "FND-6" if schedule.phase == "annuity" else "FND-3"
        yield "a daily charge", daily + mortality + administrative + added, schedule.maximum, rule


def _of_another_kind(others: tuple[ChargeSchedule, ...], schedule: ChargeSchedule) -> Refusal | None:
    """What is counted in a class stays what it is: neither its phase changes nor the rate its values are net of."""
    for other in others:
        if (other.phase, other.assumed_rate) != (schedule.phase, schedule.assumed_rate):
            message = f"class {schedule.charge_class} is {_kind(other)} by its schedule of {other.effective_from}"
            return Refusal(AlarmCode.CONFLICTING_VALUE, ("FND-6",), message)
    return None


def _kind(schedule: ChargeSchedule) -> str:
    if schedule.assumed_rate is None:
        return "of accumulation units"
    return f"of annuity units at an assumed rate of {plain(schedule.assumed_rate)}"


def _named_otherwise(state: Reference, schedule: ChargeSchedule) -> Refusal | None:
    for terms in state.terms:
        for why in _contradictions(terms, schedule):
            return Refusal(AlarmCode.CONFLICTING_VALUE, ("FND-6",), why)
    return None


def _contradictions(terms: ContractTerms, schedule: ChargeSchedule) -> Iterator[str]:
    """How a version of terms names the class of a schedule as something else than it is."""
    named = f"version {terms.version} of contract {terms.contract_id} names class {schedule.charge_class}"
    variable = None if terms.income is None else terms.income.variable
    if terms.charge_class == schedule.charge_class and schedule.phase == "annuity":
        yield f"{named} for accumulation units, and its schedule is {_kind(schedule)}"
    if variable is None or variable.charge_class != schedule.charge_class:
        return
    if variable.assumed_rate != schedule.assumed_rate:
        at = plain(variable.assumed_rate)
        yield f"{named} for annuity units at an assumed rate of {at}, and its schedule is {_kind(schedule)}"
