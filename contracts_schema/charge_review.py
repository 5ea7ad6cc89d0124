"""The yearly review of a contract's charges by what is held under it: its day, its tiers, its effect (FND-4)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.types import Identifier, Message, MinimumRate, MoneyOrZero

_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
_COMMON_YEAR = 2001


def _month_day(value: object) -> str:
    if not isinstance(value, str) or not _MONTH_DAY.fullmatch(value):
        raise PydanticCustomError("invalid_value", "a day of every year is written MM-DD (FND-4)")
    try:
        date.fromisoformat(f"{_COMMON_YEAR}-{value}")
    except ValueError:
        raise PydanticCustomError("invalid_value", "every year must have the day (FND-4)") from None
    return value


MonthDay = Annotated[
    str, BeforeValidator(_month_day), WithJsonSchema({"type": "string", "pattern": r"^[0-9]{2}-[0-9]{2}$"})
]
"""A day that every year has, so not 29 February: `12-31`."""


class ChargeTier(Message):
    """The Daily Asset Charge, as an annual fraction, from an amount in dollars on."""

    from_amount: MoneyOrZero
    daily_asset_charge: MinimumRate


class ChargeReview(Message):
    """The review that resets the Daily Asset Charge of the contract's `charge_class` once a year (DAC §1.18).

    What is held under the holder's contracts of the same class is added up, as of `review_on`: of the last business day
    on or before it, or of the first on or after. `basis` says whether the total chooses the tier, or the total divided
    by the number of participants who hold anything. The new charge holds from the first `effective_on` that is at least
    `effective_after_days` days after the day of the review, or from just then where there is no such day of the year;
    never on a day that is frozen. Until the first review the charge is the company's estimate: the schedule that was
    published first.
    """

    contract_holder: Identifier
    contract_class: Identifier
    review_on: MonthDay
    as_of: Literal["on_or_before", "on_or_after"] = "on_or_before"
    basis: Literal["total_assets", "average_balance"] = "total_assets"
    tiers: Annotated[tuple[ChargeTier, ...], Field(min_length=1)]
    effective_after_days: Annotated[int, Field(ge=1, le=366, strict=True)] = 30
    effective_on: MonthDay | None = None

    @model_validator(mode="after")
    def _tiers_ascend(self) -> ChargeReview:
        amounts = [tier.from_amount for tier in self.tiers]
        if amounts[0] != 0 or any(one >= other for one, other in pairwise(amounts)):
            raise PydanticCustomError("invalid_value", "tiers begin with the amount 0, and ascend (FND-4)")
        return self

    def tier_of(self, amount: Decimal) -> ChargeTier:
        """The tier of an amount in dollars, zero or more: a tier's own amount is in it."""
        return max((tier for tier in self.tiers if tier.from_amount <= amount), key=lambda tier: tier.from_amount)
