"""Rates of fixed options: declared ones, and the one-year minimums of Fixed Account 2; never below their floors (FIX-1,
FIX-2, FIX-5, FIX-6).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from contracts_schema.alarms import AlarmCode
from contracts_schema.options import FixedAccount2Option, FixedOption, Option
from contracts_schema.reference import CreditedRate, DeclaredRate, OneYearMinimum
from services.domain.closing import Reference
from services.domain.fixed import floor_of
from services.domain.refusing import Accepted, Refusal, frozen


def take_rate(state: Reference, message: CreditedRate) -> Accepted | Refusal:
    """A rate from a day that is not frozen; another for the same day replaces it."""
    rate = message.root
    if isinstance(rate, OneYearMinimum):
        return _take_minimum(state, rate)
    if rate in state.declared:
        return state, ()
    what = f"the rate of {rate.contract_id}|{rate.option}"
    refusal = frozen(state, rate.effective_from, what, "FIX-6") or _below_floor(state, rate)
    if refusal is not None:
        return refusal
    place = (rate.contract_id, rate.option, rate.effective_from)
    others = [known for known in state.declared if (known.contract_id, known.option, known.effective_from) != place]
    return replace(state, declared=(*others, rate)), ()


def _below_floor(state: Reference, rate: DeclaredRate) -> Refusal | None:
    """FIX-6: a declared rate is not below the year's minimum, nor below the contract's."""
    key, day = f"{rate.contract_id}|{rate.option}", rate.effective_from
    floors = {
        "the contract minimum": _contract_floor(state, rate, day),
        f"the one-year minimum of {day.year}": state.minimums.get(f"{key}|{day.year}"),
    }
    for name, floor in floors.items():
        if floor is not None and rate.rate < floor:
            message = f"declared {rate.rate} for {key} is below {name}, {floor}"
            return Refusal(AlarmCode.RATE_BELOW_FLOOR, (_floor_rule(state, rate), "FIX-6"), message)
    return None


def _floor_rule(state: Reference, rate: DeclaredRate | OneYearMinimum) -> str:
    """The rule by which the option has a floor: FIX-5 also while nothing but a one-year minimum is known of it."""
    option = _option(state, rate)
    return option.floor_rule if isinstance(option, FixedOption) else FixedAccount2Option.floor_rule


def _option(state: Reference, rate: DeclaredRate | OneYearMinimum) -> Option | None:
    """The option that a rate is of, as any version of its contract has it: its kind never changes (GEN-6)."""
    for terms in state.terms:
        option = terms.option_named(rate.option) if terms.contract_id == rate.contract_id else None
        if option is not None:
            return option
    return None


def _contract_floor(state: Reference, rate: DeclaredRate | OneYearMinimum, day: date) -> Decimal | None:
    """The contract's floor on a day, retained ones included; None while the contract is not known."""
    of_contract = [terms for terms in state.terms if terms.contract_id == rate.contract_id]
    return floor_of(sorted(of_contract, key=lambda terms: (terms.effective_from, terms.version)), rate.option, day)


def _take_minimum(state: Reference, minimum: OneYearMinimum) -> Accepted | Refusal:
    """FIX-5: set before its year begins (or the option does), and not below the contract's minimum."""
    key = f"{minimum.contract_id}|{minimum.option}|{minimum.year}"
    if state.minimums.get(key) == minimum.rate:
        return state, ()
    option = _option(state, minimum)
    if option is not None and not isinstance(option, FixedAccount2Option):
        message = f"one-year minimum of {key}: only Fixed Account 2 has one, and this is a {option.kind}"
        return Refusal(AlarmCode.CONFLICTING_VALUE, ("FIX-5",), message)
    begins = max(date(minimum.year, 1, 1), offered_since(state, minimum.contract_id, minimum.option) or date.max)
    late = frozen(state, begins, f"the one-year minimum of {key}", "FIX-5")
    if late is not None:
        return late
    floor = _contract_floor(state, minimum, date(minimum.year, 12, 31))
    if floor is not None and minimum.rate < floor:
        message = f"one-year minimum {minimum.rate} of {key} is below the contract minimum, {floor}"
        return Refusal(AlarmCode.RATE_BELOW_FLOOR, ("FIX-5", "FIX-6"), message)
    return replace(state, minimums={**state.minimums, key: minimum.rate}), ()


def offered_since(state: Reference, contract_id: str, option: str) -> date | None:
    """The first day on which the contract offers the option; None while none is known."""
    days = (
        terms.effective_from
        for terms in state.terms
        if terms.contract_id == contract_id and terms.option_named(option) is not None
    )
    return min(days, default=None)
