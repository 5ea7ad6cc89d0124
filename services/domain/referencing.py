"""The only door for terms, prices and rates: check, accept or refuse with an alarm, and close the day.

A refused message changes nothing: the value in force stays (FIX-6). The same message again is silently
nothing, a correction before the close replaces, and what is frozen or closed stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contracts_schema.alarms import AlarmCode
from contracts_schema.closing_orders import ClosingOrder
from contracts_schema.contract_notices import ContractNotice, ContractTotal
from contracts_schema.entries import AnyEntry
from contracts_schema.outcomes import Alarm
from contracts_schema.parsing import AnyReference, Malformed, read_reference
from contracts_schema.reference import CreditedRate, FundValue, GuaranteedOffering, MarketYields
from contracts_schema.terms import ContractTerms
from contracts_schema.unit_values import ChargeSchedule, FundPrice, UnitValueReckoned
from services.domain.announcing import take_offering, take_terms
from services.domain.charging import take_charge_schedule
from services.domain.closed_data import without_old_days
from services.domain.closing import Calendar, Reference, closed, day_to_close
from services.domain.closing_orders import take_order
from services.domain.crediting import take_rate
from services.domain.holder_notices import not_reset, notices_of
from services.domain.lateness import tell_late
from services.domain.numbers import exact
from services.domain.plausibility import Held, held
from services.domain.pricing import take_fund_price, take_fund_value, take_yields
from services.domain.readiness import may_close
from services.domain.refusing import Accepted, Refusal
from services.domain.reviewing import take_total

SHOWN_BYTES = 2000


@dataclass(frozen=True, slots=True)
class ReferenceRecord:
    """A record of a reference topic."""

    topic: str
    partition: int
    offset: int
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Folded:
    """The state afterwards, entries for every partition of the ledger log, alarms, unit values of closed days, and
    notices to contract holders.
    """

    state: Reference
    entries: tuple[AnyEntry, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    unit_values: tuple[UnitValueReckoned, ...] = ()
    notices: tuple[ContractNotice, ...] = ()


@exact
def fold(state: Reference, record: ReferenceRecord, calendar: Calendar) -> Folded:
    """Take in one message: accepted, refused with an alarm, or known already."""
    message = read_reference(record.topic, record.value or b"")
    taken = _take(state, message, calendar)
    if isinstance(taken, Refusal) or isinstance(message, Malformed):
        assert isinstance(taken, Refusal), "what cannot be read is refused"
        return Folded(state, alarms=(_alarm(record, taken),))
    after, entries = taken
    fund = message.fund if isinstance(message, FundValue | FundPrice) else None
    alarms = (*_newly_held(state, after, calendar, fund), *(_alarm(record, each) for each in not_reset(state, after)))
    notices = notices_of((state, after), message, f"{record.topic}|{record.offset}", calendar)
    return Folded(after, entries, alarms, notices=notices)


@exact
def close_through(state: Reference, through: date, calendar: Calendar) -> Folded:
    """Intake has put on the log every request that had arrived by the close of a day: close what is complete."""
    entries: tuple[AnyEntry, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    unit_values: tuple[UnitValueReckoned, ...] = ()
    while (day := day_to_close(state, calendar)) is not None and day <= through and may_close(state, day, calendar):
        before = state
        state, entry, reckoned = closed(state, day, calendar)
        entries, unit_values = (*entries, entry), (*unit_values, *reckoned)
        alarms = (*alarms, *_newly_held(before, state, calendar))
        state = without_old_days(state, calendar)
    return Folded(state, entries, alarms, unit_values)


def complete_through(state: Reference, until: date, calendar: Calendar) -> date | None:
    """The last day, not after `until`, that could close but for intake; None where there is none."""
    after = close_through(state, until, calendar).state.last_closed
    return None if after == state.last_closed else after


@exact
def told_late(state: Reference, now: datetime, calendar: Calendar) -> Folded:
    """Say which days are late and were not told so far, as of a moment."""
    after, alarm = tell_late(state, now, calendar)
    return Folded(after, alarms=() if alarm is None else (alarm,))


def _newly_held(before: Reference, after: Reference, calendar: Calendar, fund: str | None = None) -> tuple[Alarm, ...]:
    """One alarm for each value that holds a close and did not before."""
    if before is after or not after.control.policies:
        return ()
    known = {(one.item, one.value) for one in held(before, calendar, fund)}
    return tuple(_held_alarm(one) for one in held(after, calendar, fund) if (one.item, one.value) not in known)


def _held_alarm(one: Held) -> Alarm:
    return Alarm(
        code=AlarmCode.HELD_FOR_RELEASE,
        rules=(one.rule,),
        message=f"{one.message}: the close of {one.day} waits until it is released, discarded or replaced",
        topic=one.topic,
        date=one.day,
        item=one.item,
        value=format(one.value, "f"),
        numbers=dict(one.numbers),
    )


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
    return TAKERS[type(message)](state, message, calendar)


Taker = Callable[[Reference, Any, Calendar], Accepted | Refusal]
TAKERS: Mapping[type[AnyReference], Taker] = {
    ContractTerms: lambda state, terms, _: take_terms(state, terms),
    ChargeSchedule: lambda state, schedule, _: take_charge_schedule(state, schedule),
    FundPrice: take_fund_price,
    FundValue: take_fund_value,
    CreditedRate: lambda state, rate, _: take_rate(state, rate),
    GuaranteedOffering: take_offering,
    MarketYields: take_yields,
    ClosingOrder: take_order,
    ContractTotal: lambda state, total, _: take_total(state, total),
}
"""What takes each kind of message in."""
