"""What unit values are reckoned from: a fund and a charge class on the day to close next, and what the days since the
prior Valuation Date charge them (FND-1, FND-2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from contracts_schema.alarms import AlarmCode
from contracts_schema.reference import FundValue
from contracts_schema.unit_values import ChargeSchedule, DaysCharged, FundPrice
from services.domain.daily_charges import Schedules, charges_of_period, days_charged, schedule_on
from services.domain.numbers import ONE, growth


class SeparateAccount(Protocol):
    """What unit values are reckoned from; the keys are those of the accepted reference data."""

    @property
    def last_closed(self) -> date | None:
        """The prior Valuation Date."""
        ...

    @property
    def unit_values(self) -> Mapping[str, Decimal]:
        """Those of the prior Valuation Date."""
        ...

    @property
    def fund_values(self) -> Mapping[date, Mapping[str, FundValue]]:
        """Values and factors given."""
        ...

    @property
    def fund_prices(self) -> Mapping[date, Mapping[str, FundPrice]]:
        """Prices, those of the prior Valuation Date among them."""
        ...

    @property
    def charge_schedules(self) -> Schedules:
        """The charges of each class."""
        ...

    @property
    def begun(self) -> Mapping[str, date]:
        """Since when there are values, of every fund and class that ever had one."""
        ...


@dataclass(frozen=True, slots=True)
class Lacking:
    """Why there is no unit value: the name of what somebody must go and get; with a code where what is there makes
    none, and never will.
    """

    name: str
    code: AlarmCode | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A fund and a charge class on the day to close next."""

    account: SeparateAccount
    fund: str
    charge_class: str
    day: date

    def __str__(self) -> str:
        return f"fund {self.fund} for charge class {self.charge_class}"

    @property
    def key(self) -> str:
        """As the accepted reference data have it."""
        return f"{self.fund}|{self.charge_class}"

    @property
    def prior(self) -> Decimal | None:
        """The unit value on the prior Valuation Date."""
        return self.account.unit_values.get(self.key)

    @property
    def schedule(self) -> ChargeSchedule | None:
        """The charges in force on the day."""
        return schedule_on(self.account.charge_schedules, self.charge_class, self.day)

    @property
    def is_first(self) -> bool:
        """Whether there never was a unit value."""
        return self.prior is None and self.key not in self.account.begun

    @property
    def price_before(self) -> FundPrice | None:
        """The price on the prior Valuation Date."""
        previous = self.account.last_closed
        return None if previous is None else self.account.fund_prices.get(previous, {}).get(self.fund)

    @property
    def is_priced(self) -> bool:
        """Whether a price would make a unit value: there are charges, and it is the first or follows another price."""
        return self.schedule is not None and (self.is_first or self.price_before is not None)

    @property
    def days(self) -> int | None:
        """Calendar days since the prior Valuation Date."""
        previous = self.account.last_closed
        return None if previous is None else (self.day - previous).days


@dataclass(frozen=True, slots=True)
class Period:
    """What a Valuation Period charges a fund in a class, and the growth that payments in annuity units assume."""

    charges: tuple[DaysCharged, ...]
    e: Decimal
    assumed_rate: Decimal | None
    growth_assumed: Decimal


def period_of(at: Place) -> Period | Lacking:
    """The period that ends on the day, or what it lacks."""
    schedule, previous = at.schedule, at.account.last_closed
    if schedule is None:
        return Lacking(f"charge schedule of charge class {at.charge_class} in force on {at.day}")
    if previous is None:
        return Lacking(f"unit value of {at}: it has none to carry on", AlarmCode.NO_PRIOR_UNIT_VALUE)
    charges = days_charged(at.account.charge_schedules, (at.fund, at.charge_class), previous, at.day)
    if charges is None:
        return Lacking(f"charge schedule of charge class {at.charge_class} in force from the day after {previous} on")
    rate = schedule.assumed_rate
    assumed = ONE if rate is None else growth(rate, (at.day - previous).days)
    return Period(charges, charges_of_period(charges), rate, assumed)
