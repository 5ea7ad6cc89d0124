"""Outcomes: confirmations, rejections, notices, acknowledgements, completed closes and alarms.

An outcome explains itself: every amount with the units and index behind it, every rule by id, every
rejection with the numbers compared. Dollars are to the cent; signs are from the participant's side
(what is credited to a position is positive). `sequence` counts a participant's confirmations,
rejections and notices without gaps.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contracts_schema.alarms import AlarmCode
from contracts_schema.figures import Reckoned
from contracts_schema.reasons import Reason
from contracts_schema.statements import Statement
from contracts_schema.terms import AccountType
from contracts_schema.types import Day, Identifier, Instant
from contracts_schema.written import Written

OUTCOME_VERSION = 1


class Counted(Written):
    """What confirmations, rejections and notices have in common.

    `outcome_id` derives from contract, participant and sequence. `decided_at` is business time: the close
    that decided, or the receipt of what was decided at once.
    """

    version: Literal[1] = 1
    outcome_id: str
    contract_id: Identifier
    participant_id: Identifier
    sequence: int
    decided_at: Instant
    rules: tuple[str, ...]
    notes: tuple[str, ...] = ()


class _Confirmed(Counted):
    """What of a confirmation is no figure; it comes first in what is written."""

    kind: Literal[
        "deposit",
        "transfer",
        "withdrawal",
        "account_opened",
        "allocation_changed",
        "request_cancelled",
        "maturity_elected",
        "maturity_transfer",
        "maturity_payment",
        "reinvested",
        "rate_lock_granted",
        "reinvestment_elected",
        "experience_credited",
        "maintenance_fee",
        "service_cost_deducted",
        "installment_paid",
        "loan_balance_recorded",
        "loan_default",
        "income_elected",
        "income_payment",
        "account_closed",
        "account_reopened",
        "aml_hold_placed",
        "aml_hold_released",
    ]
    request_id: Identifier | None = None
    submitted_by: Identifier | None = None
    trade_date: Day


class Confirmation(Reckoned, _Confirmed):
    """What was done. It balances: `debits` = `credits` (GEN-7).

    Deposit: `received` = Σ legs + charges. Transfer: Σ taken + MVA = Σ bought + fee. Withdrawal: Σ taken +
    MVA + `guarantee` − charges = `payable` = `paid` + `withheld` + `in_installments` (WDL-14). The MVA is the aggregate
    where it is applied. `gross` is the value taken from positions, before the adjustment; `guarantee` what a death
    benefit adds to it (MVA-10); `applied` what buys an annuity, Σ taken + MVA − charges, of which income payments are
    made then (INC-3). What a maturity brings about (`maturity_transfer`, `maturity_payment`, `reinvested`), an
    `income_payment`, the fee of an anniversary (`maintenance_fee`) and an installment of a withdrawal
    (`installment_paid`) answer no request and name none.

    Of a withdrawal `in_installments` is what is not `paid` but owed, to be paid later and with interest; `payments`,
    where not all is paid on the trade date, says when what is (WDL-7, WDL-8).
    """


class Finding(Written):
    """One reason of a rejection: code, rules and their clauses, and the numbers that were compared."""

    code: Reason
    rules: tuple[str, ...]
    clause: str
    message: str
    field: str | None = None
    numbers: dict[str, str] = Field(default_factory=dict)
    possible_from: Day | None = None


class Rejection(Counted):
    """What was not done, and every reason found. Nothing moved.

    `trade_date` is absent where no trade date could be told. `possible_from` is the first day on which the
    request as made would succeed, where that can be known.
    """

    kind: Literal["rejection"] = "rejection"
    request_id: Identifier
    topic: str
    trade_date: Day | None = None
    reasons: tuple[Finding, ...]
    possible_from: Day | None = None


class Notice(Counted):
    """What the owner is to be told, unasked; without `account` it concerns all of them. An `annual_statement` says in
    `statement` what the participant holds (NTC-1).
    """

    kind: Literal[
        "matured_value_stays",
        "maturity_approaching",
        "rate_lock_ended",
        "held_by_aml_order",
        "deferred_payment_due",
        "annual_statement",
    ]
    date: Day
    account: AccountType | None = None
    details: dict[str, str]
    statement: Statement | None = None


class Acknowledgement(Written):
    """A request waits: it will be decided at the close of `trade_date` or of the next day that closes; one that an AML
    order holds, at the first close after its release (DEP-9).

    Not counted in the sequence; its id derives from the request's.
    """

    version: Literal[1] = 1
    outcome_id: str
    contract_id: Identifier
    participant_id: Identifier
    request_id: Identifier
    topic: str
    kind: Literal["acknowledgement"] = "acknowledgement"
    trade_date: Day
    waits_for: str
    acknowledged_at: Instant
    rules: tuple[str, ...]
    notes: tuple[str, ...] = ()


class DayCloseCompleted(Written):
    """Everything due by a closed day is settled in a partition; `settled` counts the participants."""

    version: Literal[1] = 1
    kind: Literal["day_close_completed"] = "day_close_completed"
    partition: int
    date: Day
    settled: int


class Alarm(Written):
    """Reference data refused, or something operations must look at; what was in force stays so (FIX-6).

    `topic` is what it is about, or where to publish what mends it; place and `refused` are those of the message that
    brought it about, where one did. What holds a close names the day, the item, the value and the numbers compared;
    a late close the day, and what is missing or held of the day that is next.
    """

    version: Literal[1] = 1
    kind: Literal["alarm"] = "alarm"
    code: AlarmCode
    rules: tuple[str, ...]
    message: str
    topic: str
    source_partition: int | None = None
    source_offset: int | None = None
    refused: str | None = None
    date: Day | None = None
    item: str | None = None
    value: str | None = None
    numbers: dict[str, str] | None = None
    missing: tuple[str, ...] | None = None
    held: tuple[str, ...] | None = None
