"""The income phase, as contract terms (INC-1..4, FIX-3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.types import Identifier, Message, MinimumRate


class VariableIncomeTerms(Message):
    """Variable payments: the fund options available during the income phase, and the annuity unit values that they are
    counted in, which arrive as unit values of `charge_class`, net of `assumed_rate` (INC-4, DAC §9.13).

    Amounts are moved to funds for variable payments on `notice_days` days' notice before the first (INC-2).
    """

    charge_class: Identifier
    options: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    assumed_rate: MinimumRate = Decimal("0.035")
    notice_days: Annotated[int, Field(ge=0, le=366, strict=True)] = 30


class IncomeTerms(Message):
    """The annuity options of a contract; one without these terms takes no elections.

    Payments of option 3 go on for `shortest_years` to `longest_years` years (INC-3). The rate of a fixed annuity is
    never below its minimum (FIX-3). Once an option is elected nothing is transferred from the account's fixed options
    (LIM-6), and from its funds and guaranteed terms only if `transfers_after_election` is `funds` (TRF-1).
    """

    fixed_rate: MinimumRate = Decimal("0.035")
    minimum_fixed_rate: MinimumRate = Decimal("0.035")
    shortest_years: Annotated[int, Field(ge=1, le=50, strict=True)] = 3
    longest_years: Annotated[int, Field(ge=1, le=50, strict=True)] = 30
    transfers_after_election: Literal["none", "funds"] = "none"
    variable: VariableIncomeTerms | None = None

    @model_validator(mode="after")
    def _consistent(self) -> IncomeTerms:
        if self.fixed_rate < self.minimum_fixed_rate:
            raise PydanticCustomError(
                "rate_below_floor",
                "the rate of a fixed annuity is no less than {floor} (FIX-3)",
                {"floor": format(self.minimum_fixed_rate, "f")},
            )
        if self.longest_years < self.shortest_years:
            raise PydanticCustomError("invalid_period", "longest_years is no less than shortest_years (INC-3)")
        return self
