"""Fixed options: the rate credited each day, and the index it makes (FIX-1, FIX-2, FIX-5..7, GEN-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from contracts_schema.entries import DayClosedEntry, DayCreditedRates
from contracts_schema.options import FixedOption
from contracts_schema.terms import ContractTerms
from contracts_schema.values import Value
from services.domain.numbers import ONE, ZERO, growth, rounded
from services.domain.rate_history import History, bonus_of, extended, keeps_history


class Accrual(Value, frozen=True):
    """An option's index since its rate last changed: `value` on `since`, unrounded, growing at `rate`.

    Kept from the change and not from the last look, so that the value does not depend on how often
    anybody looked (GEN-5) and a full year at one rate credits exactly that rate.
    """

    since: date
    value: Decimal
    rate: Decimal

    def on(self, day: date) -> Decimal:
        """The index on a day not before `since`: actual days over 365, unrounded."""
        return self.value * growth(self.rate, (day - self.since).days)


def advanced(accrual: Accrual | None, day: date, rate: Decimal) -> Accrual:
    """The accrual that holds from a day on which a rate is in force; an option starts at 1 (FIX-7)."""
    if accrual is None:
        return Accrual(day, ONE, rate)
    return accrual if accrual.rate == rate else Accrual(day, accrual.on(day), rate)


def rates_on(floor: Decimal | None, credited: DayCreditedRates, day: date) -> tuple[Decimal, Decimal] | None:
    """The declared rate and the floor from a day to the next; the greater of both is credited (FIX-6).

    Floors are the contract's (`floor`, None where the option is not in force) and, of Fixed Account 2, the calendar
    year's one-year minimum (FIX-5). None before the first rate.
    """
    in_force = [rate for rate in credited.rates if rate.from_day <= day]
    if floor is None or not in_force:
        return None
    last = in_force[-1]
    return last.declared, floor if last.one_year_minimum is None else max(floor, last.one_year_minimum)


def floor_of(versions: Iterable[ContractTerms], option: str, day: date) -> Decimal | None:
    """A contract's floor of a fixed option on a day, of its versions in order: the highest still promised to anyone.

    One rate is credited to all money (FIX-7), so a minimum that a later version lowered for new participants only
    is retained (GEN-6, FIX-6). None where the option is not in force.
    """
    floors: list[Decimal] = []
    for version in versions:
        found = version.option_named(option)
        if version.effective_from <= day and isinstance(found, FixedOption):
            kept = [] if version.reaches_existing else floors
            floors = [*kept, found.minimum, found.retained_minimum or found.minimum]
    return max(floors, default=None)


def reduction_on(versions: Iterable[ContractTerms], option: str, day: date) -> Decimal:
    """What additional services take off the declared rate of a fixed option on a day, of versions in order (FND-5)."""
    in_force = [version for version in versions if version.effective_from <= day]
    return in_force[-1].rate_reduction(option) if in_force else ZERO


class Carried(Value, frozen=True):
    """Fixed options after a closed day, by `contract|option`: their accruals, their indexes of the day (`closed`) and
    of the frozen one, what is kept of their history, and the portfolio's rates credited from the day on.
    """

    accruals: Mapping[str, Accrual]
    closed: Mapping[str, Decimal]
    frozen: Mapping[str, Decimal]
    histories: Mapping[str, History]
    rates: Mapping[str, Decimal]


def carried(
    before: Mapping[str, Accrual],
    histories: Mapping[str, History],
    versions: Mapping[str, tuple[ContractTerms, ...]],
    entry: DayClosedEntry,
) -> Carried:
    """Every fixed option carried through a closed day and on to the frozen one (FIX-5..7, GEN-5); `versions` are the
    terms by contract, in order.
    """
    accruals, closed, frozen, kept = dict(before), {}, {}, dict(histories)
    credited_then: dict[str, Decimal] = {}
    for credited in entry.credited_rates:
        key, known = f"{credited.contract_id}|{credited.option}", versions.get(credited.contract_id, ())
        places, option = _index_places(known, entry.frozen_through), _option(known, credited.option)
        accrual, history = accruals.get(key), kept.get(key, ())
        for day in _days(entry.date, entry.frozen_through):
            rates = rates_on(floor_of(known, credited.option, day), credited, day)
            if rates is None:
                continue
            rates = (rates[0] - reduction_on(known, credited.option, day), rates[1])
            accrual = advanced(accrual, day, max(rates))
            if option is not None and keeps_history(option):
                history = extended(history, rates, day, accrual.on(day), bonus_of(option))
            if day == entry.date:
                closed[key], credited_then[key] = rounded(accrual.on(day), places), max(rates)
        if accrual is not None:
            accruals[key] = accrual
        if history:
            kept[key] = history
        frozen[key] = rounded(accrual.on(entry.frozen_through) if accrual is not None else ONE, places)
    return Carried(accruals, closed, frozen, kept, credited_then)


def _option(versions: Iterable[ContractTerms], name: str) -> FixedOption | None:
    """A fixed option as any version has it: what its history depends on never changes (GEN-6)."""
    named = (version.option_named(name) for version in versions)
    return next((option for option in named if isinstance(option, FixedOption)), None)


def _days(start: date, end: date) -> Iterable[date]:
    return (start + timedelta(days=offset) for offset in range((end - start).days))


def _index_places(versions: Iterable[ContractTerms], day: date) -> int:
    in_force = [version for version in versions if version.effective_from <= day]
    return in_force[-1].scales.index if in_force else 12
