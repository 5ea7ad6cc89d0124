"""What is on which topic: one entry for each kind of message that others send, or that is written for others to read.

A topic's model may be several messages, told apart by `kind` or `type`; each is published by itself. The topics that
services keep their state in are nobody else's, and are in no contract.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from pydantic import BaseModel, RootModel

from contracts_schema.entries import DayClosedEntry, OfferingEntry, RequestEntry, TermsEntry
from contracts_schema.outcomes import Acknowledgement, Confirmation, Rejection
from contracts_schema.quotes import Quote
from contracts_schema.remittances import RemittanceDay, RemittanceLine
from contracts_schema.topics import TOPICS, Topic

OUTSIDERS = ("senders", "operations")
"""Writers that are not services of ours."""
TO_EVERY_PARTITION: tuple[type[BaseModel], ...] = (TermsEntry, OfferingEntry, DayClosedEntry, RemittanceDay)
"""What reference sends to every partition of a topic, keyed by its type."""
ANSWERS: tuple[type[BaseModel], ...] = (Confirmation, Rejection, Acknowledgement, Quote)
"""What answers a request: it has the request's trace, and comes again, marked, when the request does."""
TRACED: tuple[type[BaseModel], ...] = (*ANSWERS, RequestEntry, RemittanceLine)


class Role(StrEnum):
    """Who must not be surprised by a change: those who send a message, or those who read it."""

    RECEIVED = "received"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class PublishedMessage:
    """A message, and the topic it is on."""

    model: type[BaseModel]
    topic: Topic

    @property
    def name(self) -> str:
        """Its name in the documents, and that of its model."""
        return self.model.__name__

    @property
    def slug(self) -> str:
        """Its name in file names."""
        return slug_of(self.name)

    @property
    def role(self) -> Role:
        """Whether others send it, or it is written for them."""
        return Role.RECEIVED if self.topic.writer in OUTSIDERS else Role.WRITTEN

    @property
    def kinds(self) -> tuple[str, ...]:
        """What its `kind` or `type` may say, and its CloudEvents type ends with; nothing where it has neither."""
        field = self.model.model_fields.get("kind") or self.model.model_fields.get("type")
        return () if field is None else get_args(field.annotation)

    @property
    def key(self) -> str:
        """What its record is keyed by: names of fields, or of what goes to every partition the key itself."""
        return f'"{self.kinds[0]}"' if self.model in TO_EVERY_PARTITION else self.topic.key

    @property
    def writers(self) -> tuple[str, ...]:
        """The services that write it, or who else sends it."""
        if self.model in TO_EVERY_PARTITION:
            return ("reference",)
        return tuple(name for name in writers_of(self.topic) if name != "reference" or not self._shares_with_reference)

    @property
    def _shares_with_reference(self) -> bool:
        return any(message in TO_EVERY_PARTITION for message in _models(self.topic))


def slug_of(name: str) -> str:
    """`DepositRequest` as it is written in file names: `deposit-request`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def writers_of(topic: Topic) -> tuple[str, ...]:
    """Who writes to a topic."""
    return tuple(topic.writer.split(", "))


def is_state(topic: Topic) -> bool:
    """Whether a service keeps its own state in it: nobody else is promised anything about it."""
    return topic.compacted and topic.model is None


def published_messages() -> tuple[PublishedMessage, ...]:
    """Every message of the contract, in the order of the table of topics."""
    return tuple(PublishedMessage(model, topic) for topic in TOPICS.values() for model in _models(topic))


def _models(topic: Topic) -> Iterator[type[BaseModel]]:
    if topic.model is None:
        return
    if not issubclass(topic.model, RootModel):
        yield topic.model
        return
    root: Any = topic.model.model_fields["root"].annotation
    yield from get_args(root)
