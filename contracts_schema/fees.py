"""The maintenance fee of a contract (WDL-5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.types import Message, PercentOrZero, PositiveMoney

MOST = Decimal(50)


class MaintenanceFee(Message):
    """Dollars a year, at most $50, taken on the anniversary of an account's effective date and, where
    `on_full_withdrawal`, when all of an account is withdrawn. A contract without one ($0, E-FA2 §7) has no such terms.

    `per` says who owes it. The endorsements speak of both: `account`, every Individual Account on the anniversary of
    its own effective date (E-FA2 §7); `participant`, one fee for all accounts, on the anniversary of the first one's,
    and on a full withdrawal of the last that holds anything. `roth_percent` of a fee of an anniversary comes from the
    Roth account, the rest from the others (ROTH); what one side lacks the other pays. Without it a fee comes from the
    account that owes it, a participant's from all accounts in proportion to their value.

    `adjusted` lets what is taken of guaranteed terms bear the market value adjustment. An account opened on 29 February
    has its anniversary on the `leap_day` in other years.
    """

    amount: PositiveMoney
    per: Literal["account", "participant"] = "account"
    roth_percent: PercentOrZero | None = None
    on_full_withdrawal: bool = True
    adjusted: bool = False
    leap_day: Literal["february_28", "march_1"] = "february_28"

    @model_validator(mode="after")
    def _in_range(self) -> MaintenanceFee:
        if self.amount > MOST:
            raise PydanticCustomError("fee_out_of_range", "the maintenance fee is at most $50 a year (WDL-5)")
        if self.roth_percent is not None and self.roth_percent > 100:
            raise PydanticCustomError("percent_out_of_range", "a percentage is at most 100")
        return self
