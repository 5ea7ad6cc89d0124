"""The figures behind an outcome: positions changed, charges taken, market value adjustments, and their sums.

Dollars are to the cent; signs are from the participant's side (what is credited to a position is positive).
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contracts_schema.options import FixedKind
from contracts_schema.terms import AccountType
from contracts_schema.types import (
    Day,
    Factor,
    Identifier,
    Index,
    Money,
    PercentOrZero,
    Quantity,
    Rate,
    Units,
    UnitValue,
)
from contracts_schema.written import Written


class Leg(Written):
    """A position changed: `dollars` = `units` × `index` rounded to the cent, plus `rounding` of at most a cent.

    `index` is a fund's unit value, a fixed option's accumulated interest, or a lot's own; `index_date` the
    day it is of. For lots of guaranteed terms `lot`, `term` and `maturity` say which; `account` says whose it is
    where a request is of several accounts. Where a fixed option pays the rate in effect when money was applied,
    `applied_since` is the first day of that rate (FIX-7); where the account earns more than the declared rate,
    `bonus_since` is the day since which it does (FIX-4). `rate_reduction` is what additional services take off the
    declared rate (FND-5).
    """

    account: AccountType | None = None
    option: Identifier
    kind: Literal["fund", "guaranteed"] | FixedKind
    lot: str | None = None
    term: int | None = None
    maturity: Day | None = None
    applied_since: Day | None = None
    bonus_since: Day | None = None
    rate_reduction: Rate | None = None
    units: Units
    index: Index
    index_date: Day
    dollars: Money
    rounding: Money
    units_before: Units
    units_after: Units
    value_before: Money
    value_after: Money


class Charge(Written):
    """A charge taken, with its rule and how it was reckoned ("2% of 10000.00")."""

    what: Literal[
        "premium_tax", "sales_charge", "transfer_fee", "maintenance_fee", "early_withdrawal_charge", "service_cost"
    ]
    amount: Money
    basis: str
    rules: tuple[str, ...]


class YieldUsed(Written):
    """One yield behind an average: wanted for `for_date`, published on `published_on` (MVA-4).

    `rate` is the yield as a fraction, after interpolation; `basis` names the published points, for
    example "3y 0.16%, 5y 0.36%".
    """

    series: str
    for_date: Day
    published_on: Day
    rate: Rate
    basis: str


class MvaLine(Written):
    """The market value adjustment of one lot (MVA-2..5, MVA-8).

    `factor` = ((1 + deposit_yield)/(1 + current_yield)) ^ (days/365), rounded to its scale; `adjustment` =
    `taken` × `factor` − `taken`, in cents, where the lot that was largest carries the cent that makes a
    dollar request exact. `days` is x, counted from `count_from` (the Wednesday of the week). Yields and
    days are absent where no adjustment applies; `rule` says why. Under Method One the spreads are added to
    the yields. Where `favoured_lot` is there, the reckoning is that lot's: of equal terms the most
    favourable factor counts for all (MVA-9). `account` is the lot's where a request is of several accounts.
    """

    account: AccountType | None = None
    lot: str
    option: Identifier
    term: int
    deposit_date: Day
    maturity: Day
    rule: str
    favoured_lot: str | None = None
    count_from: Day | None = None
    days: int | None = None
    deposit_yield: Quantity | None = None
    deposit_yields: tuple[YieldUsed, ...] = ()
    current_yield: Quantity | None = None
    current_yields: tuple[YieldUsed, ...] = ()
    deposit_spread: Quantity | None = None
    deposit_spreads: tuple[YieldUsed, ...] | None = None
    current_spread: Quantity | None = None
    current_spreads: tuple[YieldUsed, ...] | None = None
    factor_unrounded: Factor
    factor: Factor
    taken: Money
    adjustment: Money


class MvaBlock(Written):
    """All adjustments of a request and their sum, the aggregate MVA (MVA-6).

    Where `applied` is false nothing was adjusted: at maturity (MVA-8), or because `not_applied_by` lets an
    aggregate count only when it is positive (MVA-7, LIM-4); the lines then say what it would have been.
    """

    method: Literal["one", "two"]
    lines: tuple[MvaLine, ...]
    aggregate: Money
    applied: bool
    not_applied_by: str | None = None
    rules: tuple[str, ...]


class Payment(Written):
    """When a part of a withdrawal is paid: at once, deferred by an order (WDL-7), or as an installment (WDL-6, WDL-8).

    Of the `amount` of an installment `interest` is added; `left` is what is still owed after it, without interest.
    `account` says whose it is where a request is of several accounts; `option` what it is paid of, where that is a
    Fixed Plus Account (WDL-6).
    """

    account: AccountType | None = None
    option: Identifier | None = None
    what: Literal["at_once", "deferred", "installment"]
    due: Day
    amount: Money
    number: int | None = None
    interest: Money | None = None
    left: Money | None = None


class LimitLine(Written):
    """What a request took of a limited option (LIM-1..3, LIM-7, WDL-6).

    `available` = `percent` × `base_value` − `used`, not below zero, before the request; `left` is the same after it,
    for another like it received on the same day. `base_date` is the day whose index the base is reckoned with. Where a
    waiver lifts the limit there is neither a percentage nor a figure of what is available or left. Each Individual
    `account` has its own.
    """

    account: AccountType
    option: Identifier
    rules: tuple[str, ...]
    percent: PercentOrZero | None = None
    base_value: Money
    base_date: Day
    used: Money
    available: Money | None = None
    taken: Money
    left: Money | None = None


class AnnuityUnitsLine(Written):
    """Annuity units of a fund, and what they are worth at the annuity unit value of a day (INC-4)."""

    option: Identifier
    units: Units
    unit_value: UnitValue
    unit_value_date: Day
    dollars: Money


class Reckoned(Written):
    """What was reckoned for a request: a confirmation tells what was done with it, a quote what would be.

    A request of several accounts has `accounts` in its place of `account` (WDL-13). `payable` and `withheld` are there
    where the request has tax withheld: what is paid is the one less the other (WDL-12).
    """

    account: AccountType | None = None
    accounts: tuple[AccountType, ...] | None = None
    received: Money | None = None
    gross: Money | None = None
    guarantee: Money | None = None
    payable: Money | None = None
    withheld: Money | None = None
    paid: Money | None = None
    in_installments: Money | None = None
    payments: tuple[Payment, ...] | None = None
    applied: Money | None = None
    legs: tuple[Leg, ...] = ()
    charges: tuple[Charge, ...] = ()
    mva: MvaBlock | None = None
    annuity_units: tuple[AnnuityUnitsLine, ...] | None = None
    rounding: Money | None = None
    debits: Money | None = None
    credits: Money | None = None
    free_transfers_left: int | None = None
    limits: tuple[LimitLine, ...] | None = None
    details: dict[str, str] = Field(default_factory=dict)
