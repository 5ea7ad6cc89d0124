"""How much may leave an option, and where to: the limits of the fixed options (LIM-1..4, TRF-1, WDL-6) and what a
contract says of buying back a fund (TRF-5).

The defaults of each kind are the endorsement's (E-FA2 §8). What the supplement says otherwise of Fixed Account 2, that
withdrawals and income payments count too and that money may go to any option, are terms of a contract.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.types import Day, Message, MinimumRate, Money, Percent, PercentOrZero

UseKind = Literal["transfer", "partial_withdrawal", "full_withdrawal", "systematic", "loan", "annuity_purchase"]
"""What takes money out of a limited option. What the supplement calls income phase payments leaves the option when it
buys the annuity, and not again when that pays.
"""

Deducted = tuple[UseKind, ...]
Window = Literal["calendar_year", "rolling_12_months", "unlimited", "not_available"]
Destinations = Literal["funds", "funds_and_fixed_account_2", "any"]


class TemporaryLimit(Message):
    """Trade dates, both included, on which a larger percentage holds, or, without one, no limit at all (LIM-4)."""

    from_day: Day
    through: Day
    percent: Percent | None = None

    @model_validator(mode="after")
    def _consistent(self) -> TemporaryLimit:
        if self.through < self.from_day:
            raise PydanticCustomError("invalid_period", "a temporary limit ends on or after the day it begins")
        if self.percent is not None and self.percent > 100:
            raise PydanticCustomError("percent_out_of_range", "a percentage is at most 100")
        return self


class Limit(Message):
    """How much of a fixed option may be transferred: `percent` of its value when the request is received, in each
    calendar year or in 12 months that roll, less what was taken before in as far as it is `deducted`.

    `same_day` says whether what traded on the same day 12 months earlier still counts (house decision: it `left`).
    `waived_at_balance` waives the limit for an option of so many dollars or less on the day of receipt. Temporary
    limits and that waiver are about transfers; they reach withdrawals only where `waivers_reach` says so.

    Where `limits_withdrawals`, partial withdrawals share the limit, systematic ones if they are deducted; a full one
    of the whole account is not limited, and is paid as `full_withdrawal` says, of a Fixed Plus Account in installments
    where the contract wants that (WDL-6).

    In an `unlimited` option nothing is limited and transfers are like others; `not_available` refuses them, as the
    first release did.
    """

    percent: PercentOrZero
    window: Window
    deducted: Deducted
    destinations: Destinations
    same_day: Literal["left", "counts"] = "left"
    waived_at_balance: Money = Decimal("0.00")
    waivers_reach: Literal["transfers", "transfers_and_withdrawals"] = "transfers"
    limits_withdrawals: bool = False
    full_withdrawal: Literal["lump_sum", "installments"] = "lump_sum"
    temporary: tuple[TemporaryLimit, ...] = ()

    @model_validator(mode="after")
    def _larger(self) -> Limit:
        if self.percent > 100:
            raise PydanticCustomError("percent_out_of_range", "a percentage is at most 100")
        if any(each.percent is not None and each.percent <= self.percent for each in self.temporary):
            raise PydanticCustomError("invalid_value", "a temporary percentage is larger than the limit's (LIM-4)")
        return self

    @property
    def limited(self) -> bool:
        """Whether there is a limit to reckon with."""
        return self.window in {"calendar_year", "rolling_12_months"}


class FixedAccountLimit(Limit):
    """The Fixed Account: 10% in a calendar year, to funds and Fixed Account 2 (LIM-1)."""

    percent: PercentOrZero = Decimal(10)
    window: Window = "calendar_year"
    deducted: Deducted = ("transfer",)
    destinations: Destinations = "funds_and_fixed_account_2"
    full_withdrawal: Literal["lump_sum"] = "lump_sum"


class FullInstallments(Message):
    """How a full withdrawal is paid of a Fixed Plus Account that says `installments`: in level `payments` in arrears,
    one every `every_months` months from the trade date on, with interest at the annual effective `rate`; without one,
    at the rate that the account earns there on the trade date (WDL-6).

    The documents leave this to the contract (E-FA2 §10). House decision: yearly and in five years, because 20% in 12
    months is what may leave otherwise.
    """

    payments: Annotated[int, Field(ge=1, le=60, strict=True)] = 5
    every_months: Annotated[int, Field(ge=1, le=12, strict=True)] = 12
    rate: MinimumRate | None = None


class FixedPlusLimit(Limit):
    """The Fixed Plus Accounts: 20% in 12 months that roll, to funds and Fixed Account 2 (LIM-2, WDL-6)."""

    percent: PercentOrZero = Decimal(20)
    window: Window = "rolling_12_months"
    deducted: Deducted = ("transfer", "partial_withdrawal", "annuity_purchase")
    destinations: Destinations = "funds_and_fixed_account_2"
    waived_at_balance: Money = Decimal("1000.00")
    limits_withdrawals: bool = True
    full_installments: FullInstallments = FullInstallments()


class FixedAccount2Limit(Limit):
    """Fixed Account 2: 50% in a calendar year, to funds (LIM-3)."""

    percent: PercentOrZero = Decimal(50)
    window: Window = "calendar_year"
    deducted: Deducted = ("transfer",)
    destinations: Destinations = "funds"
    full_withdrawal: Literal["lump_sum"] = "lump_sum"


class Repurchase(Message):
    """Transfers into a fund on the `days` days after one out of it, and on the day of it, buy no more than `at_most`
    dollars in all (TRF-5).
    """

    days: Annotated[int, Field(ge=1, le=365, strict=True)]
    at_most: Money = Decimal("0.00")

    @model_validator(mode="after")
    def _not_negative(self) -> Repurchase:
        if self.at_most < 0:
            raise PydanticCustomError("number_negative", "a cap is not negative")
        return self
