"""Purchase payment cycles of a contract (ACC-3)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts_schema.contributions import Source
from contracts_schema.types import Message


class CycleTerms(Message):
    """How many payments complete a cycle, and which sources of deposits are installments; the others are lump sums.

    Every deposit of such a source is one payment. The documents leave both to the contract's plan.
    """

    payments_per_cycle: Annotated[int, Field(ge=1, le=366, strict=True)]
    installment_sources: tuple[Source, ...] = (
        Source.SALARY_REDUCTION,
        Source.ROTH_SALARY_REDUCTION,
        Source.EMPLOYER,
    )
