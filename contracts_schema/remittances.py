"""Remittances: the lines that intake copies for their control totals, and what their submitters are told.

A remittance is a submitter's: the same id from another submitter of the contract is another remittance. Each line is
decided on its own by the ledger; here it is only counted as received.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, RootModel

from contracts_schema.types import Day, Identifier, Instant, Message, Money, PositiveMoney, Quantity
from contracts_schema.written import Written

Count = Annotated[int, Field(ge=1, strict=True)]
"""How many lines a remittance has."""


class RemittanceLine(Message):
    """A deposit of a remittance as intake received it, whatever the ledger decides about it.

    `fingerprint` is the request's. What could not be read is absent: the amount of a line that is not in good order,
    a control count or total. `day` is the trade date of `received_at`, or where that says nothing of the record's
    timestamp; nothing is priced by it, so that the submitter's word is enough.
    """

    version: Literal[1] = 1
    type: Literal["line"] = "line"
    contract_id: Identifier
    submitted_by: Identifier
    remittance_id: Identifier
    participant_id: Identifier
    request_id: Identifier
    fingerprint: str
    amount: PositiveMoney | None = None
    count: Count | None = None
    total: Money | None = None
    day: Day
    received_at: Instant

    @property
    def key(self) -> str:
        """The remittance's key; ids have no `|` in them."""
        return f"{self.contract_id}|{self.submitted_by}|{self.remittance_id}"


class RemittanceDay(Message):
    """A business day is closed: by then every line that had arrived before its close has been copied."""

    version: Literal[1] = 1
    type: Literal["day_closed"] = "day_closed"
    date: Day
    closed_at: Instant
    next_business_day: Day


AnyRemittanceEntry = RemittanceLine | RemittanceDay


class RemittanceEntry(RootModel[Annotated[AnyRemittanceEntry, Field(discriminator="type")]]):
    """One record of `remittance-lines`."""


def read_remittance_entry(value: bytes) -> AnyRemittanceEntry:
    """Decode a record of `remittance-lines`; ValueError for anything else, which is fatal to the reader."""
    return RemittanceEntry.model_validate_json(value).root


class Imbalance(StrEnum):
    """Why a remittance does not add up. A code never changes its meaning."""

    LINES_MISSING = "LINES_MISSING"
    """Fewer lines were received than the control count says."""
    TOO_MANY_LINES = "TOO_MANY_LINES"
    """More lines were received than the control count says."""
    TOTAL_DIFFERS = "TOTAL_DIFFERS"
    """The amounts received do not add up to the control total."""
    COUNTS_CONFLICT = "COUNTS_CONFLICT"
    """Lines state different control counts."""
    TOTALS_CONFLICT = "TOTALS_CONFLICT"
    """Lines state different control totals."""


class RemittanceNotice(Written):
    """What the submitter of a remittance is told: that it is complete, or that it does not add up by a day's close.

    `notice_id` derives from the remittance and the number of its notices. `decided_at` is when the line was received
    that made it complete, or the close. `counts` and `totals` are what lines state: one each unless they conflict,
    none where no line states any. `lines_unreadable` of the lines received have an amount that could not be read and
    is not in the total; `lines_conflicting` more had the request id of another line with other content, and were not
    counted.
    """

    version: Literal[1] = 1
    kind: Literal["remittance_complete", "remittance_out_of_balance"]
    notice_id: str
    contract_id: Identifier
    submitted_by: Identifier
    remittance_id: Identifier
    date: Day
    decided_at: Instant
    rules: tuple[str, ...]
    reasons: tuple[Imbalance, ...] = ()
    lines_received: int
    total_received: Quantity
    counts: tuple[int, ...] = ()
    totals: tuple[Money, ...] = ()
    lines_unreadable: int = 0
    lines_conflicting: int = 0
