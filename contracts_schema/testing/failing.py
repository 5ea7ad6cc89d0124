"""What a test is told when something did not happen as it expects: what did happen, with codes and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from contracts_schema.outcomes import Acknowledgement, Confirmation, Rejection
from contracts_schema.quotes import Quote
from contracts_schema.testing.dead_letters import DeadLetter
from services.runtime.cli.explaining import text

FORM = "GEN-3"
"""The rule that a request is in good order; a rejection by it alone is NIGO."""

Final = Confirmation | Rejection | Quote
Answer = Final | Acknowledgement


class ExpectationFailedError(AssertionError):
    """What a test waited for, or took for granted, is not so; the message says what is."""


def said(answer: Answer) -> str:
    """An answer in one line: what it is, and of a rejection every code with its field."""
    if isinstance(answer, Acknowledgement):
        return f"acknowledged: it waits for {answer.waits_for}, trade date {answer.trade_date}"
    if isinstance(answer, Confirmation):
        return f"confirmed: {answer.kind.replace('_', ' ')}, trade date {answer.trade_date}"
    if isinstance(answer, Quote):
        return f"quoted: {answer.of or 'it would be refused'}"
    codes = ", ".join(
        finding.code.value if finding.field is None else f"{finding.code.value} in {finding.field}"
        for finding in answer.reasons
    )
    return f"rejected{', not in good order (NIGO)' if is_nigo(answer) else ''}: {codes}"


def is_nigo(rejection: Rejection) -> bool:
    """Whether every reason is that the request is not in good order (GEN-3), and none a rule of the contract."""
    return all(FORM in finding.rules for finding in rejection.reasons)


def not_as_expected(request_id: str, expected: str, answer: Answer) -> str:
    """Another answer came; it is explained whole, with the clauses behind it."""
    return f"Request {request_id}: {expected} was expected, and it was {said(answer)}\n\n{text(answer)}"


def not_answered(
    request_id: str,
    waiting: Sequence[Acknowledgement],
    last_closed: date | None,
    dead: Sequence[DeadLetter],
    others: Sequence[str],
) -> str:
    """No final answer came: whether it waits and for what, else what was seen in its place."""
    return "\n  ".join([f"Request {request_id} has no outcome.", *_why(waiting, last_closed, dead, others)])


def _why(
    waiting: Sequence[Acknowledgement], last_closed: date | None, dead: Sequence[DeadLetter], others: Sequence[str]
) -> Iterator[str]:
    for answer in waiting[:1]:
        yield f"It was {said(answer)}; the last closed day is {last_closed or 'none yet'}."
        yield "Close days up to its trade date: close_day() closes one, close_through(DAY) several."
        yield (
            "If that is not the day its received_at names, its sender is not trusted with received_at, and the moment "
            "counts at which the broker got it: name the sender in the contract's terms or in trusted_submitters."
        )
    if not waiting:
        yield "Nothing was seen of it: no acknowledgement, confirmation, rejection or quote."
        yield f"Answered were {', '.join(others[:SHOWN]) or 'none'}{' and others' if len(others) > SHOWN else ''}."
    if dead:
        counts = Counter(f"{letter.reason.value} on {letter.topic}" for letter in dead)
        told = ", ".join(f"{count} × {what}" for what, count in counts.items())
        yield f"There are dead letters, which no request could be read from: {told}; the last: {dead[-1].detail}"


SHOWN = 10
