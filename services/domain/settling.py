"""Settling: what a closed day brings a participant, oldest day first, in the order of MAT-6.

It runs in the background and before anything else of the participant is decided; it reads only what the
log held when the day closed, so that it does not matter when it runs.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from contracts_schema.entries import RequestEntry
from contracts_schema.requests import AnyRequest
from contracts_schema.values import Value, changed
from services.domain.anniversaries import fees_taken
from services.domain.dispatch import is_election, verdict
from services.domain.emitting import Asked
from services.domain.income_payments import paid_out, payment_due
from services.domain.installments import installment_due, installments_paid
from services.domain.market import Market
from services.domain.maturing import disposed_of, matured
from services.domain.noticing import told
from services.domain.numbers import exact
from services.domain.rate_lock_election import ended
from services.domain.reading import ReadOf, read_waiting
from services.domain.state import Participant, Waiting
from services.domain.steps import Moment, Step, concluded


def due_date(participant: Participant) -> date | None:
    """The earliest day by whose close something is due, None if nothing: a waiting request, a lot that matures or of
    which it is undecided what becomes, a notice, a maintenance fee, an installment, an income payment, the end of a
    rate lock.
    """
    days = [request.trade_date for request in participant.waiting]
    for account in participant.accounts:
        if account.fee is not None and account.fee.due is not None:
            days.append(account.fee.due)
        if account.payable is not None:
            days += filter(None, [installment_due(participant, account)])
        for lot in account.lots:
            if not lot.matured:
                days.append(lot.maturity)
            elif lot.undecided:
                days.append(lot.maturity + timedelta(days=1))
            if lot.notice_from is not None:
                days.append(lot.notice_from)
        if account.incomes:
            days += filter(None, [payment_due(participant)])
    if participant.rate_lock is not None and participant.rate_lock.unused:
        days.append(participant.rate_lock.through + timedelta(days=1))
    return min(days, default=None)


@exact
def settle_all(
    market: Market, participant: Participant, read_of: ReadOf = read_waiting, through: date = date.max
) -> Step:
    """Settle every closed day, up to a day, on which something of the participant is due."""
    step = Step(participant)
    while (due := due_date(step.participant)) is not None:
        day = market.first_closed_from(due)
        if day is None or day > through:
            break
        step = step.then(_settle_day(market, step.participant, day, read_of))
        step = changed(step, settled=(*step.settled, day), as_of=day)
    return step


def _settle_day(market: Market, participant: Participant, day: date, read_of: ReadOf) -> Step:
    """One closed day: anniversary fees and installments, maturities, elections for them and what becomes of them, then
    the other requests in the order received, then income payments, then notices (MAT-6).
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
    return step.then(ended(step.participant, moment))


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
