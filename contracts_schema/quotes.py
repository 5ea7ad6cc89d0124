"""Quotes: what a request would do now."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contracts_schema.outcomes import Charge, Finding, Leg, MvaBlock, Written
from contracts_schema.terms import AccountType
from contracts_schema.types import Day, Identifier, Instant, Money


class Quote(Written):
    """What a deposit, transfer or withdrawal of mode `quote` would have done at the close of `as_of_close`, the last
    closed day: its figures as a confirmation has them, or the `reasons` of a rejection. Nothing changed.

    It looks at the participant's books as they stand, whatever waits; the request itself, sent to be executed, trades
    at a later close and at other values. Not counted in the sequence; its id derives from the request's.
    """

    version: Literal[1] = 1
    outcome_id: str
    contract_id: Identifier
    participant_id: Identifier
    request_id: Identifier
    topic: str
    kind: Literal["quote"] = "quote"
    of: Literal["deposit", "transfer", "withdrawal"] | None = None
    submitted_by: Identifier | None = None
    as_of_close: Day | None = None
    quoted_at: Instant
    account: AccountType | None = None
    received: Money | None = None
    gross: Money | None = None
    guarantee: Money | None = None
    paid: Money | None = None
    legs: tuple[Leg, ...] = ()
    charges: tuple[Charge, ...] = ()
    mva: MvaBlock | None = None
    rounding: Money | None = None
    debits: Money | None = None
    credits: Money | None = None
    free_transfers_left: int | None = None
    details: dict[str, str] = Field(default_factory=dict)
    reasons: tuple[Finding, ...] = ()
    possible_from: Day | None = None
    rules: tuple[str, ...]
    notes: tuple[str, ...] = ()
