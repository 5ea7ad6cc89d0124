"""One step of a participant's books: what changed, what is answered, what is written."""

from __future__ import annotations

from datetime import date, datetime

from contracts_schema.values import Value
from services.domain.emitting import Asked, answer, confirmation, rejection
from services.domain.reading import Read
from services.domain.state import Answer, Emission, Participant
from services.domain.verdicts import Done, Verdict


class Step(Value, frozen=True):
    """The books afterwards, answers by the key they are kept under, records to write, in order, and the
    closed days that were settled on the way. `read` holds what was read of requests that wait now. `as_of` is the
    closed day that the last change of the books is of, None where they are as before, or no day is closed yet.
    """

    participant: Participant
    answers: tuple[tuple[str, Answer], ...] = ()
    emissions: tuple[Emission, ...] = ()
    settled: tuple[date, ...] = ()
    read: tuple[tuple[bytes, Read], ...] = ()
    as_of: date | None = None

    def then(self, other: Step) -> Step:
        """Both steps, the other after this."""
        return Step(
            other.participant,
            self.answers + other.answers,
            self.emissions + other.emissions,
            self.settled + other.settled,
            self.read + other.read,
            other.as_of or self.as_of,
        )


class Moment(Value, frozen=True):
    """When something is decided: its trade date, where there is one, and business time."""

    trade_date: date | None
    decided_at: datetime


def answer_key(participant_key: str, request_id: str, fingerprint: str | None = None) -> str:
    """The key an answer is kept under; with the fingerprint for a request whose id another one has."""
    key = f"{participant_key}|{request_id}"
    return key if fingerprint is None else f"{key}|{fingerprint}"


def concluded(books: Participant, asked: Asked, verdict: Verdict, moment: Moment, key: str | None = None) -> Step:
    """A verdict made an outcome: numbered, answered and written. A rejection leaves everything else as it was."""
    if isinstance(verdict, Done):
        assert moment.trade_date is not None, "what is done is done on a trade date"
        after, emission = confirmation(asked, verdict, moment.trade_date, moment.decided_at)
    else:
        after, emission = rejection(books, asked, verdict, moment.trade_date, moment.decided_at)
    kept = answer(asked, moment.trade_date or moment.decided_at.date(), emission)
    return Step(after, ((key or answer_key(asked.key, asked.request_id), kept),), (emission,))
