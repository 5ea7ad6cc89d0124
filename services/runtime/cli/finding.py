"""What a request was answered with, looked up in the outcome topics."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from contracts_schema.headers import REPEAT_MARK
from contracts_schema.outcomes import Acknowledgement, Confirmation, Rejection
from services.runtime.cli.gathering import read_topics
from services.runtime.cli.reading_outcomes import OF_A_REQUEST, outcome_of
from services.runtime.cli.watching import Wanted
from services.runtime.partitioner import partition_of
from services.runtime.records import InputRecord
from services.runtime.settings import Settings

Answer = Confirmation | Rejection | Acknowledgement


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to a request id, each once: final ones, or while there are none acknowledgements; and the repeats."""

    final: tuple[Confirmation | Rejection, ...] = ()
    waiting: tuple[Acknowledgement, ...] = ()
    repeats: int = 0

    @property
    def shown(self) -> tuple[Answer, ...]:
        """The final answers, else the acknowledgements."""
        return self.final or self.waiting


async def answers_to(settings: Settings, request_id: str, wanted: Wanted) -> Answers:
    """All answers on the broker to requests of that id; ids are unique per contract and participant only."""
    numbers: Iterable[int] = range(settings.partitions)
    if wanted.contract is not None and wanted.participant is not None:
        numbers = [partition_of(f"{wanted.contract}|{wanted.participant}", settings.partitions)]
    found = await read_topics(settings, OF_A_REQUEST, numbers)
    # The bytes are looked at first: there may be many, and a model is dear.
    written = msgspec.json.encode(request_id)
    named = [record for record in found if written in (record.value or b"")]
    return answers_in([record for record in named if wanted.includes(record)], request_id)


def answers_in(records: list[InputRecord], request_id: str) -> Answers:
    """The answers among records. Pure."""
    final: list[Confirmation | Rejection] = []
    waiting: list[Acknowledgement] = []
    repeats = 0
    for record in records:
        outcome = outcome_of(record)
        if not isinstance(outcome, Answer) or outcome.request_id != request_id:
            continue
        if REPEAT_MARK in record.headers:
            repeats += 1
        elif isinstance(outcome, Acknowledgement):
            waiting.append(outcome)
        else:
            final.append(outcome)
    return Answers(tuple(final), tuple(waiting), repeats)
