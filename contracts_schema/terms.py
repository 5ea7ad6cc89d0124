"""Contract terms: what the contract documents leave to each contract, as versioned, dated data.

A version is in force from `effective_from` until the next one's; a decision uses the version in force
on its trade date (GEN-6). Every bracketed variable of the documents and every house decision of the
rules that are built is a field here with its default. Fields of rules that are not built exist so that
a contract that needs them is refused by name (`services.domain.availability`), never half-applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.types import Day, Identifier, Message, MinimumRate, Money, PercentOrZero


class AccountType(StrEnum):
    """Types of Individual Account (ACC-1)."""

    PRETAX = "pretax"
    EMPLOYER = "employer"
    ROTH = "roth"


class FundOption(Message):
    """A fund of the Separate Account; its index is the unit value of the contract's charge class."""

    kind: Literal["fund"]
    option: Identifier
    fund: Identifier
    opens_on: Day | None = None
    closes_on: Day | None = None


class FixedAccount2Option(Message):
    """Fixed Account 2: interest at the credited rate, never below its floors (FIX-5, FIX-6).

    `contract_minimum` is the annual floor of the contract, 0.01 to 0.03 in the endorsement; a floor in
    force once is retained where `retained_minimum` says so. `rate_basis` `when_applied` is the
    supplement's alternative of FIX-7.
    """

    kind: Literal["fixed_account_2"]
    option: Identifier
    contract_minimum: MinimumRate
    retained_minimum: MinimumRate | None = None
    rate_basis: Literal["portfolio", "when_applied"] = "portfolio"
    opens_on: Day | None = None
    closes_on: Day | None = None


class UnbuiltFixedOption(Message):
    """The Fixed Account and the Fixed Plus Accounts: known by name, not built."""

    kind: Literal["fixed_account", "fixed_plus_account", "fixed_plus_account_2"]
    option: Identifier


class MvaTerms(Message):
    """How the market value adjustment of a guaranteed option is reckoned (MVA-1..5, MVA-7..9).

    Weekdays are ISO numbers, Monday 1. `yield_source` says which yields Method Two takes: those of
    individual Treasury Notes, or constant-maturity rates interpolated. Method One takes constant-maturity
    Treasury rates and the corporate spreads of `spread_series`, on the first `yield_weeks` days of the
    month of deposit that are a `yield_weekday`, and on the last such day before the withdrawal.

    The aggregate counts only when positive on death (within six months of it, or always) and, where
    `positive_only_disability`, on disability within six months (MVA-7).

    Consecutive terms alike share the most favourable factor; so do several lots of one term, unless
    `equal_lots` leaves each lot of a term to itself (MVA-9).
    """

    method: Literal["one", "two"] = "two"
    yield_source: Literal["treasury_notes", "constant_maturity"] = "treasury_notes"
    yield_series: Identifier
    spread_series: Identifier | None = None
    yield_weekday: Annotated[int, Field(ge=1, le=7, strict=True)] = 5
    yield_weeks: Annotated[int, Field(ge=1, le=4, strict=True)] = 4
    count_from_weekday: Annotated[int, Field(ge=1, le=7, strict=True)] = 3
    factor_places: Annotated[int, Field(ge=2, le=12, strict=True)] = 4
    waived_for_systematic: bool = False
    positive_only_death: Literal["six_months", "always"] = "six_months"
    positive_only_disability: bool = False
    equal_lots: Literal["most_favourable", "each"] = "most_favourable"

    @model_validator(mode="after")
    def _series_of_the_method(self) -> MvaTerms:
        if (self.method == "one") != (self.spread_series is not None):
            raise PydanticCustomError("one_quantity", "Method One, and it alone, names a spread_series (MVA-1)")
        if self.method == "one" and self.yield_source != "constant_maturity":
            raise PydanticCustomError("invalid_value", "Method One takes constant-maturity rates (MVA-1)")
        return self

    @property
    def series(self) -> tuple[str, ...]:
        """The series of yields that the adjustment needs."""
        return (self.yield_series,) if self.spread_series is None else (self.yield_series, self.spread_series)


class GuaranteedOption(Message):
    """The Guaranteed Accumulation Account: lots of guaranteed terms of one series of offerings.

    What matures without instructions is reinvested (MAT-3), in Fixed Account 2 once the option is closed unless
    `after_closing` says otherwise (GEN-8); or it `stays`, as it did in release 0.1. Notice is given
    `maturity_notice_days` calendar days before a maturity (MAT-1), none where that is 0; a version that changes the
    0 reaches terms deposited from then on. Where there is a `rate_lock`, it covers external transfers received up to
    `rate_lock_days` days after its election (GAA-7).
    """

    kind: Literal["guaranteed"]
    option: Identifier
    series: Identifier
    mva: MvaTerms
    minimum_rate: MinimumRate = Decimal(0)
    lock_in_days: Annotated[int, Field(ge=0, le=366, strict=True)] = 90
    at_maturity: Literal["reinvest", "stays"] = "reinvest"
    after_closing: Literal["fixed_account_2", "reinvest"] = "fixed_account_2"
    maturity_notice_days: Annotated[int, Field(ge=0, le=366, strict=True)] = 18
    classified: bool = False
    rate_lock: bool = False
    rate_lock_days: Annotated[int, Field(ge=1, le=366, strict=True)] = 45
    opens_on: Day | None = None
    closes_on: Day | None = None


Option = Annotated[
    FundOption | FixedAccount2Option | GuaranteedOption | UnbuiltFixedOption, Field(discriminator="kind")
]
BuiltOption = FundOption | FixedAccount2Option | GuaranteedOption


class Submitter(Message):
    """Who may send requests, and whether the trade date follows their `received_at` (GEN-2)."""

    submitted_by: Identifier
    received_at_trusted: bool = False


class Scales(Message):
    """Decimal places (GEN-4): units of funds and fixed options, and indexes of fixed options and lots."""

    units: Annotated[int, Field(ge=4, le=6, strict=True)] = 6
    index: Annotated[int, Field(ge=6, le=12, strict=True)] = 12


class TransferTerms(Message):
    """Free transfers per Individual Account and calendar year, and the fee beyond (TRF-2; at most $10)."""

    free_per_year: Annotated[int, Field(ge=0, le=1000, strict=True)] = 12
    fee: Money = Decimal("0.00")
    minimum_into_guaranteed: Money | None = None
    fund_purchase_days: Annotated[int, Field(ge=1, le=366, strict=True)] | None = None

    @model_validator(mode="after")
    def _fee_in_range(self) -> TransferTerms:
        if not 0 <= self.fee <= 10:
            raise PydanticCustomError("fee_out_of_range", "the transfer fee is between $0 and $10 (TRF-2)")
        return self


class MvaWaiver(Message):
    """Trade dates, both included, on which a negative aggregate adjustment is waived for transfers from guaranteed
    terms to funds and Fixed Account 2 (LIM-4).
    """

    from_day: Day
    through: Day

    @model_validator(mode="after")
    def _ends(self) -> MvaWaiver:
        if self.through < self.from_day:
            raise PydanticCustomError("invalid_period", "a waiver ends on or after the day it begins")
        return self


class ReinvestmentTerms(Message):
    """Days after a full withdrawal in which its reinvestment may be elected, and is to be received (WDL-10)."""

    elected_within_days: Annotated[int, Field(ge=1, le=366, strict=True)] = 30
    received_within_days: Annotated[int, Field(ge=1, le=366, strict=True)] = 60


class UnbuiltTerms(Message):
    """Terms of rules that are not built; a contract that sets one is refused NOT_AVAILABLE."""

    early_withdrawal_charge: bool = False
    maintenance_fee: Money | None = None
    premium_tax_due: Literal["deposit", "withdrawal"] = "deposit"
    contribution_limits: bool = False
    loans: bool = False
    installments: bool = False
    cycles: bool = False
    charge_review: bool = False
    statement_date: Day | None = None


class ContractTerms(Message):
    """One version of a contract's terms, in force from `effective_from` until the next.

    `applies_to` `new` is the contract's rule: net deposit, guaranteed rates and transfer fee change only for
    participants covered on or after the version's day, unless it says `new_and_existing` (GEN-6, E-FA2 §4).

    `premium_tax_percent` is 0 to 4 and `sales_charge_percent` 0 to 6 of the gross deposit (DEP-1).
    The order of `options` breaks ties of rounding (DEP-2). An empty `submitters` lets anyone authorised
    on the topic submit, and nobody's `received_at` decide a trade date.

    `death_benefit` `greater_of_purchases` guarantees that a death pays no less than the adjusted purchase total;
    where `deferral_restores_mva`, the value of one that was deferred bears the ordinary adjustment (MVA-10).
    """

    contract_id: Identifier
    version: Annotated[int, Field(ge=1, strict=True)]
    effective_from: Day
    applies_to: Literal["new", "new_and_existing"] = "new"
    title: Annotated[str, Field(min_length=1, max_length=200)]
    charge_class: Identifier
    accounts: Annotated[tuple[AccountType, ...], Field(min_length=1)]
    accounts_open_by_deposit: bool = True
    options: Annotated[tuple[Option, ...], Field(min_length=1)]
    submitters: tuple[Submitter, ...] = ()
    premium_tax_percent: PercentOrZero = Decimal(0)
    sales_charge_percent: PercentOrZero = Decimal(0)
    scales: Scales = Scales()
    transfers: TransferTerms = TransferTerms()
    mva_waivers: tuple[MvaWaiver, ...] = ()
    death_benefit: Literal["value", "greater_of_purchases"] = "value"
    deferral_restores_mva: bool = False
    reinvestment: ReinvestmentTerms | None = None
    unbuilt: UnbuiltTerms = UnbuiltTerms()

    @model_validator(mode="after")
    def _consistent(self) -> ContractTerms:
        names = [option.option for option in self.options]
        if len(set(names)) != len(names):
            raise PydanticCustomError("option_named_twice", "each option has a name of its own")
        if self.deferral_restores_mva and self.death_benefit == "value":
            raise PydanticCustomError(
                "invalid_value", "only a guaranteed death benefit is changed by deferral (MVA-10)"
            )
        if self.premium_tax_percent > 4 or self.sales_charge_percent > 6:
            raise PydanticCustomError(
                "charge_out_of_range", "premium tax is at most 4% and the sales charge at most 6% (DEP-1)"
            )
        return self

    @property
    def reaches_existing(self) -> bool:
        """Whether the version's protected terms reach participants covered before it (GEN-6)."""
        return self.applies_to == "new_and_existing"

    @cached_property
    def built_options(self) -> tuple[BuiltOption, ...]:
        """The options in the contract's order; terms in force have no others."""
        return tuple(option for option in self.options if not isinstance(option, UnbuiltFixedOption))

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """The place of each option in the contract's order, by name."""
        return {option.option: at for at, option in enumerate(self.options)}

    def option_named(self, name: str) -> BuiltOption | None:
        """The built option of that name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> Mapping[str, BuiltOption]:
        return {option.option: option for option in self.built_options}

    def submitter_named(self, name: str) -> Submitter | None:
        """What the terms say of a submitter, or None where they do not name it."""
        return next((s for s in self.submitters if s.submitted_by == name), None)


def takes_money_on(option: BuiltOption, day: date) -> bool:
    """Whether an option is open to deposits and transfers on a day (GEN-8, DEP-3)."""
    return (option.opens_on is None or option.opens_on <= day) and (option.closes_on is None or day < option.closes_on)
