"""Live outcomes and state of running ledgers, verified against a replay of the book, a partition at a time.

A cut is read in this order: the ledger's progress, the changelogs, the outcomes, the progress again, each to its end
as it then is. Whatever the ledger committed by the first progress is therefore in what was read, and whatever was
read was committed by the second. The service is asked for nothing and does not notice.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from services.ledger import LEDGER
from services.runtime.cli.comparing import COMPARED
from services.runtime.cli.differing import told
from services.runtime.cli.failures import CommandError
from services.runtime.cli.following import (
    CLOSING,
    NOT_FOLLOWED,
    Cut,
    Difference,
    Following,
    Place,
    different_outcomes,
    is_of_participant,
    participant_of,
)
from services.runtime.cli.refolding import LOG, passing
from services.runtime.cli.replayed_rows import replayed_row
from services.runtime.cli.replaying import InProcess
from services.runtime.cli.statuses import last_progress
from services.runtime.progress import Progress
from services.runtime.reader import PartitionReader
from services.runtime.records import InputRecord
from services.runtime.settings import Settings

CHANGELOGS = tuple(table.changelog for table in LEDGER.tables if table.changelog not in NOT_FOLLOWED)
ROWS = (*CHANGELOGS, "account-values")
"""Of these the last record under a key counts."""
VERIFIED = (LOG, LEDGER.progress, *ROWS, *COMPARED)
NAMED = 5
_LOOK_MS = 50

Advanced = Callable[[str, int, int], None]
"""What is done, offsets passed since it was last called, and how many there are of them in all."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was compared. `pending` counts what a replay has and the ledger was still about to write; `examples`
    explains the first differences.
    """

    partitions: int = 0
    participants: int = 0
    outcomes: int = 0
    rows: int = 0
    differing: int = 0
    pending: int = 0
    examples: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Nothing differs, and there is something to compare."""
        return self.differing == 0 and not self.empty

    @property
    def empty(self) -> bool:
        """Nothing was written yet, and nothing was to be."""
        return self.outcomes + self.rows + self.pending + self.differing == 0

    def __add__(self, other: "Verified") -> "Verified":
        return Verified(
            self.partitions + other.partitions,
            self.participants + other.participants,
            self.outcomes + other.outcomes,
            self.rows + other.rows,
            self.differing + other.differing,
            self.pending + other.pending,
            (*self.examples, *other.examples)[:NAMED],
        )

    def __str__(self) -> str:
        counts = f"partitions={self.partitions} participants={self.participants} outcomes={self.outcomes}"
        return f"{counts} rows={self.rows} differing={self.differing} pending={self.pending}"


async def verify_partition(settings: Settings, number: int, participant: bytes | None, advanced: Advanced) -> Verified:
    """Compare one partition, or one participant of it, with a replay of its log. Raises `CommandError` where the log
    cannot be folded.
    """
    cut = await read_cut(settings, number, participant, advanced)
    following = Following(cut)
    ledger = InProcess(number, settings.partitions, following.take)
    async with _reader(settings, number) as reader:
        begin = (await reader.bounds([LOG]))[LOG][0]
        async for records in passing(reader, LOG, begin, cut.last, _telling(cut.last - begin, advanced)):
            _fold(ledger, records, participant)
        following.ended()
        differences = list(following.differences())
        examples = [await _explained(reader, ledger, difference) for difference in differences[:NAMED]]
    return _counted(cut, tuple(examples))


async def read_cut(settings: Settings, number: int, participant: bytes | None, advanced: Advanced) -> Cut:
    """What is live, between two looks at the ledger's progress.

    Each is read by a reader of its own: one that turns to other topics waits for the broker's answer about the last.
    """
    first = await _progress(settings, number)
    cut = Cut(number, participant)
    if first is not None:
        cut.first, cut.settled = first.positions[LOG], not first.note.get("to_settle", 0)
    for topics, add in ((ROWS, cut.add_row), (COMPARED, cut.add_outcome)):
        async with _reader(settings, number) as reader:
            async for record in _read(reader, topics, advanced):
                add(record)
    last = await _progress(settings, number)
    cut.last = last.positions[LOG] if last is not None else 0
    return cut


def _reader(settings: Settings, number: int) -> PartitionReader:
    return PartitionReader(settings, settings.topic_prefix, number)


async def _progress(settings: Settings, number: int) -> Progress | None:
    async with _reader(settings, number) as reader:
        bounds = await reader.bounds([LEDGER.progress])
        return await last_progress(reader, LEDGER.progress, *bounds[LEDGER.progress])


async def _read(reader: PartitionReader, topics: tuple[str, ...], advanced: Advanced) -> AsyncIterator[InputRecord]:
    """The topics together, each to its end: one after the other the waits for the broker would add up."""
    bounds = await reader.bounds(topics)
    total = sum(end - begin for begin, end in bounds.values())
    reader.read_from({topic: begin for topic, (begin, _) in bounds.items()})
    left, before = total, total
    while left:
        for record in await reader.read(_LOOK_MS):
            if record.offset < bounds[record.topic][1]:
                yield record
        positions = await reader.positions()
        left = sum(max(0, end - positions[topic]) for topic, (_, end) in bounds.items())
        advanced(f"reading {topics[0]} …", before - left, total)
        before = left


def _telling(total: int, advanced: Advanced) -> Callable[[int], None]:
    return lambda offsets: advanced("replaying", offsets, total)


def _fold(ledger: InProcess, records: list[InputRecord], participant: bytes | None) -> None:
    for record in records:
        if participant is not None and is_of_participant(record.key) and record.key != participant:
            continue
        try:
            ledger.take(record)
        except Exception as error:
            raise CommandError(
                f"{LOG}-{record.partition} offset {record.offset} cannot be folded: {error!r}"
            ) from error
    ledger.drained()


async def _explained(reader: PartitionReader, ledger: InProcess, difference: Difference) -> str:
    live = None if difference.offset is None else await _record_at(reader, difference.topic, difference.offset)
    replayed = (
        difference.replayed
        if difference.number is not None
        else replayed_row(ledger.ledger_partition, difference, live)
    )
    return told(difference, replayed, live)


async def _record_at(reader: PartitionReader, topic: str, offset: int) -> InputRecord | None:
    """The record, or None where compaction took it away meanwhile."""
    async for records in reader.read_to(topic, offset, offset + 1):
        return records[0] if records[0].offset == offset and records[0].value is not None else None
    return None


def _counted(cut: Cut, examples: tuple[str, ...]) -> Verified:
    rows, series = cut.rows.values(), cut.series.values()
    behind = sum(max(0, one.replayed - max(one.certain, len(one.digests))) for one in series)
    return Verified(
        partitions=1,
        participants=len({participant_of(key) for _, key in _of_participants(cut)}),
        outcomes=sum(len(one.digests) for one in series),
        rows=sum(row.live is not None for row in rows),
        differing=sum(not row.reached for row in rows) + sum(different_outcomes(one) for one in series),
        pending=behind + sum(row.reached and row.live != row.replayed for row in rows),
        examples=examples,
    )


def _of_participants(cut: Cut) -> list[Place]:
    places = (place for place in (*cut.rows, *cut.series) if place != CLOSING)
    return [place for place in places if is_of_participant(place[1]) and place[0] != "ledger-market"]
