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
from services.domain.installment_plans import Payable
from services.domain.numbers import ZERO, cents
from services.domain.state import Account
from services.domain.valuation import Valuation


def noted(account: Account, option: str, day: date, moved: tuple[Decimal, Decimal]) -> Account:
    """The account after units of Fixed Account 2 moved on a day: `moved` is what it had before, and what came.

    What is dated back before a day that is noted already (a maturity's) was there on the day before that.
    """
    before, came = moved
    known = account.payable or Payable()
    if known.changed_on is None or known.changed_on < day:
        return changed(account, payable=changed(known, changed_on=day, before=((option, before),)))
    units = dict(known.before)
    if known.changed_on > day:
        units = {name: held + came if name == option else held for name, held in units.items()}
    else:
        units.setdefault(option, before)
    return changed(account, payable=changed(known, before=tuple(units.items())))


def value_before(at: Valuation, account: Account) -> Decimal:
    """Dollars in Fixed Account 2 of an account at the close before a trade date; zero where there was none."""
    place = bisect_left(at.market.closed, at.day)
    if not place:
        return ZERO
    before = changed(at, day=at.market.closed[place - 1])
    known = account.payable
    units = dict(known.before) if known is not None and known.changed_on == at.day else {}
    return sum(
        (
            cents(units.get(option.option, account.units_of(option.option)) * before.index(option, account))
            for option in at.terms.built_options
            if isinstance(option, FixedAccount2Option)
            and at.market.knows_index(at.terms.contract_id, option.option, before.day)
        ),
        ZERO,
    )
