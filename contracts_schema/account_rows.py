"""Account values as the ledger writes them: the models of `account_values`, field by field, numbers as text already.

Every change of every participant writes a record, and a struct of text is encoded in a fifth of the time that a model
takes. A field without a value is left out. A test holds names and order against the models.
"""

from __future__ import annotations

from datetime import date

import msgspec

from contracts_schema.terms import AccountType
from contracts_schema.values import Value


class OptionRow(Value, frozen=True, kw_only=True, omit_defaults=True):
    """An `OptionValue`."""

    option: str
    kind: str
    applied_since: date | None = None
    bonus_since: date | None = None
    units: str
    index: str
    index_date: date | None = None
    value: str
    rate: str | None = None


class LotRow(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A `LotValue`."""

    option: str
    lot: str
    term: int
    deposited: date
    maturity: date
    matured: bool | None = None
    units: str
    index: str
    value: str
    rate: str


class AnnuityUnitsRow(Value, frozen=True, kw_only=True):
    """An `AnnuityUnitsValue`."""

    option: str
    units: str
    unit_value: str
    value: str


class IncomeRow(Value, frozen=True, kw_only=True, omit_defaults=True):
    """An `IncomeValue`."""

    request_id: str
    annuity: str
    applied: str
    payment: str | None = None
    annuity_units: tuple[AnnuityUnitsRow, ...] | None = None
    payments: int | None = None
    paid: int | None = None
    every: int | None = None
    next_payment: date | None = None


class OwedRow(Value, frozen=True, kw_only=True, omit_defaults=True):
    """An `InstallmentsOwed`."""

    request_id: str
    option: str | None = None
    left: str
    rate: str
    payments: int
    paid: int
    every: int
    next_payment: date


class AccountRow(Value, frozen=True, kw_only=True, omit_defaults=True):
    """An `AccountValue`."""

    account: AccountType
    opened: date
    closed: date | None = None
    value: str
    options: tuple[OptionRow, ...]
    lots: tuple[LotRow, ...]
    incomes: tuple[IncomeRow, ...] | None = None
    owed: tuple[OwedRow, ...] | None = None


class LoanRow(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A `LoanBalance`."""

    account: AccountType | None = None
    balance: str
    day: date


class ValuesRow(Value, frozen=True, kw_only=True, omit_defaults=True):
    """An `AccountValues`."""

    version: int
    kind: str
    contract_id: str
    participant_id: str
    sequence: int
    as_of: date
    waiting: int
    held: int | None = None
    value: str
    accounts: tuple[AccountRow, ...]
    loans: tuple[LoanRow, ...] | None = None

    def written(self) -> bytes:
        """The record as JSON; the same values always give the same bytes."""
        return _encode(self)


_encode = msgspec.json.Encoder().encode
