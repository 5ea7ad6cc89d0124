"""What the annual notice tells a participant: every holding, by account and in all (NTC-1).

Dollars are to the cent, before any market value adjustment, charge or tax.
"""

from __future__ import annotations

from typing import Literal

from contracts_schema.figures import AnnuityUnitsLine
from contracts_schema.options import FixedKind
from contracts_schema.terms import AccountType
from contracts_schema.types import Day, Identifier, Index, Money, Units
from contracts_schema.written import Written


class StatementLine(Written):
    """What an account holds in an option: `value` = `units` × `index`, rounded to the cent.

    `index` is a fund's unit value, a fixed option's accumulated interest, or a lot's own. Of a guaranteed option there
    is a line for each lot: `lot` names it, `term` is its years, `deposited` and `maturity` its first and last day.
    Where a fixed option pays the rate in effect when money was applied there is one for each rate, `applied_since` its
    first day (FIX-7); where the account earns more than the declared rate, `bonus_since` is the day since which it does
    (FIX-4).
    """

    option: Identifier
    kind: Literal["fund", "guaranteed"] | FixedKind
    lot: str | None = None
    term: int | None = None
    deposited: Day | None = None
    maturity: Day | None = None
    applied_since: Day | None = None
    bonus_since: Day | None = None
    units: Units
    index: Index
    value: Money


class AccountStatement(Written):
    """What an Individual Account holds; `value` is the sum of its lines. Annuity units are no part of it: each variable
    payment is worth so many (INC-4).
    """

    account: AccountType
    lines: tuple[StatementLine, ...] = ()
    annuity_units: tuple[AnnuityUnitsLine, ...] | None = None
    value: Money


class OptionTotal(Written):
    """What all accounts hold in an option; of a fund also how many units, and what one is worth."""

    option: Identifier
    kind: Literal["fund", "guaranteed"] | FixedKind
    units: Units | None = None
    unit_value: Index | None = None
    value: Money


class Statement(Written):
    """What a participant holds at the close of `as_of`: its requests, fees and maturities are in it. Accounts without
    anything are left out.
    """

    statement_date: Day
    as_of: Day
    accounts: tuple[AccountStatement, ...]
    totals: tuple[OptionTotal, ...]
    value: Money
