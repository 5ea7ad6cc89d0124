"""The ledger's decision on one request of the log: settle what is due, then answer, wait, decide or reject.

`decide` is the only way a request changes a participant's books. Requests of a participant are decided
in one order: what is due is settled first, and what waits is never overtaken (GEN-2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from contracts_schema.entries import RequestEntry, request_of
from contracts_schema.instructions import CancelRequest
from contracts_schema.orders import AmlHold, AmlRelease
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction, AnyRequest
from contracts_schema.values import Value, changed
from services.domain.aml import Given, answer_of_held, blocked_by, held_notice, not_cancellable, ordered
from services.domain.cases import not_authorised
from services.domain.dispatch import at_once, form_defects, never_queues, verdict
from services.domain.emitting import Asked, acknowledgement, answer
from services.domain.forgetting import recent
from services.domain.market import Market
from services.domain.numbers import exact
from services.domain.quoting import is_quote, quoted, told
from services.domain.reading import ReadOf, read_waiting
from services.domain.settling import settle_all
from services.domain.state import Answer, Participant, Waiting
from services.domain.steps import Moment, Step, answer_key, concluded
from services.domain.verdicts import Done, Refused, finding

DAYS_KEPT = 400
"""How long a request counts as new, in days of business time; older requests are stale."""

DAYS_ANSWERED = DAYS_KEPT + 7
"""How long answers are kept: a little longer, for the answer to a request whose sender's clock ran ahead may bear
the day before the one that it would be stale by.
"""
BYTES_WAITING = 512 * 1024
"""How much of a participant's requests may wait at a time: some hundred of the usual size."""

AnswerOf = Callable[[str], Answer | None]
"""Looks up the answer kept under a key, None where there is none."""


@exact
def decide(
    market: Market,
    participant: Participant | None,
    answer_of: AnswerOf,
    entry: RequestEntry,
    read_of: ReadOf = read_waiting,
) -> Step:
    """Fold one request into its participant's books.

    Deterministic: the same market, books and entry give the same bytes. Never raises for anything a sender
    can write; an exception is a bug.
    """
    asked = Asked(entry, entry.request["request_id"])
    books = participant or Participant(entry.request["contract_id"], entry.request["participant_id"])
    settled = settle_all(market, books, read_of)
    fresh = dict(settled.answers)

    def known(key: str) -> Answer | None:
        return fresh.get(key) or answer_of(key)

    books = settled.participant
    step = _answered(market, books, known, asked) or _new(market, books, asked, known)
    if step.participant is not books:
        step = changed(step, as_of=market.head.last_closed)
    return settled.then(step)


def _answered(market: Market, books: Participant, known: AnswerOf, asked: Asked) -> Step | None:
    """A repeat gets the first answer again; the id of another request is a rejection; None for a new request."""
    first = _kept(market, known(answer_key(asked.key, asked.request_id))) or answer_of_held(books, asked.request_id)
    if first is None:
        return None
    if first.fingerprint == asked.entry.fingerprint:
        return Step(books, emissions=(first.again(asked.key),))
    key = answer_key(asked.key, asked.request_id, asked.entry.fingerprint)
    again = _kept(market, known(key))
    if again is not None:
        return Step(books, emissions=(again.again(asked.key),))
    return _refused(books, asked, (finding(Reason.DUPLICATE_REQUEST_ID, where="request_id"),), key)


def _kept(market: Market, found: Answer | None) -> Answer | None:
    """The answer, unless it is older than ids are kept: then it counts as gone, dropped already or not."""
    last = market.head.last_closed
    return None if found is None or (last is not None and found.on < last - timedelta(days=DAYS_ANSWERED)) else found


def _new(market: Market, books: Participant, asked: Asked, known: AnswerOf) -> Step:
    refused = (*_stale(market, asked), *form_defects(market, books, asked.entry))
    if refused:
        return _refused(books, asked, refused)
    request = request_of(asked.entry)
    receipt = received(market, request, asked.entry)
    moment = Moment(receipt.trade_date, receipt.at)
    if request.mode == "quote":
        return quoted(market, books, asked, request, (receipt.at, receipt.day))
    order = request.instruction if isinstance(request, AccountInstruction) else None
    if isinstance(order, CancelRequest):
        return _cancelled(market, books, asked, order, receipt)
    if isinstance(order, AmlHold | AmlRelease):
        terms = market.terms_on(request.contract_id, receipt.trade_date)
        return ordered(terms, books, Given(asked, order, moment), lambda key: _kept(market, known(key)))
    if not books.aml_orders and _now(market, books, request, receipt.trade_date):
        return concluded(books, asked, verdict(market, books, request, receipt.trade_date, receipt.day), moment)
    return _waits(books, asked, (request, receipt), tuple(_not_known_yet(market, books, request, receipt.trade_date)))


def _now(market: Market, books: Participant, request: AnyRequest, day: date) -> bool:
    """Whether a request is decided as it comes: nothing of the participant waits before it, and nothing that may still
    arrive could change the decision; or it never queues.
    """
    return (not books.waiting and at_once(market, books, request, day)) or never_queues(market, request, day)


def _refused(books: Participant, asked: Asked, refused: Refused, key: str | None = None) -> Step:
    """What is not in good order, told at once: as a rejection, or to whom asked for a quote as one."""
    if is_quote(asked.entry):
        return told(books, asked, refused, (None, asked.entry.recorded_at), key)
    return concluded(books, asked, refused, Moment(None, asked.entry.recorded_at), key)


def _stale(market: Market, asked: Asked) -> Refused:
    """Older than ids are kept, a repeat could not be told from a new request."""
    day, last = asked.entry.trade_date_received, market.head.last_closed
    if day is None or last is None or day >= last - timedelta(days=DAYS_KEPT):
        return ()
    return (finding(Reason.STALE, where="received_at", received_on=day, kept_from=last - timedelta(days=DAYS_KEPT)),)


class Receipt(Value, frozen=True):
    """When a request counts as received (GEN-2): its trade date, the instant that orders it, and the calendar day in
    New York, where its entry says.
    """

    trade_date: date
    at: datetime
    day: date | None = None


def received(market: Market, request: AnyRequest, entry: RequestEntry) -> Receipt:
    """By `received_at` where the submitter is authorised for that, else by the record's timestamp (GEN-2).

    A day that is closed already trades at the next close.
    """
    day, at, local = entry.trade_date_recorded, entry.recorded_at, entry.day_recorded
    if entry.trade_date_received is not None and _trusted(market, request, entry):
        day, at, local = entry.trade_date_received, request.received_at, entry.day_received
    head = market.head
    if head.last_closed is not None and head.frozen is not None and day <= head.last_closed:
        day = head.frozen
    return Receipt(day, at.astimezone(UTC), None if local is None else recent(market, local))


def _trusted(market: Market, request: AnyRequest, entry: RequestEntry) -> bool:
    if entry.received_at_trusted:
        return True
    terms = market.terms_on(request.contract_id, entry.trade_date_received or entry.trade_date_recorded)
    submitter = terms.submitter_named(request.submitted_by) if terms is not None else None
    return submitter is not None and submitter.received_at_trusted


def _not_known_yet(market: Market, books: Participant, request: AnyRequest, day: date) -> Iterator[str]:
    """What a sender should hear before the close: a name that is wrong would only be rejected then."""
    if market.terms_on(request.contract_id, day) is None:
        yield f"contract {request.contract_id} is not known yet; unknown at the close, the request is rejected"
    elif not books.accounts and not isinstance(request, AccountInstruction):
        yield f"participant {request.participant_id} has no account yet"


def _waits(books: Participant, asked: Asked, of: tuple[AnyRequest, Receipt], notes: tuple[str, ...]) -> Step:
    """Queue a request for its trade date's close, or hold it while an order blocks the participant (DEP-9); say so."""
    request, receipt = of
    entry = asked.entry.written()
    crowded = _crowded(books, entry)
    if crowded:
        return concluded(books, asked, crowded, Moment(receipt.trade_date, receipt.at))
    waiting = Waiting(receipt.trade_date, receipt.at, asked.request_id, entry, receipt.day)
    emission = acknowledgement(asked, receipt.trade_date, receipt.at, notes, blocked_by(books))
    answers = ((answer_key(asked.key, asked.request_id), answer(asked, receipt.trade_date, emission)),)
    if books.aml_orders:
        held = changed(books, held=(*books.held, waiting))
        moment = Moment(receipt.trade_date, receipt.at)
        return Step(held, answers, (emission,)).then(held_notice(held, (waiting,), moment))
    queued = changed(books, waiting=(*books.waiting, waiting))
    return Step(queued, answers, (emission,), read=((entry, (asked.entry, request)),))


def _crowded(books: Participant, entry: bytes) -> Refused:
    """A participant's books are one record: what waits in them must not outgrow what the broker takes."""
    queued = books.waiting + books.held
    size = sum(len(waiting.entry) for waiting in queued) + len(entry)
    if size <= BYTES_WAITING:
        return ()
    return (finding(Reason.TOO_MANY_WAITING, waiting=len(queued), bytes=size, bytes_at_most=BYTES_WAITING),)


def _cancelled(market: Market, books: Participant, asked: Asked, order: CancelRequest, receipt: Receipt) -> Step:
    """Take a waiting request out of the queue; not after the cutoff of the close it waits for.

    A cancellation with a later trade date than the request's could know that day's prices (GEN-2).
    """
    moment, wanted = Moment(receipt.trade_date, receipt.at), order.cancels
    target = next((waiting for waiting in books.waiting if waiting.request_id == wanted), None)
    terms, submitter = market.terms_on(books.contract_id, receipt.trade_date), asked.entry.request["submitted_by"]
    not_now = not_cancellable(books, wanted) or _not_cancellable(target, wanted, receipt)
    refused = (*not_authorised(terms, submitter), *not_now)
    if refused or target is None:
        return concluded(books, asked, refused, moment)
    books = changed(books, waiting=tuple(waiting for waiting in books.waiting if waiting is not target))
    entry = RequestEntry.model_validate_json(target.entry)
    cancelled = (finding(Reason.CANCELLED, cancelled_by=asked.request_id),)
    step = concluded(books, Asked(entry, target.request_id), cancelled, Moment(target.trade_date, receipt.at))
    done = Done(step.participant, "request_cancelled", ("GEN-2",), {"details": {"cancelled": wanted}})
    return step.then(concluded(step.participant, asked, done, moment))


def _not_cancellable(target: Waiting | None, wanted: str, receipt: Receipt) -> Refused:
    if target is None:
        return (finding(Reason.NOTHING_TO_CANCEL, where="instruction.cancels", cancels=wanted),)
    if receipt.trade_date > target.trade_date:
        return (
            finding(
                Reason.TOO_LATE_TO_CANCEL,
                where="instruction.cancels",
                trades_on=target.trade_date,
                cancellation_trades_on=receipt.trade_date,
            ),
        )
    return ()
