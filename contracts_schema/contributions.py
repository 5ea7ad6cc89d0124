"""Where deposits come from and how they are paid, and what a contract makes of it (DEP-6, DEP-7, DEP-8, DEP-9)."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.types import Identifier, Message, PositiveMoney


class Source(StrEnum):
    """Where the money of a deposit comes from (contribution source).

    Those named `roth` are attributable to Roth salary reduction: themselves, or the part of a rollover or of an
    external transfer that is; `in_plan_roth_rollover` is a distribution of the same plan rolled over to its Roth
    account (ROTH, Participant Roth Account).
    """

    SALARY_REDUCTION = "salary_reduction"
    EMPLOYER = "employer"
    ROLLOVER = "rollover"
    EXTERNAL_TRANSFER = "external_transfer"
    REINVESTMENT = "reinvestment"
    LOAN_REPAYMENT = "loan_repayment"
    ROTH_SALARY_REDUCTION = "roth_salary_reduction"
    ROTH_ROLLOVER = "roth_rollover"
    ROTH_EXTERNAL_TRANSFER = "roth_external_transfer"
    IN_PLAN_ROTH_ROLLOVER = "in_plan_roth_rollover"


ROTH_SOURCES = (
    Source.ROTH_SALARY_REDUCTION,
    Source.ROTH_ROLLOVER,
    Source.ROTH_EXTERNAL_TRANSFER,
    Source.IN_PLAN_ROTH_ROLLOVER,
)
"""Sources that go to the Roth account and nowhere else (DEP-6)."""

OTHER_SOURCES = tuple(source for source in Source if source not in ROTH_SOURCES)
EITHER = (Source.REINVESTMENT, Source.LOAN_REPAYMENT)
"""Sources that are of the account itself: what it paid out, or lent, comes back to it."""

SALARY_REDUCTIONS = (Source.SALARY_REDUCTION, Source.ROTH_SALARY_REDUCTION)
"""Sources that count against the dollar limits of the Code, pre-tax and Roth together (DEP-7)."""

EXTERNAL_TRANSFERS = (Source.EXTERNAL_TRANSFER, Source.ROTH_EXTERNAL_TRANSFER)
"""Sources that a rate lock covers (GAA-7)."""


class PaymentForm(StrEnum):
    """How a deposit was paid."""

    ACH = "ach"
    WIRE = "wire"
    CHECK = "check"
    MONEY_ORDER = "money_order"
    THIRD_PARTY_CHECK = "third_party_check"
    TRAVELERS_CHEQUE = "travelers_cheque"
    CASHIERS_CHECK = "cashiers_check"
    BANK_DRAFT = "bank_draft"
    BANK_CHECK = "bank_check"
    TREASURERS_CHECK = "treasurers_check"


Explanation = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]
"""Why something was done, or where money came from, in a sender's words."""


class SourceTerms(Message):
    """Which sources each type of Individual Account takes.

    | account | sources | clause |
    |---|---|---|
    | roth | those of Roth salary reduction; reinvestments of the account itself | ROTH, Participant Roth Account |
    | roth | loan repayments, where the plan lends from it: only if named here | ROTH, Loans |
    | pretax, employer | every other source | E-FA2 §5, silent on which: a contract may name fewer |
    """

    pretax: tuple[Source, ...] = OTHER_SOURCES
    employer: tuple[Source, ...] = OTHER_SOURCES
    roth: tuple[Source, ...] = (*ROTH_SOURCES, Source.REINVESTMENT)

    @model_validator(mode="after")
    def _roth_apart(self) -> SourceTerms:
        if not {*self.pretax, *self.employer}.isdisjoint(ROTH_SOURCES):
            raise PydanticCustomError("invalid_value", "Roth sources go to the Roth account only (DEP-6)")
        if not {*self.roth} <= {*ROTH_SOURCES, *EITHER}:
            raise PydanticCustomError("invalid_value", "the Roth account takes Roth sources only (DEP-6)")
        return self

    def taken_by(self, account: str) -> tuple[Source, ...]:
        """The sources that a type of account takes."""
        if account == "roth":
            return self.roth
        return self.pretax if account == "pretax" else self.employer


class YearLimit(Message):
    """The dollar limit of a calendar year, and what those may add who may catch up, if the plan lets them (DEP-7)."""

    year: Annotated[int, Field(ge=1900, le=2200, strict=True)]
    limit: PositiveMoney
    catch_up: PositiveMoney | None = None

    def for_deposit(self, *, catch_up: bool) -> Decimal:
        """The limit for a participant who may catch up, or may not."""
        return self.limit + self.catch_up if catch_up and self.catch_up is not None else self.limit


class ContributionLimits(Message):
    """The dollar limits of Code §§415/457 by calendar year, ascending (DEP-7).

    House decision: a year without a limit of its own has that of the last year before it, for the amounts are indexed
    and do not fall.
    """

    by_year: Annotated[tuple[YearLimit, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ascending(self) -> ContributionLimits:
        years = [limit.year for limit in self.by_year]
        if years != sorted(set(years)):
            raise PydanticCustomError("invalid_value", "limits stand by ascending year, each year once (DEP-7)")
        return self

    def of_year(self, year: int) -> YearLimit | None:
        """The limit of a calendar year; None before the first."""
        return next((limit for limit in reversed(self.by_year) if limit.year <= year), None)


class PaymentTerms(Message):
    """Forms of payment that are refused, limited or to be explained (DEP-8; GAA, Anti-Money Laundering).

    Money orders of a participant may total `money_order_limit` dollars in `money_order_months`; what was traded on the
    same day so many months before is out of it (house decision). Explained forms need a reason and a source of funds.
    """

    refused_forms: tuple[PaymentForm, ...] = (
        PaymentForm.TRAVELERS_CHEQUE,
        PaymentForm.CASHIERS_CHECK,
        PaymentForm.BANK_DRAFT,
        PaymentForm.BANK_CHECK,
        PaymentForm.TREASURERS_CHECK,
    )
    explained_forms: tuple[PaymentForm, ...] = (PaymentForm.THIRD_PARTY_CHECK,)
    money_order_limit: PositiveMoney = Decimal("5000.00")
    money_order_months: Annotated[int, Field(ge=1, le=60, strict=True)] = 12


class AmlTerms(Message):
    """Who may give and lift orders that block a participant; none named: whoever may submit (DEP-9)."""

    submitters: tuple[Identifier, ...] = ()
