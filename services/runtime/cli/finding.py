"""What a request was answered with, looked up in the outcome topics."""

from dataclasses import dataclass

from contracts_schema.headers import REPEAT_MARK
from contracts_schema.outcomes import Acknowledgement, Confirmation, Rejection
from services.runtime.cli.reading_outcomes import OF_A_REQUEST, outcome_of
from services.runtime.cli.watching import Wanted
from services.runtime.partitioner import partition_of
from services.runtime.reading import read_topic
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
    number = None
    if wanted.contract is not None and wanted.participant is not None:
        number = partition_of(f"{wanted.contract}|{wanted.participant}", settings.partitions)
    records: list[InputRecord] = []
    for topic in OF_A_REQUEST:
        found = await read_topic(settings.cluster, topic, prefix=settings.topic_prefix, partition=number)
        # The bytes are looked at first: there may be millions, and a model is dear.
        records += [record for record in found if request_id.encode() in (record.value or b"")]
    return answers_in([record for record in records if wanted.includes(record)], request_id)


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
