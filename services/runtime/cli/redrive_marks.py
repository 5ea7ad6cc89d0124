"""The marks of redriven dead letters, read. Those of a dead letter lie in the partition that it lies in.

A partition's marks are passed by once a question, and only those asked about are kept: there may be a million.
"""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field

from pydantic import ValidationError

from contracts_schema.redrives import DeadLetterRedriven
from services.runtime.cli.failures import CommandError
from services.runtime.cli.redrives import MARKS_TOPIC
from services.runtime.dead_letters import Place, place_in
from services.runtime.reader import PartitionReader
from services.runtime.records import InputRecord
from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Marks:
    """Of some records that could not be read: the marks of those that were redriven, and of the redrives that they
    came of, both by the record's place.
    """

    redriven: dict[str, DeadLetterRedriven] = field(default_factory=dict)
    came_of: dict[str, DeadLetterRedriven] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether any of them is in a chain of redrives."""
        return bool(self.redriven or self.came_of)

    def first_of(self, original: Place) -> Place | None:
        """Where the chain began that the original is in; None where it is the first itself."""
        mark = self.came_of.get(str(original))
        return None if mark is None else place_in(mark.first)


async def marks_about(settings: Settings, number: int, originals: Collection[Place]) -> Marks:
    """What the marks of a partition say of these records."""
    names, found = set(map(str, originals)), Marks()
    async with PartitionReader(settings, settings.topic_prefix, number) as reader:
        async for mark in _marks(reader):
            if mark.original in names:
                found.redriven[mark.original] = mark
            if mark.redriven_as in names:
                found.came_of[mark.redriven_as] = mark
    return found


async def marks_of_chain(settings: Settings, number: int, first: Place) -> list[DeadLetterRedriven]:
    """The marks of every redrive in a chain, the first redrive first."""
    async with PartitionReader(settings, settings.topic_prefix, number) as reader:
        return [mark async for mark in _marks(reader) if mark.first == str(first)]


async def flag_redriven(reader: PartitionReader, begin: int, end: int) -> bytearray:
    """A byte for each offset of the reader's partition of dead letters from `begin` to `end`: 1 if it is redriven."""
    flags = bytearray(end - begin)
    async for mark in _marks(reader):
        place = place_in(mark.dead_letter)
        if place is not None and begin <= place.offset < end:
            flags[place.offset - begin] = 1
    return flags


async def _marks(reader: PartitionReader) -> AsyncIterator[DeadLetterRedriven]:
    begin, end = (await reader.bounds([MARKS_TOPIC]))[MARKS_TOPIC]
    async for records in reader.read_to(MARKS_TOPIC, begin, end):
        for record in records:
            yield _read(record)


def _read(record: InputRecord) -> DeadLetterRedriven:
    try:
        return DeadLetterRedriven.model_validate_json(record.value or b"")
    except ValidationError:
        place = Place(record.topic, record.partition, record.offset)
        raise CommandError(
            f"The mark at {place} cannot be read: a newer release wrote it, or not this service. Nothing was redriven."
        ) from None
