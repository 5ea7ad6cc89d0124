"""Settling: what a closed day brings a participant, oldest day first, in the order of MAT-6.

It runs in the background and before anything else of the participant is decided; it reads only what the
log held when the day closed, so that it does not matter when it runs.
"""

from __future__ import annotations

from datetime import date, datetime

from contracts_schema.entries import RequestEntry
from contracts_schema.requests import AnyRequest
from contracts_schema.values import Value, changed
from services.domain.anniversaries import fees_taken
from services.domain.deferred_payments import deferred_paid
from services.domain.dispatch import is_election, verdict
from services.domain.due import due_date
from services.domain.emitting import Asked
from services.domain.income_payments import paid_out
from services.domain.installments import installments_paid
from services.domain.market import Market
from services.domain.maturing import disposed_of, matured
from services.domain.noticing import told
from services.domain.numbers import exact
from services.domain.rate_lock_election import ended
from services.domain.reading import ReadOf, read_waiting
from services.domain.state import Participant, Waiting
from services.domain.statements import stated, statement_due
from services.domain.steps import Moment, Step, concluded


@exact
def settle_all(
    market: Market, participant: Participant, read_of: ReadOf = read_waiting, through: date = date.max
) -> Step:
    """Settle every closed day, up to a day, on which something of the participant is due."""
    step = Step(participant)
    while (day := _next_close(market, step.participant)) is not None and day <= through:
        step = step.then(_settle_day(market, step.participant, day, read_of))
        step = changed(step, settled=(*step.settled, day), as_of=day)
    return step


def _next_close(market: Market, participant: Participant) -> date | None:
    """The first closed day at which something is due by the books, or the annual notice by the contract."""
    due = due_date(participant)
    days = (None if due is None else market.first_closed_from(due), statement_due(market, participant))
    return min(filter(None, days), default=None)


def _settle_day(market: Market, participant: Participant, day: date, read_of: ReadOf) -> Step:
    """One closed day: anniversary fees and installments, maturities, elections for them and what becomes of them, then
    the other requests in the order received, then income payments, then notices, the annual one last (MAT-6).
    """
    moment = Moment(day, datetime.fromisoformat(market.days[day].closed_at))
    requests = _due(participant, day, read_of)
    waiting = tuple(waiting for waiting in participant.waiting if waiting.trade_date > day)
    step = fees_taken(market, changed(participant, waiting=waiting), moment)
    step = step.then(installments_paid(step.participant, moment))
    books, stay = matured(market, step.participant, day)
    step = step.then(Step(books))
    for request in requests:
        if is_election(request.content):
            step = step.then(_decided(market, step.participant, request, moment))
    disposed, stay_too = disposed_of(market, step.participant, moment)
    step = step.then(disposed)
    for request in requests:
        if not is_election(request.content):
            step = step.then(_decided(market, step.participant, request, moment))
    step = step.then(paid_out(market, step.participant, moment))
    step = step.then(told(market, step.participant, stay | stay_too, moment))
    step = step.then(deferred_paid(step.participant, moment))
    step = step.then(ended(step.participant, moment))
    return step.then(stated(market, step.participant, moment))


class _Request(Value, frozen=True):
    """A request that waited for a close, read."""

    waited: Waiting
    entry: RequestEntry
    content: AnyRequest


def _due(participant: Participant, day: date, read_of: ReadOf) -> list[_Request]:
    """The requests that a close decides, in the order received."""
    due = [waiting for waiting in participant.waiting if waiting.trade_date <= day]
    ordered = sorted(due, key=lambda waiting: (waiting.received, waiting.request_id))
    return [_Request(waiting, *read_of(waiting.entry)) for waiting in ordered]


def _decided(market: Market, participant: Participant, request: _Request, moment: Moment) -> Step:
    assert moment.trade_date is not None, "a closed day is a trade date"
    found = verdict(market, participant, request.content, moment.trade_date, request.waited.day)
    return concluded(participant, Asked(request.entry, request.waited.request_id), found, moment)
