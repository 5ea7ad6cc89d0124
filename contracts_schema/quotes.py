"""Quotes: what a request would do now."""

from __future__ import annotations

from typing import Literal

from contracts_schema.figures import Reckoned
from contracts_schema.outcomes import Finding
from contracts_schema.types import Day, Identifier, Instant
from contracts_schema.written import Written


class _Asked(Written):
    """Which request it answers; this comes first in what is written."""

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


class Quote(Reckoned, _Asked):
    """What a deposit, transfer or withdrawal of mode `quote` would have done at the close of `as_of_close`, the last
    closed day: its figures as a confirmation has them, or the `reasons` of a rejection. Nothing changed.

    It looks at the participant's books as they stand, whatever waits; the request itself, sent to be executed, trades
    at a later close and at other values. Not counted in the sequence; its id derives from the request's.
    """

    reasons: tuple[Finding, ...] = ()
    possible_from: Day | None = None
    rules: tuple[str, ...]
    notes: tuple[str, ...] = ()
