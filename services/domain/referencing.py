"""The only door for terms, prices and rates: check, accept or refuse with an alarm, and close the day.

A refused message changes nothing: the value in force stays (FIX-6). The same message again is silently
nothing, a correction before the close replaces, and what is frozen or closed stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from contracts_schema.entries import AnyEntry, OfferingEntry, TermsEntry
from contracts_schema.outcomes import Alarm
from contracts_schema.parsing import AnyReference, Malformed, read_reference
from contracts_schema.reasons import AlarmCode
from contracts_schema.reference import (
    CreditedRate,
    DeclaredRate,
    FundValue,
    GuaranteedOffering,
    MarketYields,
    OneYearMinimum,
)
from contracts_schema.terms import ContractTerms, FixedAccount2Option, FundOption, GuaranteedOption, Option
from services.domain.availability import Missing, unavailable_in_terms
from services.domain.closing import Calendar, Reference, closed, day_to_close, missing, terms_on
from services.domain.funds import unit_value
from services.domain.numbers import exact

DAYS_AHEAD = 366
SHOWN_BYTES = 2000


@dataclass(frozen=True, slots=True)
class ReferenceRecord:
    """A record of a reference topic."""

    topic: str
    partition: int
    offset: int
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message was refused, by which rules."""

    code: AlarmCode
    rules: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Folded:
    """The state afterwards, entries for every partition of the ledger log, and alarms."""

    state: Reference
    entries: tuple[AnyEntry, ...] = ()
    alarms: tuple[Alarm, ...] = ()


Accepted = tuple[Reference, tuple[AnyEntry, ...]]


@exact
def fold(state: Reference, record: ReferenceRecord, calendar: Calendar) -> Folded:
    """Take in one message: accepted, refused with an alarm, or known already."""
    message = read_reference(record.topic, record.value or b"")
    taken = _take(state, message, calendar)
    if isinstance(taken, Refusal):
        return Folded(state, alarms=(_alarm(record, taken),))
    return Folded(*taken)


@exact
def close_through(state: Reference, through: date, calendar: Calendar) -> Folded:
    """Intake has put on the log every request that had arrived by the close of a day: close what is complete."""
    entries: tuple[AnyEntry, ...] = ()
    while (day := day_to_close(state, calendar)) is not None and day <= through and not missing(state, day, calendar):
        state, entry = closed(state, day, calendar)
        entries = (*entries, entry)
    return Folded(state, entries)


def complete_through(state: Reference, until: date, calendar: Calendar) -> date | None:
    """The last day, not after `until`, that could close but for intake; None where there is none."""
    after = close_through(state, until, calendar).state.last_closed
    return None if after == state.last_closed else after


def _alarm(record: ReferenceRecord, refusal: Refusal) -> Alarm:
    return Alarm(
        code=refusal.code,
        rules=refusal.rules,
        message=refusal.message,
        topic=record.topic,
        source_partition=record.partition,
        source_offset=record.offset,
        refused=(record.value or b"")[:SHOWN_BYTES].decode(errors="replace"),
    )


def _take(state: Reference, message: AnyReference | Malformed, calendar: Calendar) -> Accepted | Refusal:
    if isinstance(message, Malformed):
        return Refusal(AlarmCode.MALFORMED, ("FIX-6",), message.message)
    if isinstance(message, ContractTerms):
        return _take_terms(state, message)
    if isinstance(message, FundValue):
        return _take_fund_value(state, message, calendar)
    if isinstance(message, CreditedRate):
        return _take_rate(state, message)
    if isinstance(message, GuaranteedOffering):
        return _take_offering(state, message)
    return _take_yields(state, message, calendar)


def _frozen(state: Reference, day: date, what: str, rule: str) -> Refusal | None:
    """Anything effective on or before the frozen day comes too late."""
    if state.frozen is None or day > state.frozen:
        return None
    message = f"{what} is effective {day}, but days through {state.frozen} are frozen (last closed {state.last_closed})"
    return Refusal(AlarmCode.EFFECTIVE_TOO_LATE, (rule,), message)


def _take_terms(state: Reference, terms: ContractTerms) -> Accepted | Refusal:
    known = [version for version in state.terms if version.contract_id == terms.contract_id]
    if terms in known:
        return state, ()
    if any(version.version >= terms.version for version in known):
        message = f"contract {terms.contract_id} has version {max(v.version for v in known)} or later already"
        return Refusal(AlarmCode.CONFLICTING_VALUE, ("GEN-6",), message)
    unbuilt = (*unavailable_in_terms(terms), *_other_charge_class(known, terms))
    if unbuilt:
        message = "; ".join(f"{name} needs rule {rule}, which is not available" for name, rule in unbuilt)
        return Refusal(AlarmCode.NOT_AVAILABLE, tuple(rule for _, rule in unbuilt), message)
    lost = {_identity(option) for version in known for option in version.options} - set(map(_identity, terms.options))
    if lost:
        message = f"what may be held keeps its meaning; options missing or made another: {sorted(lost)}"
        return Refusal(AlarmCode.CONFLICTING_VALUE, ("GEN-6", "GEN-7"), message)
    late = _frozen(state, terms.effective_from, f"version {terms.version} of contract {terms.contract_id}", "GEN-6")
    return late or (replace(state, terms=(*state.terms, terms)), (TermsEntry(terms=terms),))


def _other_charge_class(known: list[ContractTerms], terms: ContractTerms) -> Iterator[Missing]:
    """Units are worth the unit value of their class: another class means exchanging them, when charges are reviewed."""
    if any(version.charge_class != terms.charge_class for version in known):
        yield "charge_class", "FND-4"


def _identity(option: Option) -> tuple[str, str, str]:
    """What must stay the same for units held to stay what they are: an option is closed by a date, not left out."""
    if isinstance(option, FundOption):
        return option.option, option.kind, option.fund
    return option.option, option.kind, option.series if isinstance(option, GuaranteedOption) else ""


def _take_fund_value(state: Reference, value: FundValue, calendar: Calendar) -> Accepted | Refusal:
    day, key = value.valuation_date, f"{value.fund}|{value.charge_class}"
    of_day = state.fund_values.get(day, {})
    if of_day.get(key) == value:
        return state, ()
    what = f"the value of {value.fund} for charge class {value.charge_class}"
    refusal = _closed(state, day, what, "FND-1") or _too_far(state, day, what, "FND-1", calendar)
    if refusal is None and not calendar.is_business_day(day):
        refusal = Refusal(AlarmCode.NOT_A_BUSINESS_DAY, ("GEN-1", "FND-1"), f"{what}: {day} is no business day")
    refusal = refusal or _nothing_prior(state, value, what, calendar)
    return refusal or (replace(state, fund_values={**state.fund_values, day: {**of_day, key: value}}), ())


def _nothing_prior(state: Reference, value: FundValue, what: str, calendar: Calendar) -> Refusal | None:
    """FND-1: a factor for the day to close next carries on the unit value of the day closed before."""
    prior = state.unit_values.get(f"{value.fund}|{value.charge_class}")
    if value.valuation_date != day_to_close(state, calendar) or unit_value(value, prior) is not None:
        return None
    message = f"{what} comes as a factor, which makes no unit value of that of the day before, {prior or 'not known'}"
    return Refusal(AlarmCode.NO_PRIOR_UNIT_VALUE, ("FND-1",), message)


def _closed(state: Reference, day: date, what: str, rule: str) -> Refusal | None:
    if state.last_closed is None or day > state.last_closed:
        return None
    message = f"{what} is for {day}, which is closed (last closed {state.last_closed})"
    return Refusal(AlarmCode.EFFECTIVE_TOO_LATE, (rule,), message)


def _too_far(state: Reference, day: date, what: str, rule: str, calendar: Calendar) -> Refusal | None:
    coming = day_to_close(state, calendar)
    if coming is None or day <= coming + timedelta(days=DAYS_AHEAD):
        return None
    message = f"{what} is for {day}, more than {DAYS_AHEAD} days after {coming}, the next day to close"
    return Refusal(AlarmCode.TOO_FAR_AHEAD, (rule,), message)


def _take_rate(state: Reference, message: CreditedRate) -> Accepted | Refusal:
    rate = message.root
    if isinstance(rate, OneYearMinimum):
        return _take_minimum(state, rate)
    if rate in state.declared:
        return state, ()
    what = f"the rate of {rate.contract_id}|{rate.option}"
    refusal = _frozen(state, rate.effective_from, what, "FIX-6") or _below_floor(state, rate)
    if refusal is not None:
        return refusal
    place = (rate.contract_id, rate.option, rate.effective_from)
    others = [known for known in state.declared if (known.contract_id, known.option, known.effective_from) != place]
    return replace(state, declared=(*others, rate)), ()


def _below_floor(state: Reference, rate: DeclaredRate) -> Refusal | None:
    """FIX-6: a declared rate is not below the year's minimum, nor below the contract's."""
    floors = [("the contract minimum", floor) for floor in _contract_floors(state, rate)]
    minimum = state.minimums.get(f"{rate.contract_id}|{rate.option}|{rate.effective_from.year}")
    if minimum is not None:
        floors.append((f"the one-year minimum of {rate.effective_from.year}", minimum))
    for name, floor in floors:
        if rate.rate < floor:
            message = f"declared {rate.rate} for {rate.contract_id}|{rate.option} is below {name}, {floor}"
            return Refusal(AlarmCode.RATE_BELOW_FLOOR, ("FIX-5", "FIX-6"), message)
    return None


def _contract_floors(state: Reference, rate: DeclaredRate | OneYearMinimum) -> Iterator[Decimal]:
    """The floor of the terms in force on the rate's first day; none while the contract is not known."""
    day = rate.effective_from if isinstance(rate, DeclaredRate) else date(rate.year, 12, 31)
    for terms in terms_on(state, day):
        option = terms.option_named(rate.option)
        if terms.contract_id == rate.contract_id and isinstance(option, FixedAccount2Option):
            yield max(option.contract_minimum, option.retained_minimum or option.contract_minimum)


def _take_minimum(state: Reference, minimum: OneYearMinimum) -> Accepted | Refusal:
    """FIX-5: set before its year begins (or the option does), and not below the contract's minimum."""
    key = f"{minimum.contract_id}|{minimum.option}|{minimum.year}"
    if state.minimums.get(key) == minimum.rate:
        return state, ()
    offered = _offered_since(state, minimum)
    if offered is not None:
        late = _frozen(state, max(date(minimum.year, 1, 1), offered), f"the one-year minimum of {key}", "FIX-5")
        if late is not None:
            return late
    for floor in _contract_floors(state, minimum):
        if minimum.rate < floor:
            message = f"one-year minimum {minimum.rate} of {key} is below the contract minimum, {floor}"
            return Refusal(AlarmCode.RATE_BELOW_FLOOR, ("FIX-5", "FIX-6"), message)
    return replace(state, minimums={**state.minimums, key: minimum.rate}), ()


def _offered_since(state: Reference, minimum: OneYearMinimum) -> date | None:
    """The first day on which the contract offers the option; None while none is known."""
    days = (
        terms.effective_from
        for terms in state.terms
        if terms.contract_id == minimum.contract_id and terms.option_named(minimum.option) is not None
    )
    return min(days, default=None)


def _take_offering(state: Reference, offer: GuaranteedOffering) -> Accepted | Refusal:
    """GAA-1: announced once, before its deposit period begins, one period of a series after the other."""
    of_series = [known for known in state.offerings if known.series == offer.series]
    if offer in of_series:
        return state, ()
    if any(known.offering_id == offer.offering_id for known in of_series):
        message = f"offering {offer.offering_id} was announced otherwise; what is announced is guaranteed"
        return Refusal(AlarmCode.CONFLICTING_VALUE, ("GAA-1",), message)
    for known in of_series:
        if known.period_start <= offer.period_end and offer.period_start <= known.period_end:
            message = f"deposit period of {offer.offering_id} overlaps that of {known.offering_id}"
            return Refusal(AlarmCode.OFFERING_OVERLAPS, ("GAA-1",), message)
    late = _frozen(state, offer.period_start, f"offering {offer.offering_id}", "GAA-1")
    refusal = late or _below_minimum(state, offer)
    return refusal or (replace(state, offerings=(*state.offerings, offer)), (OfferingEntry(offering=offer),))


def _below_minimum(state: Reference, offer: GuaranteedOffering) -> Refusal | None:
    lowest = min(step.rate for term in offer.terms for step in term.steps)
    for terms in terms_on(state, offer.period_start):
        for option in terms.options:
            if isinstance(option, GuaranteedOption) and option.series == offer.series and lowest < option.minimum_rate:
                message = f"{lowest} is below the minimum of {terms.contract_id}, {option.minimum_rate}"
                return Refusal(AlarmCode.RATE_BELOW_FLOOR, ("GAA-1",), message)
    return None


def _take_yields(state: Reference, yields: MarketYields, calendar: Calendar) -> Accepted | Refusal:
    of_day = state.yields.get(yields.date, {})
    if of_day.get(yields.series) == yields:
        return state, ()
    what = f"series {yields.series}"
    refusal = _closed(state, yields.date, what, "MVA-4") or _too_far(state, yields.date, what, "MVA-4", calendar)
    return refusal or (
        replace(state, yields={**state.yields, yields.date: {**of_day, yields.series: yields}}),
        (),
    )
