"""The calls that a test makes, the same wherever the ledger runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
from pydantic import BaseModel

from contracts_schema.account_values import AccountValues
from contracts_schema.headers import REPEAT_MARK
from contracts_schema.outcomes import Acknowledgement, Alarm, Confirmation, Notice, Rejection
from contracts_schema.quotes import Quote
from contracts_schema.remittances import RemittanceNotice
from contracts_schema.testing.days import UnitValues, carried_on, closing_messages, next_day, why_open
from contracts_schema.testing.dead_letters import DeadLetter, dead_letter_of
from contracts_schema.testing.failing import Answer, ExpectationFailedError, Final, not_answered, not_as_expected
from contracts_schema.testing.producing import Sender
from contracts_schema.testing.writing import Publishable, message_of
from contracts_schema.topics import TOPICS
from services.domain.closing import Reference
from services.runtime.cli.finding import Answers, answers_in
from services.runtime.cli.lines import Record
from services.runtime.cli.messages import BadLine, Message
from services.runtime.cli.reading_outcomes import EXPLAINED
from services.runtime.cli.remittance import Defaults
from services.runtime.cli.sources import read_files

TIMEOUT_S = 60
AT_ONCE = timedelta(days=180)
"""So many days are closed at once: what is dated more than a year ahead is refused."""
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


class AnnuityLedger(ABC):
    """A ledger with books of its own, empty at first.

    What is read shows everything that was published before, with all that followed from it. Days are business days of
    the New York Stock Exchange, and close in order from the first on which a contract has terms. Whatever does not
    happen as expected is an `ExpectationFailedError`, an assertion that says what did happen.
    """

    def publish(self, topic: str, *messages: Publishable) -> None:
        """Publish reference data or requests, in this order, and return when the services have taken them in.

        A message is a model of the topic, an object, or raw bytes.
        """
        self._send([message_of(topic, message) for message in messages])

    def publish_file(self, path: Path, **columns: str) -> None:
        """Publish a file as `annuity-ledger publish` does: JSON lines, or a remittance as CSV, whose columns that it
        lacks are given here (contract_id, remittance_id, submitted_by, received_at). Raises `ValueError` for a line
        that no message can be made from; nothing of the file is sent then.
        """
        items = [*read_files([path], Defaults(**columns))]
        bad = [f"{item.place}: {item.reason}" for item in items if isinstance(item, BadLine)]
        if bad:
            raise ValueError("; ".join(bad))
        self._send([item for item in items if isinstance(item, Message)])

    @abstractmethod
    def producer(self) -> Sender:
        """A producer for the sender under test, called as that of `confluent_kafka`."""

    @property
    def last_closed_day(self) -> date | None:
        """The last business day that closed."""
        return self._reference().last_closed

    def close_day(self, unit_values: UnitValues | None = None) -> date:
        """Close the next business day, and say which it was: what it lacks is published first.

        `unit_values` are by fund, or by `fund|charge class`; of funds that are priced they are prices. What neither
        they nor earlier messages say is as on the day before (`contracts_schema/testing/days.py`).
        """
        day = next_day(self._reference())
        self._close(day, lambda _: unit_values or {})
        return day

    def close_through(self, day: date, unit_values: Callable[[date], UnitValues] = carried_on) -> None:
        """Close every business day up to one; `unit_values` says of each what `close_day` is told."""
        self._close(day, unit_values)

    def answers(self, request_id: str, participant_id: str | None = None) -> Answers:
        """Everything a request was answered with so far; ids are unique per contract and participant only."""
        wanted = msgspec.json.encode(request_id)
        found = [record for record in self._read(EXPLAINED) if wanted in (record.value or b"")]
        return answers_in([each for each in found if _concerns(each, participant_id)], request_id)

    def await_outcome(
        self, request_id: str, *, participant_id: str | None = None, timeout_s: int = TIMEOUT_S
    ) -> Confirmation | Rejection | Quote:
        """The final answer to a request, as soon as it is there; of several the first."""

        def final() -> Final | None:
            return _first(self.answers(request_id, participant_id), request_id)

        found = self._wait_for(final, timeout_s)
        if found is None:
            raise ExpectationFailedError(self._not_answered(request_id, participant_id))
        assert not isinstance(found, Acknowledgement), "a final answer was waited for"
        return found

    def await_confirmation(
        self, request_id: str, *, participant_id: str | None = None, timeout_s: int = TIMEOUT_S
    ) -> Confirmation:
        """The confirmation of a request; any other outcome fails the test at once, explained."""
        found = self.await_outcome(request_id, participant_id=participant_id, timeout_s=timeout_s)
        return _as(Confirmation, "a confirmation", request_id, found)

    def await_rejection(
        self, request_id: str, *, participant_id: str | None = None, timeout_s: int = TIMEOUT_S
    ) -> Rejection:
        """The rejection of a request, likewise."""
        found = self.await_outcome(request_id, participant_id=participant_id, timeout_s=timeout_s)
        return _as(Rejection, "a rejection", request_id, found)

    def await_quote(self, request_id: str, *, participant_id: str | None = None, timeout_s: int = TIMEOUT_S) -> Quote:
        """The quote that a request of mode `quote` asked for, likewise."""
        found = self.await_outcome(request_id, participant_id=participant_id, timeout_s=timeout_s)
        return _as(Quote, "a quote", request_id, found)

    def await_acknowledgement(
        self, request_id: str, *, participant_id: str | None = None, timeout_s: int = TIMEOUT_S
    ) -> Acknowledgement:
        """The acknowledgement of a request that waits for a close; one that was decided at once has none."""

        def answer() -> Answer | None:
            acknowledged = self._messages("acknowledgements", Acknowledgement, participant_id)
            of_request = (each for each in acknowledged if each.request_id == request_id)
            return next(of_request, None) or _first(self.answers(request_id, participant_id), request_id)

        found = self._wait_for(answer, timeout_s)
        if found is None:
            raise ExpectationFailedError(self._not_answered(request_id, participant_id))
        return _as(Acknowledgement, "an acknowledgement", request_id, found)

    def confirmations(self, participant_id: str | None = None) -> tuple[Confirmation, ...]:
        """What was done, also unasked; of one participant in the order of the sequence numbers."""
        return self._messages("confirmations", Confirmation, participant_id)

    def rejections(self, participant_id: str | None = None) -> tuple[Rejection, ...]:
        """What was not done, and why."""
        return self._messages("rejections", Rejection, participant_id)

    def notices(self, participant_id: str | None = None) -> tuple[Notice, ...]:
        """What owners are to be told."""
        return self._messages("notices", Notice, participant_id)

    def account_values(self, contract_id: str, participant_id: str) -> AccountValues | None:
        """What a participant holds since the books last changed; None before their first close."""
        found = self._messages("account-values", AccountValues, participant_id)
        return next((each for each in reversed(found) if each.contract_id == contract_id), None)

    def remittance_notices(self) -> tuple[RemittanceNotice, ...]:
        """What submitters are told of their remittances."""
        return self._messages("remittance-notices", RemittanceNotice)

    def alarms(self) -> tuple[Alarm, ...]:
        """Reference data that was refused, and what operations must look at."""
        return self._messages("alarms", Alarm)

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """What could not be read at all."""
        return tuple(map(dead_letter_of, self._read(("dead-letters",))))

    def records(self, topic: str) -> Sequence[Record]:
        """Everything committed to a topic, as its consumers read it, repeats included; of each key in order."""
        return self._read((topic,))

    def _close(self, day: date, unit_values: Callable[[date], UnitValues]) -> None:
        if day > (latest := self._latest_day()):
            raise ExpectationFailedError(f"{day} is not over: services close no day after {latest} now.")
        state = self._reference()
        while (coming := next_day(state)) <= day:
            through = min(day, coming + AT_ONCE)
            self._send(closing_messages(state, through, unit_values))
            state = self._reference()
            if (left := next_day(state)) <= through:
                raise ExpectationFailedError(why_open(state, left))

    def _messages(self, topic: str, model: type[M], participant_id: str | None = None) -> tuple[M, ...]:
        assert TOPICS[topic].model is model, "what is read from a topic is its model"
        return tuple(
            model.model_validate_json(record.value or b"")
            for record in self._read((topic,))
            if REPEAT_MARK not in record.headers and _concerns(record, participant_id)
        )

    def _not_answered(self, request_id: str, participant_id: str | None) -> str:
        answered: list[Confirmation | Rejection] = [
            *self._messages("confirmations", Confirmation),
            *self._messages("rejections", Rejection),
        ]
        others = [*dict.fromkeys(each.request_id for each in answered if each.request_id is not None)]
        waiting = self.answers(request_id, participant_id).waiting
        return not_answered(request_id, waiting, self.last_closed_day, self.dead_letters(), others)

    @abstractmethod
    def _send(self, messages: Sequence[Message]) -> None:
        """Send, and return when all is taken in and what follows from it is there."""

    @abstractmethod
    def _read(self, topics: Sequence[str]) -> Sequence[Record]:
        """What is committed to these topics, when all that was sent before is taken in."""

    @abstractmethod
    def _reference(self) -> Reference:
        """The reference data accepted so far, likewise."""

    @abstractmethod
    def _latest_day(self) -> date:
        """The last business day that the services would close now."""

    @abstractmethod
    def _wait_for(self, found: Callable[[], Answer | None], timeout_s: int) -> Answer | None:
        """What `found` gives, as soon as it gives anything; None when that takes too long."""


def _first(answers: Answers, request_id: str) -> Final | None:
    found = [answer for answer in answers.final if not isinstance(answer, Notice)]
    if len(people := sorted({f"{answer.contract_id}|{answer.participant_id}" for answer in found})) > 1:
        raise ExpectationFailedError(f"Several have a request {request_id}: {', '.join(people)}. Say whose.")
    return found[0] if found else None


def _as(kind: type[T], expected: str, request_id: str, found: Answer) -> T:
    if not isinstance(found, kind):
        raise ExpectationFailedError(not_as_expected(request_id, expected, found))
    return found


def _concerns(record: Record, participant_id: str | None) -> bool:
    return participant_id is None or (record.key or b"").decode(errors="replace").endswith(f"|{participant_id}")
