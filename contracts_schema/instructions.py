"""Instructions about a participant's accounts, as their senders publish them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.charges import PaymentKind
from contracts_schema.income_election import IncomeElection
from contracts_schema.loan_instructions import LoanBalance, LoanDefault
from contracts_schema.orders import AmlHold, AmlRelease, CloseAccount, ServiceCost
from contracts_schema.shares import Incoming, Shares
from contracts_schema.terms import AccountType
from contracts_schema.types import Identifier, PositiveMoney


class OpenAccount(Incoming):
    """Opens an Individual Account (ACC-1), with the allocation of its future deposits if given.

    `payments` is what it takes, installments unless it says a lump sum: charges are scheduled by it (WDL-4).
    """

    kind: Literal["open_account"]
    account: AccountType
    payments: PaymentKind | None = None
    allocation: Shares | None = None


class ChangeAllocation(Incoming):
    """Sets the allocation of future deposits of an account (DEP-2)."""

    kind: Literal["allocation"]
    account: AccountType
    allocation: Shares


class CancelRequest(Incoming):
    """Cancels a request that waits, before its trade date's close."""

    kind: Literal["cancel"]
    cancels: Identifier


class MaturityElection(Incoming):
    """What becomes of a guaranteed term when it matures (MAT-2): shares of its value by option and term, or out.

    It counts if it is received by midnight, New York, of the maturity date; a later one replaces an earlier.
    """

    kind: Literal["maturity_election"]
    account: AccountType
    lot: Annotated[str, Field(min_length=1, max_length=160)]
    to: Shares | None = None
    withdraw: Literal[True] | None = None
    payee: Annotated[str, Field(max_length=128)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> MaturityElection:
        if (self.to is None) == (self.withdraw is None):
            raise PydanticCustomError("one_quantity", "exactly one of to and withdraw says where the value goes")
        return self


class RateLockElection(Incoming):
    """Locks the guaranteed rates of the day of its receipt for external transfers to come (GAA-7)."""

    kind: Literal["rate_lock_election"]


class ReinvestmentElection(Incoming):
    """Elects to reinvest dollars of what a full withdrawal paid; all of it without `amount` (WDL-10)."""

    kind: Literal["reinvestment_election"]
    account: AccountType
    amount: PositiveMoney | None = None


class ExperienceCredit(Incoming):
    """Adds dollars to an account, by its allocation unless the credit has its own (ACC-2)."""

    kind: Literal["experience_credit"]
    account: AccountType
    amount: PositiveMoney
    allocation: Shares | None = None


Instruction = Annotated[
    OpenAccount
    | CloseAccount
    | ChangeAllocation
    | CancelRequest
    | MaturityElection
    | RateLockElection
    | ReinvestmentElection
    | ExperienceCredit
    | ServiceCost
    | LoanBalance
    | LoanDefault
    | IncomeElection
    | AmlHold
    | AmlRelease,
    Field(discriminator="kind"),
]
