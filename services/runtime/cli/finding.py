"""What a request was answered with, or an outcome by its own id, looked up in the outcome topics."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from contracts_schema.headers import REPEAT_MARK
from contracts_schema.outcomes import Acknowledgement, Confirmation, Notice, Rejection
from contracts_schema.quotes import Quote
from services.runtime.cli.gathering import read_topics
from services.runtime.cli.lines import Record
from services.runtime.cli.reading_outcomes import EXPLAINED, outcome_of
from services.runtime.cli.watching import Wanted
from services.runtime.partitioner import partition_of
from services.runtime.settings import Settings

Answer = Confirmation | Rejection | Notice | Acknowledgement | Quote


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers under an id, each once: final ones, quotes among them, or while there are none acknowledgements; and the
    repeats.
    """

    final: tuple[Confirmation | Rejection | Notice | Quote, ...] = ()
    waiting: tuple[Acknowledgement, ...] = ()
    repeats: int = 0

    @property
    def shown(self) -> tuple[Answer, ...]:
        """The final answers, else the acknowledgements."""
        return self.final or self.waiting


async def answers_to(settings: Settings, name: str, wanted: Wanted) -> Answers:
    """All answers on the broker to requests of that id, which is unique per contract and participant only; or the
    outcome of that id, for not every outcome answers a request.
    """
    numbers: Iterable[int] = range(settings.partitions)
    if wanted.contract is not None and wanted.participant is not None:
        numbers = [partition_of(f"{wanted.contract}|{wanted.participant}", settings.partitions)]
    found = await read_topics(settings, EXPLAINED, numbers)
    # The bytes are looked at first: there may be many, and a model is dear.
    written = msgspec.json.encode(name)
    named = [record for record in found if written in (record.value or b"")]
    return answers_in([record for record in named if wanted.includes(record)], name)


def answers_in(records: Iterable[Record], name: str) -> Answers:
    """The answers among records. Pure."""
    final: list[Confirmation | Rejection | Notice | Quote] = []
    waiting: list[Acknowledgement] = []
    repeats = 0
    for record in records:
        outcome = outcome_of(record)
        if not isinstance(outcome, Answer) or name not in _names(outcome):
            continue
        if REPEAT_MARK in record.headers:
            repeats += 1
        elif isinstance(outcome, Acknowledgement):
            waiting.append(outcome)
        else:
            final.append(outcome)
    return Answers(tuple(final), tuple(waiting), repeats)


def _names(outcome: Answer) -> tuple[str | None, ...]:
    """The request's id, if it answers one, and its own; no id of a request looks like one of an outcome."""
    return outcome.outcome_id, None if isinstance(outcome, Notice) else outcome.request_id
