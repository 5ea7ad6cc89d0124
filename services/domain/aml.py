"""Orders that block a participant: every request is held until the last of them is lifted (DEP-9, NTC-7).

An order, and its lifting, is decided at once, in log order. House decisions beside the rule's words:
- What waits for a close when an order comes is held with it; whatever is received later is acknowledged as held. What
  is not in good order is rejected as ever, and quotes are given, for they move nothing.
- A held request cannot be cancelled: what is blocked is given back by nobody before it is released. After that it can,
  until the close at which it trades.
- Released requests trade at the close of the trade date of the release, or of their own where that is later, in their
  order among all others. What depends on the day of receipt (an election, a rate lock, a reinvestment) still does.
- Maturities run, but a matured value that was to be paid out is not, while an order is in force; nor are payments of
  an annuity and installments of a withdrawal, which are made at the close of the trade date of the release.
  A maintenance fee, which is paid to nobody who is blocked, is taken all the same.
- A participant may be blocked before any account is open, and by several orders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from contracts_schema.entries import RequestEntry
from contracts_schema.orders import AmlHold, AmlRelease
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.terms import ContractTerms
from contracts_schema.values import Value, changed
from services.domain.cases import not_authorised
from services.domain.emitting import Asked, Told, acknowledgement, answer, notice
from services.domain.income_payments import due_from
from services.domain.installments import resumed
from services.domain.particulars import AmlOrder
from services.domain.state import Answer, Participant, Waiting
from services.domain.steps import Moment, Step, answer_key, concluded
from services.domain.verdicts import Done, Refused, finding

AnswerOf = Callable[[str], Answer | None]
"""Looks up the answer kept under a key, None where there is none or ids are no longer kept."""


def blocked_by(participant: Participant) -> str | None:
    """The orders in force, by name; None where there is none."""
    return ", ".join(each.order for each in participant.aml_orders) if participant.aml_orders else None


class Given(Value, frozen=True):
    """An order that is given or lifted: the request behind it, and when it was received."""

    asked: Asked
    order: AmlHold | AmlRelease
    moment: Moment

    @property
    def day(self) -> date:
        """Its trade date."""
        assert self.moment.trade_date is not None, "what is received has a trade date"
        return self.moment.trade_date


def ordered(terms: ContractTerms | None, books: Participant, given: Given, kept: AnswerOf) -> Step:
    """Give or lift an order, by the terms of its trade date; `kept` tells the answer that a request has."""
    refused = (*_may_not(terms, given), *_no_change(books, given.order))
    if refused:
        return concluded(books, given.asked, refused, given.moment)
    return _held(books, given) if isinstance(given.order, AmlHold) else _lifted(books, given, kept)


def _may_not(terms: ContractTerms | None, given: Given) -> Iterator[Finding]:
    """GEN-3: of a contract that is known, and by whom its terms let give orders."""
    request = given.asked.entry.request
    contract_id, submitter = request["contract_id"], request["submitted_by"]
    if terms is None:
        yield finding(Reason.UNKNOWN_CONTRACT, where="contract_id", contract_id=contract_id, trade_date=given.day)
    elif not terms.aml.submitters:
        yield from not_authorised(terms, submitter)
    elif submitter not in terms.aml.submitters:
        rules = ("GEN-3", "DEP-9")
        yield finding(Reason.SUBMITTER_NOT_AUTHORISED, rules=rules, where="submitted_by", submitted_by=submitter)


def _no_change(books: Participant, order: AmlHold | AmlRelease) -> Iterator[Finding]:
    known = next((each for each in books.aml_orders if each.order == order.order), None)
    if isinstance(order, AmlHold) and known is not None:
        yield finding(Reason.AML_ORDER_IN_FORCE, where="instruction.order", order=order.order, since=known.since)
    if isinstance(order, AmlRelease) and known is None:
        yield finding(Reason.NO_SUCH_AML_ORDER, where="instruction.order", order=order.order)


def _held(books: Participant, given: Given) -> Step:
    """Blocked from now on; what waits is held, and the owner told."""
    orders = (*books.aml_orders, AmlOrder(given.order.order, given.day))
    blocked = changed(books, aml_orders=orders, held=(*books.held, *books.waiting), waiting=())
    step = _concluded(blocked, given, "aml_hold_placed", {"requests": _names(blocked.held)})
    return step.then(held_notice(step.participant, blocked.held, given.moment))


def held_notice(books: Participant, requests: tuple[Waiting, ...], moment: Moment) -> Step:
    """The notice that requests are held, by which orders and since when (NTC-7)."""
    assert moment.trade_date is not None, "what is received has a trade date"
    since = min(each.since for each in books.aml_orders)
    details = {"order": blocked_by(books) or "", "held_since": since.isoformat(), "requests": _names(requests)}
    content = Told("held_by_aml_order", ("DEP-9", "NTC-7"), moment.trade_date, None, details)
    numbered, emission = notice(books, content, moment.decided_at)
    return Step(numbered, emissions=(emission,))


def _lifted(books: Participant, given: Given, kept: AnswerOf) -> Step:
    """An order less; with the last one what is held waits for the next close."""
    left = tuple(each for each in books.aml_orders if each.order != given.order.order)
    freed = changed(books, aml_orders=left)
    if left:
        return _concluded(freed, given, "aml_hold_released", {"still_held_by": blocked_by(freed) or ""})
    released = tuple(changed(each, trade_date=max(each.trade_date, given.day)) for each in books.held)
    freed = due_from(changed(freed, held=(), waiting=(*books.waiting, *released)), given.day)
    freed = resumed(freed, given.day)
    details = {"requests": _names(released), "trade_from": given.day.isoformat()}
    step = _concluded(freed, given, "aml_hold_released", details)
    return step.then(Step(step.participant, tuple(_answers(books, released, kept))))


def _concluded(books: Participant, given: Given, kind: str, details: dict[str, str]) -> Step:
    body = {"details": {"order": given.order.order, **details}}
    return concluded(books, given.asked, Done(books, kind, ("DEP-9",), body), given.moment)


def _answers(books: Participant, released: tuple[Waiting, ...], kept: AnswerOf) -> Iterator[tuple[str, Answer]]:
    """The answers of released requests, kept from their new trade date on: a long hold must not make a repeat of one
    look new.
    """
    for each in released:
        key = answer_key(books.key, each.request_id)
        yield key, changed(kept(key) or _again(books, each), on=each.trade_date)


def answer_of_held(books: Participant, request_id: str) -> Answer | None:
    """The answer of a request that is held, though ids are no longer kept since it came; None where none is."""
    if not books.held:
        return None
    found = next((each for each in books.held if each.request_id == request_id), None)
    return None if found is None else _again(books, found)


def _again(books: Participant, waiting: Waiting) -> Answer:
    asked = Asked(RequestEntry.model_validate_json(waiting.entry), waiting.request_id)
    emission = acknowledgement(asked, waiting.trade_date, waiting.received, (), blocked_by(books))
    return answer(asked, waiting.trade_date, emission)


def not_cancellable(books: Participant, request_id: str) -> Refused:
    """That a request cannot be cancelled, because it is held."""
    if not any(each.request_id == request_id for each in books.held):
        return ()
    return (finding(Reason.HELD_BY_AML_ORDER, where="instruction.cancels", order=blocked_by(books) or ""),)


def _names(requests: tuple[Waiting, ...]) -> str:
    return ", ".join(each.request_id for each in requests) or "none"
