"""What is ordered of dead letters, and what may be done of it. All but `rehearsed` is pure."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from contracts_schema.redrives import DeadLetterRedriven
from contracts_schema.sizes import REQUEST_BYTES
from contracts_schema.topics import TOPICS
from services.runtime.cli.letters import Found, letters_at
from services.runtime.cli.messages import PUBLISHABLE
from services.runtime.cli.redrive_marks import Marks, marks_about
from services.runtime.cli.redrives import Redrive
from services.runtime.cli.rereading import reread
from services.runtime.dead_letters import DeadLetter
from services.runtime.settings import Settings

AT_ONCE = 100
"""Dead letters that are read, and redriven in one transaction."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who redrives; with which bytes in place of the original's (None for as they were); whether what still cannot be
    read goes all the same; and how many bytes intake reads as a request.
    """

    by: str
    value: bytes | None = None
    force: bool = False
    max_bytes: int = REQUEST_BYTES


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a dead letter: redriven, with its mark, or refused and why, or neither in a rehearsal."""

    letter: Found
    mark: DeadLetterRedriven | None = None
    refused: str | None = None
    remark: str | None = None


def judged(letter: DeadLetter, marks: Marks, order: Order, now: datetime) -> tuple[Redrive | None, Told]:
    """The redrive to write, None where it is refused; and what to tell of it."""
    found = Found(letter.place, letter.original)
    refused = _not_to_be_had(letter, marks, order)
    if refused is not None:
        return None, Told(found, refused=refused)
    value = letter.value if order.value is None else order.value
    read = reread(letter.original, value, now, order.max_bytes)
    if read.unreadable is not None and not order.force:
        return None, Told(found, refused=f"it still could not be read: {read.unreadable}")
    first = marks.first_of(letter.original)
    redrive = Redrive(letter, value, order.by, now, first, forced=read.unreadable is not None)
    return redrive, Told(found, remark=read.unreadable or read.remark)


def _not_to_be_had(letter: DeadLetter, marks: Marks, order: Order) -> str | None:
    """Why there can be no redrive with such bytes, whatever they say."""
    earlier = marks.redriven.get(str(letter.original))
    if earlier is not None:
        return already(earlier)
    topic, cut_from = letter.original.topic, letter.cause.cut_from
    if order.value is None and cut_from is not None:
        return f"only the first of its {cut_from} bytes were kept: give the right ones with --value"
    if order.value is not None and topic in TOPICS and topic not in PUBLISHABLE:
        return f"{topic} is written by {TOPICS[topic].writer} only: not with other bytes"
    return None


def already(mark: DeadLetterRedriven) -> str:
    """That it was redriven: by whom, when and as what."""
    return f"it was redriven by {mark.redriven_by} at {mark.redriven_at:%Y-%m-%d %H:%M:%SZ} as {mark.redriven_as}"


def rehearsed(settings: Settings, number: int, found: Sequence[Found], order: Order) -> Iterator[Told]:
    """What would become of dead letters of a partition; nothing is written, and nobody is fenced."""
    marks = asyncio.run(marks_about(settings, number, [one.original for one in found]))
    for some in portions(found):
        letters = asyncio.run(letters_at(settings, number, [one.place.offset for one in some]))
        yield from (judged(letter, marks, order, datetime.now(UTC))[1] for letter in letters)


def portions(found: Sequence[Found]) -> Iterator[Sequence[Found]]:
    """As many at a time as go into one transaction."""
    return (found[at : at + AT_ONCE] for at in range(0, len(found), AT_ONCE))
