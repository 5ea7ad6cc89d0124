"""What a fund's units are charged for the days of a Valuation Period: e of the net investment factor (FND-2, FND-3).

Every calendar day since the prior Valuation Date counts, so that Monday carries Saturday and Sunday and an unexpected
closure is carried by the next day that closes; each at the rates of the schedule in force on it.

A schedule reaches funds alone. Fixed options and guaranteed terms grow by their rates and know of no charge class: no
mortality and expense and no asset-based charge ever comes off them (FND-5).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from contracts_schema.unit_values import ChargeSchedule, DaysCharged
from services.domain.numbers import YEAR, rounded

Schedules = Mapping[str, tuple[ChargeSchedule, ...]]
"""The schedules of each charge class, by ascending day."""

PLACES = 20
"""To these e is rounded and told, so that whoever reckons the factor again from what is told gets the same."""
NOTHING = Decimal(0)
_effective_from = attrgetter("effective_from")


def schedule_on(schedules: Schedules, charge_class: str, day: date) -> ChargeSchedule | None:
    """The schedule of a charge class in force on a day, or None before the first."""
    of_class = schedules.get(charge_class, ())
    at = bisect_right(of_class, day, key=_effective_from)
    return of_class[at - 1] if at else None


def days_charged(
    schedules: Schedules, place: tuple[str, str], after: date, through: date
) -> tuple[DaysCharged, ...] | None:
    """What a fund bears in a charge class (its `place`) on each day after one through another, by schedule; None where
    there is a day without one.
    """
    fund, charge_class = place
    days = (after + timedelta(days=number) for number in range(1, (through - after).days + 1))
    found = []
    for schedule, of_schedule in groupby(days, key=lambda day: schedule_on(schedules, charge_class, day)):
        if schedule is None:
            return None
        found.append(_charged(schedule, fund, len(list(of_schedule))))
    return tuple(found)


def _charged(schedule: ChargeSchedule, fund: str, days: int) -> DaysCharged:
    return DaysCharged(
        days=days,
        effective_from=schedule.effective_from,
        daily_asset_charge=schedule.daily_asset_charge,
        mortality_and_expense=schedule.mortality_and_expense,
        administrative=schedule.administrative,
        additional_services=schedule.additional_services,
        adjustment=schedule.adjustment_of(fund),
    )


def charges_of_period(parts: tuple[DaysCharged, ...]) -> Decimal:
    """e: of each part the annual rates together, divided by 365, times its days (FND-2)."""
    return rounded(sum((annual(part) * part.days for part in parts), NOTHING) / YEAR, PLACES)


def annual(part: DaysCharged) -> Decimal:
    """The annual rates of a part together."""
    rates = (part.daily_asset_charge, part.mortality_and_expense, part.administrative)
    return sum((rate for rate in rates if rate is not None), part.additional_services + part.adjustment)
