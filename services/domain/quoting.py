"""Quotes: what a request would do now, told at once and in log order; nothing changes and nothing waits (GEN-2).

Now is the last close: its values, its yields, the terms in force on it, and the participant's books after everything
that it brought is settled. What waits is not reckoned with, because it trades at a later close, as the request itself
would. A date of the request that lies after that close lies in the future.
"""

from __future__ import annotations

from datetime import date, datetime

from contracts_schema.entries import RequestEntry
from contracts_schema.headers import cloud_event
from contracts_schema.outcomes import Finding
from contracts_schema.quotes import Quote
from contracts_schema.reasons import Reason
from contracts_schema.requests import AnyRequest
from services.domain.aml import blocked_by
from services.domain.dispatch import verdict
from services.domain.emitting import Asked, answer, possible_from
from services.domain.market import Market
from services.domain.state import Emission, Participant
from services.domain.steps import Step, answer_key
from services.domain.verdicts import Done, Verdict, cited, finding

QUOTED = {"deposit-requests", "transfer-requests", "withdrawal-requests"}


def is_quote(entry: RequestEntry) -> bool:
    """Whether an entry asks for a quote. Where that was not to be had it is a defect of the request, as it is of the
    entries of release 0.1, which have no `day_recorded`.
    """
    return entry.request.get("mode") == "quote" and entry.topic in QUOTED and entry.day_recorded is not None


def quoted(
    market: Market, books: Participant, asked: Asked, request: AnyRequest, received: tuple[datetime, date | None]
) -> Step:
    """The quote for a request in good order, by the instant of its receipt and that one's day in New York."""
    last, (at, received_on) = market.head.last_closed, received
    if last is None:
        return told(books, asked, (finding(Reason.NOTHING_CLOSED),), (last, at))
    return told(books, asked, verdict(market, books, request, last, received_on), (last, at))


def told(
    books: Participant, asked: Asked, found: Verdict, when: tuple[date | None, datetime], key: str | None = None
) -> Step:
    """A verdict as of a close made a quote: answered and written, the books as they were."""
    as_of_close, quoted_at = when
    emission = _emission(books, asked, found, as_of_close, quoted_at)
    kept = answer(asked, as_of_close or quoted_at.date(), emission)
    return Step(books, ((key or answer_key(asked.key, asked.request_id), kept),), (emission,))


def _emission(
    books: Participant, asked: Asked, found: Verdict, as_of_close: date | None, quoted_at: datetime
) -> Emission:
    entry, event_id = asked.entry, f"{asked.key}|{asked.request_id}|quote"
    done = found if isinstance(found, Done) else None
    refused: tuple[Finding, ...] = () if isinstance(found, Done) else found
    waiting = len(books.waiting) + len(books.held)
    waits = (f"not reckoned with: {waiting} of the participant's requests that wait",)
    held = (f"requests are held by AML order {blocked_by(books)}",)
    message = Quote(
        outcome_id=event_id,
        contract_id=entry.request["contract_id"],
        participant_id=entry.request["participant_id"],
        request_id=asked.request_id,
        topic=entry.topic,
        of=None if done is None else done.kind,
        submitted_by=None if done is None else entry.request["submitted_by"],
        as_of_close=as_of_close,
        quoted_at=quoted_at,
        reasons=refused,
        possible_from=possible_from(refused),
        rules=cited(*(rule for each in refused for rule in each.rules)) if done is None else done.rules,
        notes=(*entry.notes, *(waits if waiting else ()), *(held if books.aml_orders else ())),
        **({} if done is None else done.body),
    )
    headers = cloud_event("quote", event_id, asked.key, quoted_at.isoformat(), entry.traceparent)
    return Emission("quotes", asked.key, message.written(), headers)
