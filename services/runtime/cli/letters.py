"""Dead letters on the broker: listed, found by their places, read whole. However many there are, few are kept at a
time; none of their bytes by what only lists or finds.
"""

from collections import deque
from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass

from contracts_schema.topics import TOPICS
from services.runtime.cli.gathering import gathered
from services.runtime.cli.redrive_marks import flag_redriven
from services.runtime.dead_letters import TOPIC, DeadLetter, Place, read_dead_letter
from services.runtime.reader import PartitionReader
from services.runtime.settings import Settings
from services.runtime.topics import partition_count

_TAIL = 64
_GAP = 1000
"""Offsets between two wanted records that are rather read over than jumped over."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dead letters to list: of what topic, for what reason, since when, only those not redriven."""

    topic: str | None = None
    reason: str | None = None
    since_ms: int | None = None
    not_redriven: bool = False

    def includes(self, row: "Row") -> bool:
        """Whether it is to be listed."""
        return (
            self.topic in (None, row.original.topic)
            and self.reason in (None, row.reason)
            and (self.since_ms is None or row.at_ms >= self.since_ms)
            and not (self.not_redriven and row.redriven)
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A dead letter as it is listed; `size` is of its bytes, None where it has none."""

    place: Place
    original: Place
    reason: str
    detail: str
    at_ms: int
    key: bytes | None
    size: int | None
    redriven: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A dead letter that was asked for by its own place or by that of its original."""

    place: Place
    original: Place


async def newest(settings: Settings, wanted: Wanted, count: int) -> list[Row]:
    """The last so many that are wanted, the oldest of them first."""
    numbers = range(partition_count(TOPICS[TOPIC], settings))
    parts = await gathered(_newest(settings, number, wanted, count) for number in numbers)
    return sorted((row for rows in parts for row in rows), key=lambda row: (row.at_ms, row.place))[-count:]


async def every(settings: Settings, wanted: Wanted) -> AsyncIterator[Row]:
    """All that are wanted, partition by partition, in each in the order in which they came."""
    for number in range(partition_count(TOPICS[TOPIC], settings)):
        async with PartitionReader(settings, settings.topic_prefix, number) as reader:
            rows = await _rows_of(reader, wanted)
            async for row in rows.between(rows.begin, rows.end):
                yield row


async def found_by(settings: Settings, places: Iterable[Place]) -> dict[int, list[Found]]:
    """The dead letters at or of these places, by their partitions and in order; what is not there is left out."""
    wanted: dict[int, set[Place]] = {}
    for place in places:
        wanted.setdefault(place.partition, set()).add(place)
    there = [number for number in sorted(wanted) if number < partition_count(TOPICS[TOPIC], settings)]
    parts = await gathered(_found(settings, number, wanted[number]) for number in there)
    return {number: found for number, found in zip(there, parts, strict=True) if found}


async def letters_at(settings: Settings, number: int, offsets: Collection[int]) -> list[DeadLetter]:
    """The dead letters at these offsets of a partition, whole and in order."""
    async with PartitionReader(settings, settings.topic_prefix, number) as reader:
        return [letter async for letter in _at(reader, offsets)]


async def letter_about(settings: Settings, number: int, original: Place, after: int) -> Place | None:
    """The dead letter of a record, looked for behind an offset of a partition of dead letters."""
    async with PartitionReader(settings, settings.topic_prefix, number) as reader:
        begin, end = (await reader.bounds([TOPIC]))[TOPIC]
        async for letter in _letters(reader, max(begin, after + 1), end):
            if letter.original == original:
                return letter.place
    return None


class _Rows:
    """The rows of a partition between two offsets, as far as they are wanted."""

    def __init__(self, reader: PartitionReader, wanted: Wanted, begin: int, redriven: bytearray) -> None:
        self._reader, self._wanted, self._redriven = reader, wanted, redriven
        self.begin, self.end = begin, begin + len(redriven)

    async def between(self, start: int, stop: int) -> AsyncIterator[Row]:
        """In order."""
        async for letter in _letters(self._reader, start, stop):
            row = _row(letter, redriven=bool(self._redriven[letter.place.offset - self.begin]))
            if self._wanted.includes(row):
                yield row


async def _rows_of(reader: PartitionReader, wanted: Wanted) -> _Rows:
    begin, end = (await reader.bounds([TOPIC]))[TOPIC]
    if wanted.since_ms is not None:
        since = await reader.offset_since(TOPIC, wanted.since_ms)
        begin = end if since is None else max(begin, min(since, end))
    return _Rows(reader, wanted, begin, await flag_redriven(reader, begin, end))


async def _newest(settings: Settings, number: int, wanted: Wanted, count: int) -> list[Row]:
    """From the end backwards, more at a time the fewer there are."""
    found: deque[Row] = deque()
    async with PartitionReader(settings, settings.topic_prefix, number) as reader:
        rows = await _rows_of(reader, wanted)
        start, back = rows.end, max(_TAIL, 2 * count)
        while start > rows.begin and len(found) < count:
            stop, start = start, max(rows.begin, start - back)
            older: deque[Row] = deque(maxlen=count - len(found))
            async for row in rows.between(start, stop):
                older.append(row)
            found.extendleft(reversed(older))
            back *= 8
    return list(found)


async def _found(settings: Settings, number: int, places: set[Place]) -> list[Found]:
    """By their own places few are read; by those of their originals the whole partition."""
    async with PartitionReader(settings, settings.topic_prefix, number) as reader:
        if all(place.topic == TOPIC for place in places):
            letters = _at(reader, {place.offset for place in places})
        else:
            letters = _letters(reader, *(await reader.bounds([TOPIC]))[TOPIC])
        return [Found(one.place, one.original) async for one in letters if {one.place, one.original} & places]


async def _at(reader: PartitionReader, offsets: Collection[int]) -> AsyncIterator[DeadLetter]:
    begin, end = (await reader.bounds([TOPIC]))[TOPIC]
    for run in runs(offset for offset in offsets if begin <= offset < end):
        wanted = set(run)
        async for letter in _letters(reader, run[0], run[-1] + 1):
            if letter.place.offset in wanted:
                yield letter


def runs(offsets: Iterable[int]) -> list[list[int]]:
    """Offsets in order, parted where the gap between two is wide. Pure."""
    found: list[list[int]] = []
    for offset in sorted(offsets):
        if found and offset - found[-1][-1] <= _GAP:
            found[-1].append(offset)
        else:
            found.append([offset])
    return found


async def _letters(reader: PartitionReader, start: int, stop: int) -> AsyncIterator[DeadLetter]:
    """Records that are no dead letters, written by whomever, are passed over."""
    async for records in reader.read_to(TOPIC, start, stop):
        for record in records:
            letter = read_dead_letter(record) if record.offset < stop else None
            if letter is not None:
                yield letter


def _row(letter: DeadLetter, *, redriven: bool) -> Row:
    return Row(
        letter.place,
        letter.original,
        letter.cause.reason,
        letter.cause.detail,
        letter.at_ms,
        letter.key,
        None if letter.value is None else len(letter.value),
        redriven,
    )
