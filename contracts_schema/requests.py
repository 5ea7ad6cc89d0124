"""Requests, as their senders publish them.

Fields that are not known here are ignored, and named in the outcome's notes. Values are checked for
form only; what the contract's rules say of them is decided by the ledger, on the trade date.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.contributions import Explanation, PaymentForm, Source
from contracts_schema.instructions import Instruction
from contracts_schema.shares import Classification, Incoming, Legs, Shares, Term, check_named_once
from contracts_schema.terms import AccountType
from contracts_schema.types import Day, Identifier, Instant, Money, Percent, PositiveMoney, PositiveUnits
from contracts_schema.withdrawing import WithdrawalFrom, WithdrawalReason, Withholding, check_legs, check_quantity


class Request(Incoming):
    """What every request says. `received_at` is when it was received in good order, with offset (GEN-2)."""

    request_id: Identifier
    contract_id: Identifier
    participant_id: Identifier
    submitted_by: Identifier
    received_at: Instant
    as_of: Day | None = None
    mode: Literal["execute", "quote"] = "execute"


class PayPeriod(Incoming):
    """The pay period a remittance is for, both days included."""

    start: Day
    end: Day


class DepositRequest(Request):
    """A deposit into one Individual Account; without `allocation` the account's own applies (DEP-2).

    `catch_up` says that the participant may use the year's catch-up amount, which only the sender can know (DEP-7).
    `payment_reason` and `source_of_funds` explain a form of payment that needs it (DEP-8).
    """

    account: AccountType
    amount: PositiveMoney
    source: Source
    catch_up: Annotated[bool, Field(strict=True)] = False
    payment_form: PaymentForm | None = None
    payment_reason: Explanation | None = None
    source_of_funds: Explanation | None = None
    remittance_id: Identifier | None = None
    remittance_count: Annotated[int, Field(ge=1, strict=True)] | None = None
    remittance_total: Money | None = None
    pay_period: PayPeriod | None = None
    allocation: Shares | None = None


class TransferFrom(Incoming):
    """What leaves an option: exactly one of amount (dollars), percent (of its value), units, or all.

    `classification` chooses among the guaranteed terms of a classified option, `term` among those of others (GAA-6).
    """

    option: Identifier
    term: Term | None = None
    classification: Classification | None = None
    amount: PositiveMoney | None = None
    percent: Percent | None = None
    units: PositiveUnits | None = None
    all: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_quantity(self) -> TransferFrom:
        given = [name for name in ("amount", "percent", "units", "all") if getattr(self, name) is not None]
        if len(given) != 1:
            raise PydanticCustomError("one_quantity", "a leg says exactly one of amount, percent, units and all")
        if self.percent is not None and self.percent > 100:
            raise PydanticCustomError("percent_out_of_range", "a percentage is at most 100")
        return self


class TransferRequest(Request):
    """A transfer within one Individual Account.

    Dollars are what arrives after the market value adjustment and before the fee (TRF-6) unless
    `amount_type` is `gross`: then they are the value taken. The percentages of `to` add to 100.
    """

    account: AccountType
    amount_type: Literal["net", "gross"] = "net"
    from_: Legs[tuple[TransferFrom, ...]] = Field(alias="from")
    to: Shares

    @model_validator(mode="after")
    def _sides(self) -> TransferRequest:
        check_named_once([(leg.option, leg.term, leg.classification) for leg in self.from_], "from")
        return self


class WithdrawalRequest(Request):
    """A withdrawal from one Individual Account, or from several (`accounts`): exactly one of amount, percent and full.

    Dollars are what the payee receives before tax (net) unless `amount_type` is `gross` (WDL-3); of several accounts
    each gives all it has before the next gives any, while of a percentage, or in full, each gives that (WDL-13).
    Without `from` it is taken pro rata from every option (WDL-1). `birth_date`, the participant's, tells whether the
    tax law's penalty before age 59½ is flagged (WDL-12); nothing is kept of it.
    """

    account: AccountType | None = None
    accounts: Legs[tuple[AccountType, ...]] | None = None
    amount: PositiveMoney | None = None
    amount_type: Literal["net", "gross"] = "net"
    percent: Percent | None = None
    full: Literal[True] | None = None
    from_: Legs[tuple[WithdrawalFrom, ...]] | None = Field(default=None, alias="from")
    reason: WithdrawalReason
    event_date: Day | None = None
    withholding: Withholding | None = None
    birth_date: Day | None = None
    payee: Annotated[str, Field(max_length=128)] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> WithdrawalRequest:
        if (self.account is None) == (self.accounts is None):
            raise PydanticCustomError("one_quantity", "exactly one of account and accounts is given")
        if len(set(self.accounts or ())) != len(self.accounts or ()):
            raise PydanticCustomError("option_named_twice", "accounts: an account is named twice")
        check_quantity(self.amount, self.percent, self.full)
        check_legs(self.from_ or (), self.full)
        return self


class AccountInstruction(Request):
    """An instruction about a participant's accounts."""

    instruction: Instruction


AnyRequest = DepositRequest | TransferRequest | WithdrawalRequest | AccountInstruction
REQUEST_MODELS: dict[str, type[AnyRequest]] = {
    "deposit-requests": DepositRequest,
    "transfer-requests": TransferRequest,
    "withdrawal-requests": WithdrawalRequest,
    "account-instructions": AccountInstruction,
}
