"""Fixed Account 2: the rate credited each day, and the index it makes (FIX-5, FIX-6, FIX-7, GEN-5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from contracts_schema.entries import DayCreditedRates
from contracts_schema.terms import ContractTerms, FixedAccount2Option
from contracts_schema.values import Value
from services.domain.numbers import ONE, growth


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


def credited_rate(floor: Decimal | None, credited: DayCreditedRates, day: date) -> Decimal | None:
    """The rate credited from a day to the next: the greatest of the declared rate and every floor (FIX-6).

    Floors are the contract's (`floor`, None where the option is not in force) and the calendar year's
    one-year minimum (FIX-5). None before the first rate.
    """
    in_force = [rate for rate in credited.rates if rate.from_day <= day]
    if floor is None or not in_force:
        return None
    return max(in_force[-1].declared, in_force[-1].one_year_minimum, floor)


def floor_of(versions: Iterable[ContractTerms], option: str, day: date) -> Decimal | None:
    """A contract's floor of a fixed option on a day, of its versions in order: the highest still promised to anyone.

    One rate is credited to all money (FIX-7), so a minimum that a later version lowered for new participants only
    is retained (GEN-6, FIX-6). None where the option is not in force.
    """
    floors: list[Decimal] = []
    for version in versions:
        found = version.option_named(option)
        if version.effective_from <= day and isinstance(found, FixedAccount2Option):
            kept = [] if version.reaches_existing else floors
            floors = [*kept, found.contract_minimum, found.retained_minimum or found.contract_minimum]
    return max(floors, default=None)
