"""Account values: what a participant holds and what it is worth, for whoever writes statements.

The topic is compacted: what counts is a participant's last record, which says everything anew. It was written when the
books last changed, so `as_of` may lie before the last closed day: dollars are those of `as_of`, units are what they
still are. Dollars are to the cent, before any market value adjustment, charge or tax.
"""

from __future__ import annotations

from typing import Literal

from contracts_schema.options import FixedKind
from contracts_schema.terms import AccountType
from contracts_schema.types import Day, Identifier, Index, Money, Rate, Units, UnitValue
from contracts_schema.written import Written


class OptionValue(Written):
    """A fund or fixed option of an account: `value` = `units` × `index`, rounded to the cent.

    `index` is a fund's unit value, or a fixed option's accumulated interest. It is of `as_of`, but for a fixed option
    that only begins on the business day after it: then `index_date` says so. `rate` is the annual rate credited to a
    fixed option since that close. Where the option pays the rate in effect when money was applied, there is one of
    these for each, and `applied_since` is the first day of that rate (FIX-7); where the account earns more than the
    declared rate, `bonus_since` is the day since which it does (FIX-4).
    """

    option: Identifier
    kind: Literal["fund"] | FixedKind
    applied_since: Day | None = None
    bonus_since: Day | None = None
    units: Units
    index: Index
    index_date: Day | None = None
    value: Money
    rate: Rate | None = None


class LotValue(Written):
    """A deposit to a guaranteed term: `value` = `units` × `index`, rounded to the cent, before adjustment (GAA-2).

    `rate` is the guaranteed annual rate in effect on `as_of`. A lot that has `matured` stays, at the contract's rate
    after maturity (MAT-3), until something becomes of it.
    """

    option: Identifier
    lot: str
    term: int
    deposited: Day
    maturity: Day
    matured: bool | None = None
    units: Units
    index: Index
    value: Money
    rate: Rate


class AnnuityUnitsValue(Written):
    """Annuity units of a fund: each variable payment is worth so many (INC-4), `value` = `units` × `unit_value`."""

    option: Identifier
    units: Units
    unit_value: UnitValue
    value: Money


class IncomeValue(Written):
    """An amount `applied` to an annuity option, and what it pays: `payment` each time, or what `annuity_units` are
    worth, `every` so many months. It is no part of the account's value. A lifetime option has the amount alone (INC-3).
    """

    request_id: Identifier
    annuity: str
    applied: Money
    payment: Money | None = None
    annuity_units: tuple[AnnuityUnitsValue, ...] | None = None
    payments: int | None = None
    paid: int | None = None
    every: int | None = None
    next_payment: Day | None = None


class InstallmentsOwed(Written):
    """What is still owed of a withdrawal in installments, one `every` so many months, without the interest to come
    (WDL-6, WDL-8). It is no part of the account's value.
    """

    request_id: Identifier
    option: Identifier | None = None
    left: Money
    rate: Rate
    payments: int
    paid: int
    every: int
    next_payment: Day


class AccountValue(Written):
    """An Individual Account: `value` is the sum of what its options and lots are worth."""

    account: AccountType
    opened: Day
    closed: Day | None = None
    value: Money
    options: tuple[OptionValue, ...] = ()
    lots: tuple[LotValue, ...] = ()
    incomes: tuple[IncomeValue, ...] | None = None
    owed: tuple[InstallmentsOwed, ...] | None = None


class LoanBalance(Written):
    """What is outstanding of loans, as the plan said on a day; without `account` it concerns all of them (WDL-9)."""

    account: AccountType | None = None
    balance: Money
    day: Day


class AccountValues(Written):
    """What a participant under a contract holds. `sequence` numbers the last confirmation, rejection or notice that is
    reckoned with, `waiting` counts the requests that wait for a close, `held` those that an AML order holds (DEP-9).

    Before the first close of all nothing can be worth anything, and no record is written.
    """

    version: Literal[1] = 1
    kind: Literal["account_values"] = "account_values"
    contract_id: Identifier
    participant_id: Identifier
    sequence: int
    as_of: Day
    waiting: int
    held: int | None = None
    value: Money
    accounts: tuple[AccountValue, ...]
    loans: tuple[LoanBalance, ...] | None = None
