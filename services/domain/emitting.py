"""From verdict to record: numbering, ids, headers and bytes of what is written."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from contracts_schema.entries import RequestEntry
from contracts_schema.headers import cloud_event
from contracts_schema.outcomes import Acknowledgement, Confirmation, Counted, Notice, Rejection
from contracts_schema.statements import Statement
from contracts_schema.terms import AccountType
from contracts_schema.values import Value, changed
from services.domain.state import Answer, Emission, Participant
from services.domain.verdicts import Done, Refused, cited


class Asked(Value, frozen=True):
    """A request as its outcome refers to it: its log entry, its id and its participant's key."""

    entry: RequestEntry
    request_id: str

    @property
    def key(self) -> str:
        """The participant's key."""
        return f"{self.entry.request['contract_id']}|{self.entry.request['participant_id']}"


def confirmation(asked: Asked, done: Done, trade_date: date, decided_at: datetime) -> tuple[Participant, Emission]:
    """The confirmation of what was done, numbered; and the participant, one number on."""
    numbered = _numbered(done.participant)
    message = Confirmation(
        **_counted(numbered, done.rules, asked.entry.notes),
        decided_at=decided_at,
        kind=done.kind,
        request_id=asked.request_id,
        submitted_by=asked.entry.request["submitted_by"],
        trade_date=trade_date,
        **done.body,
    )
    return numbered, _emission("confirmations", numbered, message, asked.entry.traceparent)


def rejection(
    participant: Participant, asked: Asked, refused: Refused, trade_date: date | None, decided_at: datetime
) -> tuple[Participant, Emission]:
    """The rejection with every reason found, numbered; and the participant, one number on, otherwise as before."""
    numbered = _numbered(participant)
    message = Rejection(
        **_counted(numbered, cited(*(rule for found in refused for rule in found.rules)), asked.entry.notes),
        decided_at=decided_at,
        request_id=asked.request_id,
        topic=asked.entry.topic,
        trade_date=trade_date,
        reasons=refused,
        possible_from=possible_from(refused),
    )
    return numbered, _emission("rejections", numbered, message, asked.entry.traceparent)


def possible_from(refused: Refused) -> date | None:
    """The day from which no reason against a request holds any more, where each says one."""
    dates = [found.possible_from for found in refused]
    return None if None in dates else max((day for day in dates if day is not None), default=None)


class Told(Value, frozen=True):
    """A notice to be: what it is about, the rules behind it, the day it is of, and what it says."""

    kind: Literal[
        "matured_value_stays",
        "maturity_approaching",
        "rate_lock_ended",
        "held_by_aml_order",
        "deferred_payment_due",
        "annual_statement",
    ]
    rules: tuple[str, ...]
    day: date
    account: AccountType | None
    details: dict[str, str]
    statement: Statement | None = None


def notice(participant: Participant, told: Told, decided_at: datetime) -> tuple[Participant, Emission]:
    """A notice, numbered; and the participant, one number on."""
    numbered = _numbered(participant)
    message = Notice(
        **_counted(numbered, told.rules, ()),
        decided_at=decided_at,
        kind=told.kind,
        date=told.day,
        account=told.account,
        details=told.details,
        statement=told.statement,
    )
    return numbered, _emission("notices", numbered, message, None)


def unasked(done: Done, trade_date: date, decided_at: datetime) -> tuple[Participant, Emission]:
    """The confirmation of what happened without a request, numbered; and the participant, one number on."""
    numbered = _numbered(done.participant)
    message = Confirmation(
        **_counted(numbered, done.rules, ()),
        decided_at=decided_at,
        kind=done.kind,
        trade_date=trade_date,
        **done.body,
    )
    return numbered, _emission("confirmations", numbered, message, None)


def acknowledgement(
    asked: Asked, trade_date: date, received: datetime, notes: tuple[str, ...], blocked_by: str | None
) -> Emission:
    """That a request waits for the close of its trade date, or for the release of the orders it is `blocked_by`
    (DEP-9); not numbered, its id follows from the request's.
    """
    entry, event_id = asked.entry, f"{asked.key}|{asked.request_id}|acknowledgement"
    message = Acknowledgement(
        outcome_id=event_id,
        contract_id=entry.request["contract_id"],
        participant_id=entry.request["participant_id"],
        request_id=asked.request_id,
        topic=entry.topic,
        trade_date=trade_date,
        waits_for=f"the close of {trade_date}" if blocked_by is None else f"the release of AML order {blocked_by}",
        acknowledged_at=received,
        rules=("GEN-2",) if blocked_by is None else ("GEN-2", "DEP-9"),
        notes=(*entry.notes, *notes),
    )
    headers = cloud_event("acknowledgement", event_id, asked.key, received.isoformat(), entry.traceparent)
    return Emission("acknowledgements", asked.key, message.written(), headers)


def answer(asked: Asked, on: date, emission: Emission) -> Answer:
    """What is kept of an emission so that a repeat of the request gets it again."""
    return Answer(asked.entry.fingerprint, on, emission.topic, emission.value, emission.headers)


def _numbered(participant: Participant) -> Participant:
    return changed(participant, sequence=participant.sequence + 1)


def _counted(numbered: Participant, rules: tuple[str, ...], notes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "outcome_id": f"{numbered.key}|{numbered.sequence}",
        "contract_id": numbered.contract_id,
        "participant_id": numbered.participant_id,
        "sequence": numbered.sequence,
        "rules": rules,
        "notes": notes,
    }


def _emission(topic: str, participant: Participant, message: Counted, traceparent: str | None) -> Emission:
    kind = message.kind  # type: ignore[attr-defined]  # every counted message has one
    time = message.decided_at.isoformat()
    headers = cloud_event(kind, message.outcome_id, participant.key, time, traceparent)
    return Emission(topic, participant.key, message.written(), headers)
