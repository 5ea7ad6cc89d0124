"""Refusing reference data: what is too late, too early or already final stays out, and says why (FIX-6, GEN-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from contracts_schema.alarms import AlarmCode
from contracts_schema.entries import AnyEntry
from services.domain.closed_data import DAYS_KNOWN, first_day_known
from services.domain.closing import Calendar, Reference, day_to_close

DAYS_AHEAD = 366


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message was refused, by which rules."""

    code: AlarmCode
    rules: tuple[str, ...]
    message: str


Accepted = tuple[Reference, tuple[AnyEntry, ...]]
"""The state with the message in it, and the entries it makes for every partition of the ledger log."""


def frozen(state: Reference, day: date, what: str, rule: str) -> Refusal | None:
    """Anything effective on or before the frozen day comes too late."""
    if state.frozen is None or day > state.frozen:
        return None
    message = f"{what} is effective {day}, but days through {state.frozen} are frozen (last closed {state.last_closed})"
    return Refusal(AlarmCode.EFFECTIVE_TOO_LATE, (rule,), message)


def final(state: Reference, day: date, what: str, rule: str) -> Refusal | None:
    """What is for a closed day comes too late."""
    if state.last_closed is None or day > state.last_closed:
        return None
    message = f"{what} is for {day}, which is closed (last closed {state.last_closed})"
    return Refusal(AlarmCode.EFFECTIVE_TOO_LATE, (rule,), message)


def final_value(state: Reference, day: date, what: str, rule: str, calendar: Calendar) -> Refusal | None:
    """The same of a value: of the last closed days the same again is known, before them it cannot be told."""
    refusal = final(state, day, what, rule)
    if refusal is None or state.last_closed is None or day >= first_day_known(state.last_closed, calendar):
        return refusal
    message = f"{refusal.message}; only {DAYS_KNOWN} closed days are known, so this may be the same again"
    return Refusal(refusal.code, refusal.rules, message)


def too_far(state: Reference, day: date, what: str, rule: str, calendar: Calendar) -> Refusal | None:
    """What is dated more than a year ahead is a wrong date."""
    coming = day_to_close(state, calendar)
    if coming is None or day <= coming + timedelta(days=DAYS_AHEAD):
        return None
    message = f"{what} is for {day}, more than {DAYS_AHEAD} days after {coming}, the next day to close"
    return Refusal(AlarmCode.TOO_FAR_AHEAD, (rule,), message)
