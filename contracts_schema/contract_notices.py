"""What is told of whole contracts: their totals for the review of charges, and notices to their holders."""

from __future__ import annotations

from typing import Literal

from contracts_schema.types import Day, Identifier, Instant, Message, MinimumRate, Money, Rate
from contracts_schema.written import Written


class ContractTotal(Written):
    """What the participants of one partition hold under a contract on a day, for the review of its charges (FND-4).

    `total` is the value of all Individual Accounts: units × index of the day, every position and guaranteed term to the
    cent, before any market value adjustment or charge that taking it out would bear; of annuities bought and of what is
    owed of withdrawals nothing. `participants` are those who hold anything. `closed_at` is the day's close.
    """

    version: Literal[1] = 1
    kind: Literal["contract_total"] = "contract_total"
    contract_id: Identifier
    date: Day
    closed_at: Instant
    partition: int
    partitions: int
    total: Money
    participants: int
    rules: tuple[str, ...]


class ChargeReviewed(Message):
    """What a review came to: `total` and `participants` of all the `contracts` that were added up, their quotient, the
    tier that they reach, and the Daily Asset Charge before and after. `effective_from` is absent where the charge stays
    as it is.
    """

    charge_class: Identifier
    contracts: tuple[Identifier, ...]
    basis: Literal["total_assets", "average_balance"]
    total: Money
    participants: int
    average: Money
    tier_from: Money
    old_charge: MinimumRate
    new_charge: MinimumRate
    effective_from: Day | None = None


class YearMinimum(Message):
    """Fixed Account 2's guaranteed minimum of a coming calendar year, and the contract's; `declared` is the rate
    declared of it now, where there is one.
    """

    option: Identifier
    year: int
    rate: Rate
    contract_minimum: Rate
    declared: Rate | None = None


class ContractNotice(Written):
    """What the holder of a contract is to be told: that its charges were reviewed (NTC-5), or the minimum rate of Fixed
    Account 2 of a coming year (NTC-4).

    `date` is the day of the review, or the last closed day when the rate was accepted, absent before the first.
    `clause` is of the contract documents.
    """

    version: Literal[1] = 1
    kind: Literal["charge_reviewed", "one_year_minimum"]
    notice_id: str
    contract_id: Identifier
    date: Day | None = None
    rules: tuple[str, ...]
    clause: str
    charge: ChargeReviewed | None = None
    minimum: YearMinimum | None = None
