"""Moving value: every change of a position is units at an index, and makes one leg (DEP-4, GEN-4, GEN-7)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_schema.figures import Leg
from contracts_schema.options import FixedAccount2Option, FixedOption, GuaranteedOption, Option
from contracts_schema.values import Value, changed
from services.domain.fixed_before import noted
from services.domain.numbers import cents, rounded
from services.domain.state import Account, Applied, Lot
from services.domain.valuation import Valuation

Moved = tuple[Account, Leg]


def move(account: Account, at: Valuation, option: Option, dollars: Decimal, units_sold: Decimal | None = None) -> Moved:
    """Put dollars into (or, negative, take them out of) a fund or fixed option at the day's index.

    `units_sold` where the request named the units: then exactly those leave. Where the rate in effect when money is
    applied counts, this puts it in; `move_applied` takes it out.
    """
    if isinstance(option, FixedOption) and option.rate_basis == "when_applied":
        return move_applied(account, at, option, at.declared_since(option), dollars)
    index, before = at.index(option, account), account.units_of(option.option)
    units = -units_sold if units_sold is not None else _units_for(dollars, before, index, at.terms.scales.units)
    leg = _leg(option, at, _Posting(index, dollars, before, units, bonus=at.bonus_since(option, account)))
    account = account.with_units(option.option, before + units)
    return _noted(account, at, option, (before, units)), leg


def _noted(
    account: Account, at: Valuation, option: Option, moved: tuple[Decimal, Decimal], since: date | None = None
) -> Account:
    """The account with what it held in Fixed Account 2 on the day before, where that tells of installments (WDL-8)."""
    if at.terms.installments is None or not isinstance(option, FixedAccount2Option):
        return account
    return noted(account, (option.option, since), at.day, moved)


def move_applied(account: Account, at: Valuation, option: FixedOption, since: date, dollars: Decimal) -> Moved:
    """Put dollars into (or, negative, take them out of) what earns the rate declared since a day (FIX-7)."""
    index = at.applied_index(option, account, since)
    held = next((part.units for part in account.applied_to(option.option) if part.since == since), Decimal(0))
    units = _units_for(dollars, held, index, at.terms.scales.units)
    leg = _leg(option, at, _Posting(index, dollars, held, units, since, at.bonus_since(option, account)))
    account = account.with_applied(Applied(option.option, since, held + units))
    return _noted(account, at, option, (held, units), since), leg


def move_lot(account: Account, at: Valuation, option: GuaranteedOption, lot: Lot, dollars: Decimal) -> Moved:
    """Put dollars into (or, negative, take them out of) a lot at its own index of the day."""
    index = at.lot_index(lot)
    units = _units_for(dollars, lot.units, index, at.terms.scales.units)
    leg = _leg(option, at, _Posting(index, dollars, lot.units, units), lot)
    return account.with_lot(changed(lot, units=lot.units + units)), leg


def value_at(units: Decimal, index: Decimal) -> Decimal:
    """What units are worth: units × index, to the cent."""
    return cents(units * index)


def _units_for(dollars: Decimal, held: Decimal, index: Decimal, places: int) -> Decimal:
    """Units of a posting, signed. Taking the whole value takes every unit, so that no dust stays behind."""
    if dollars <= 0 and -dollars >= value_at(held, index):
        return -held
    return max(rounded(dollars / index, places), -held)


class _Posting(Value, frozen=True):
    """Dollars and units that move at an index; what that index is of, where a fixed option has several."""

    index: Decimal
    dollars: Decimal
    before: Decimal
    units: Decimal
    applied: date | None = None
    bonus: date | None = None


def _leg(option: Option, at: Valuation, posting: _Posting, lot: Lot | None = None) -> Leg:
    after = posting.before + posting.units
    value_before, value_after = value_at(posting.before, posting.index), value_at(after, posting.index)
    return Leg(
        option=option.option,
        kind=option.kind,
        lot=None if lot is None else lot.lot,
        term=None if lot is None else lot.years,
        maturity=None if lot is None else lot.maturity,
        applied_since=posting.applied,
        bonus_since=posting.bonus,
        rate_reduction=None if at.terms.additional_services is None else at.terms.rate_reduction(option.option) or None,
        units=posting.units,
        index=posting.index,
        index_date=at.day,
        dollars=posting.dollars,
        rounding=value_after - value_before - posting.dollars,
        units_before=posting.before,
        units_after=after,
        value_before=value_before,
        value_after=value_after,
    )
