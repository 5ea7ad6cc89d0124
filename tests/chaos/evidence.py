"""What a run left on the broker, read with read_committed; and what an independent replay of its log gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contracts_schema.topics import OUTCOME_TOPICS, REQUEST_TOPICS
from services.ledger.logic import LEDGER
from services.runtime.cli.gathering import read_topics
from services.runtime.cli.replaying import InProcess
from services.runtime.reading import latest_by_key
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.settings import Settings

State = Mapping[str, Mapping[bytes, bytes]]
"""Rows by changelog and key, as bytes."""


@dataclass(frozen=True, slots=True)
class Book:
    """One partition: its log, what the ledger wrote from it, its state; and the same from a replay of the log.

    `broke` is what ended the replay, where something did.
    """

    number: int
    log: list[InputRecord]
    outcomes: list[InputRecord]
    state: State
    replayed: list[OutputRecord]
    replayed_state: State
    broke: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the checks look at."""

    requests: list[InputRecord]
    dead: list[InputRecord]
    alarms: list[InputRecord]
    books: list[Book]


async def gather(settings: Settings) -> Evidence:
    """Read it all; to be asked when the service is at rest."""
    numbers = range(settings.partitions)
    return Evidence(
        await read_topics(settings, REQUEST_TOPICS, numbers),
        await read_topics(settings, ["dead-letters"], numbers),
        await read_topics(settings, ["alarms"], [0]),
        [await _book(settings, number) for number in numbers],
    )


async def _book(settings: Settings, number: int) -> Book:
    log = await read_topics(settings, ["ledger-log"], [number])
    outcomes = await read_topics(settings, (*OUTCOME_TOPICS, "day-closes"), [number])
    state = {
        table.changelog: await latest_by_key(
            settings.cluster, table.changelog, prefix=settings.topic_prefix, partition=number
        )
        for table in LEDGER.tables
    }
    return replayed(number, settings.partitions, log, outcomes, state)


def replayed(number: int, count: int, log: list[InputRecord], outcomes: list[InputRecord], state: State) -> Book:
    """The book of a partition with its log folded again, in process."""
    ledger = InProcess(partition=number, count=count)
    broke = _fold(ledger, log)
    again = {
        table.spec.changelog: {key.encode(): table.spec.encode(row) for key, row in table.items()}
        for table in ledger.ledger_partition.tables.values()
    }
    return Book(number, log, outcomes, state, ledger.drained(), again, broke)


def _fold(ledger: InProcess, log: Iterable[InputRecord]) -> str | None:
    for record in log:
        try:
            ledger.take(record)
        except Exception as error:  # noqa: BLE001 -- a log that cannot be folded is a finding
            return f"ledger-log-{record.partition} offset {record.offset}: {error!r}"
    return None
