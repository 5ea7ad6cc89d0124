"""Purchase payment cycles of a contract (ACC-3)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contracts_schema.types import Message

PaymentSource = Literal[
    "salary_reduction", "employer", "rollover", "external_transfer", "reinvestment", "loan_repayment"
]


class CycleTerms(Message):
    """How many payments complete a cycle, and which sources of deposits are installments; the others are lump sums.

    Every deposit of such a source is one payment. The documents leave both to the contract's plan.
    """

    payments_per_cycle: Annotated[int, Field(ge=1, le=366, strict=True)]
    installment_sources: tuple[PaymentSource, ...] = ("salary_reduction", "employer")
