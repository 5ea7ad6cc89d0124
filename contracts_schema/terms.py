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

from contracts_schema.charge_review import ChargeReview
from contracts_schema.charges import Cycles, EarlyWithdrawalCharge
from contracts_schema.contributions import AmlTerms, ContributionLimits, PaymentTerms, SourceTerms
from contracts_schema.cycles import CycleTerms
from contracts_schema.fees import MaintenanceFee
from contracts_schema.income import IncomeTerms
from contracts_schema.limits import Destinations
from contracts_schema.loans import LoanTerms
from contracts_schema.options import FixedOption, FixedPlusAccount2Option, FundOption, Option, OptionOfKind
from contracts_schema.payout import DeferralOrder, InstallmentTerms
from contracts_schema.services_agreed import AdditionalServices
from contracts_schema.statement_date import StatementDate
from contracts_schema.types import Day, Identifier, Message, Money, PercentOrZero, PositiveMoney


class AccountType(StrEnum):
    """Types of Individual Account (ACC-1)."""

    PRETAX = "pretax"
    EMPLOYER = "employer"
    ROTH = "roth"


ROTH_SINCE = date(2011, 1, 1)
"""The first day on which the endorsement for Roth accounts can be in effect (ROTH)."""


class Submitter(Message):
    """Who may send requests, and whether the trade date follows their `received_at` (GEN-2)."""

    submitted_by: Identifier
    received_at_trusted: bool = False


class Scales(Message):
    """Decimal places (GEN-4): units of funds and fixed options, and indexes of fixed options and lots."""

    units: Annotated[int, Field(ge=4, le=6, strict=True)] = 6
    index: Annotated[int, Field(ge=6, le=12, strict=True)] = 12


class TransferTerms(Message):
    """Free transfers per Individual Account and calendar year, and the fee beyond (TRF-2; at most $10).

    Limited transfers out of the Fixed Account and Fixed Account 2 never pay the fee; whether they count is `limited`
    (TRF-3); those out of the Fixed Plus Accounts are like others. `destinations` says where funds and guaranteed terms
    may go; the limits of fixed options say that of each (TRF-1). `minimum_into_guaranteed` is the least that a transfer
    from other options brings into a guaranteed one (TRF-4).
    """

    free_per_year: Annotated[int, Field(ge=0, le=1000, strict=True)] = 12
    fee: Money = Decimal("0.00")
    limited: Literal["not_counted", "counted"] = "not_counted"
    destinations: Destinations = "any"
    minimum_into_guaranteed: PositiveMoney | None = None

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
    """Terms of rules that are not built: a contract that sets one is refused NOT_AVAILABLE. Now there is none."""


class ContractTerms(Message):
    """One version of a contract's terms, in force from `effective_from` until the next.

    `applies_to` `new` is the contract's rule: net deposit, guaranteed rates and transfer fee change only for
    participants covered on or after the version's day, unless it says `new_and_existing` (GEN-6, E-FA2 §4).

    `premium_tax_percent` is 0 to 4 and `sales_charge_percent` 0 to 6 of the gross deposit (DEP-1). Where premium tax
    is due at `withdrawal`, or at `annuitisation` alone (withdrawals for an income option), deposits bear none and it
    is that percentage of the value taken.
    The order of `options` breaks ties of rounding (DEP-2). An empty `submitters` lets anyone authorised
    on the topic submit, and nobody's `received_at` decide a trade date.

    `death_benefit` `greater_of_purchases` guarantees that a death pays no less than the adjusted purchase total;
    where `deferral_restores_mva`, the value of one that was deferred bears the ordinary adjustment (MVA-10). Without a
    `statement_date` there is no annual notice (NTC-1).
    """

    contract_id: Identifier
    version: Annotated[int, Field(ge=1, strict=True)]
    effective_from: Day
    applies_to: Literal["new", "new_and_existing"] = "new"
    title: Annotated[str, Field(min_length=1, max_length=200)]
    charge_class: Identifier
    accounts: Annotated[tuple[AccountType, ...], Field(min_length=1)]
    accounts_open_by_deposit: bool = True
    options: Annotated[tuple[OptionOfKind, ...], Field(min_length=1)]
    submitters: tuple[Submitter, ...] = ()
    premium_tax_percent: PercentOrZero = Decimal(0)
    premium_tax_due: Literal["deposit", "withdrawal", "annuitisation"] = "deposit"
    sales_charge_percent: PercentOrZero = Decimal(0)
    scales: Scales = Scales()
    transfers: TransferTerms = TransferTerms()
    early_withdrawal_charge: EarlyWithdrawalCharge | None = None
    mva_waivers: tuple[MvaWaiver, ...] = ()
    death_benefit: Literal["value", "greater_of_purchases"] = "value"
    deferral_restores_mva: bool = False
    reinvestment: ReinvestmentTerms | None = None
    maintenance_fee: MaintenanceFee | None = None
    additional_services: AdditionalServices | None = None
    cycles: CycleTerms | None = None
    deferral_orders: tuple[DeferralOrder, ...] = ()
    installments: InstallmentTerms | None = None
    loans: LoanTerms | None = None
    income: IncomeTerms | None = None
    statement_date: StatementDate | None = None
    sources: SourceTerms = SourceTerms()
    contribution_limits: ContributionLimits | None = None
    payments: PaymentTerms = PaymentTerms()
    aml: AmlTerms = AmlTerms()
    charge_review: ChargeReview | None = None
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
        self._check_accounts()
        self._check_charge()
        self._check_income()
        return self

    def _check_charge(self) -> None:
        charge, names = self.early_withdrawal_charge, {option.option for option in self.options}
        if charge is not None and not names.issuperset(charge.exempt_options):
            raise PydanticCustomError(
                "invalid_value", "the early withdrawal charge exempts an option that the contract lacks"
            )
        if charge is not None and isinstance(charge.installment, Cycles) and self.cycles is None:
            raise PydanticCustomError("invalid_value", "a charge by cycles needs the contract's cycles (ACC-3, WDL-4)")

    def _check_income(self) -> None:
        variable = None if self.income is None else self.income.variable
        funds = {option.option for option in self.options if isinstance(option, FundOption)}
        if variable is not None and not set(variable.options) <= funds:
            raise PydanticCustomError("invalid_value", "variable income is of the contract's funds (INC-2)")

    def _check_accounts(self) -> None:
        if AccountType.ROTH in self.accounts and self.effective_from < ROTH_SINCE:
            raise PydanticCustomError("invalid_value", "there are no Roth accounts before 2011-01-01 (DEP-6)")
        limits = self.contribution_limits
        if limits is not None and limits.of_year(self.effective_from.year) is None:
            raise PydanticCustomError("invalid_value", "limits begin with the year of effective_from or before (DEP-7)")

    @property
    def reaches_existing(self) -> bool:
        """Whether the version's protected terms reach participants covered before it (GEN-6)."""
        return self.applies_to == "new_and_existing"

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """The place of each option in the contract's order, by name."""
        return {option.option: at for at, option in enumerate(self.options)}

    def option_named(self, name: str) -> Option | None:
        """The option of that name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> Mapping[str, Option]:
        return {option.option: option for option in self.options}

    @cached_property
    def fixed(self) -> Mapping[str, FixedOption]:
        """The options that have a limit, by name."""
        return {option.option: option for option in self.options if isinstance(option, FixedOption)}

    @cached_property
    def capped(self) -> Mapping[str, FundOption]:
        """The funds that may not be bought back freely, by name (TRF-5)."""
        return {
            option.option: option
            for option in self.options
            if isinstance(option, FundOption) and option.repurchase is not None
        }

    def rate_reduction(self, name: str) -> Decimal:
        """What additional services take off the declared rate of an option: of Fixed Plus Account II (FND-5)."""
        services = self.additional_services
        if services is None or not isinstance(self.option_named(name), FixedPlusAccount2Option):
            return Decimal(0)
        return services.rate_reduction

    def submitter_named(self, name: str) -> Submitter | None:
        """What the terms say of a submitter, or None where they do not name it."""
        return next((s for s in self.submitters if s.submitted_by == name), None)
