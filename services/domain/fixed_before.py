"""What Fixed Account 2 was worth on the day before a withdrawal (WDL-8).

That day is the business day before the trade date: values are those of closes. What came or went on the trade date
itself, ahead of the withdrawal, does not count; so contracts with installments note the units of the day before when
Fixed Account 2 changes.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from decimal import Decimal

from contracts_schema.options import FixedAccount2Option
from contracts_schema.values import changed
from services.domain.installment_plans import HeldUnits, Payable
from services.domain.numbers import ZERO, cents
from services.domain.state import Account
from services.domain.valuation import Valuation

Place = tuple[str, date | None]
"""An option, and where the rate in effect when money was applied counts, the day since which that was declared."""


def noted(account: Account, of: Place, day: date, moved: tuple[Decimal, Decimal]) -> Account:
    """The account after units of Fixed Account 2 moved on a day: `moved` is what it had before, and what came.

    What is dated back before a day that is noted already (a maturity's) was there on the day before that.
    """
    before, came = moved
    known = account.payable or Payable()
    if known.changed_on is None or known.changed_on < day:
        return changed(account, payable=changed(known, changed_on=day, before=(HeldUnits(*of, before),)))
    units = {(held.option, held.since): held.units for held in known.before}
    if known.changed_on > day:
        units = {place: held + came if place == of else held for place, held in units.items()}
    else:
        units.setdefault(of, before)
    return changed(
        account, payable=changed(known, before=tuple(HeldUnits(*place, held) for place, held in units.items()))
    )


def value_before(at: Valuation, account: Account) -> Decimal:
    """Dollars in Fixed Account 2 of an account at the close before a trade date; zero where there was none."""
    place = bisect_left(at.market.closed, at.day)
    if not place:
        return ZERO
    before = changed(at, day=at.market.closed[place - 1])
    names = {
        option.option: option
        for option in at.terms.options
        if isinstance(option, FixedAccount2Option)
        and at.market.knows_index(at.terms.contract_id, option.option, before.day)
    }
    held = {of: units for of, units in _held_before(account, at.day).items() if of[0] in names and units}
    return sum((cents(units * _index(before, names[of[0]], account, of[1])) for of, units in held.items()), ZERO)


def _held_before(account: Account, day: date) -> dict[Place, Decimal]:
    """Units as they were before anything moved on a day."""
    known = account.payable
    now: dict[Place, Decimal] = {(position.option, None): position.units for position in account.positions}
    now |= {(part.option, part.since): part.units for part in account.applied}
    if known is None or known.changed_on != day:
        return now
    return now | {(held.option, held.since): held.units for held in known.before}


def _index(at: Valuation, option: FixedAccount2Option, account: Account, since: date | None) -> Decimal:
    return at.index(option, account) if since is None else at.applied_index(option, account, since)
