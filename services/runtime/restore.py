"""Tables and positions as the last committed transaction left them, from the changelogs."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from services.runtime.errors import PartitionCountError, UndecodableStateError
from services.runtime.progress import Progress, decode_progress, progress_key
from services.runtime.reader import PartitionReader
from services.runtime.records import InputRecord
from services.runtime.service import Partition, ServiceSpec

See = Callable[[bytes, bytes | None], None]
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Restored:
    """What there was to restore: the positions to read on from, none for a topic never read, and how many records
    were applied.
    """

    positions: dict[str, int]
    records: int


async def restore(spec: ServiceSpec, partition: Partition, reader: PartitionReader) -> Restored:
    """Fill the partition's tables and find its positions. To be called after the previous owner was fenced.

    Each changelog is applied up to its end as read now: nobody else can append to it any more. Raises
    `UndecodableStateError` for a record that cannot be read and `PartitionCountError` where the state was written
    under another number of partitions.
    """
    began = time.monotonic()
    bounds = await reader.bounds([*(table.changelog for table in spec.tables), spec.progress])
    applied = 0
    for table in partition.tables.values():
        applied += await _apply(reader, table.spec.changelog, bounds, table.restore)
    last = _LastProgress(partition.number)
    applied += await _apply(reader, spec.progress, bounds, last.see)
    if last.progress and last.progress.partitions != partition.count:
        raise PartitionCountError(
            f"{spec.name} was run with {last.progress.partitions} partitions and is now to run with {partition.count}. "
            "The number of partitions never changes in the life of an installation."
        )
    _log.info(
        "restored",
        service=spec.name,
        partition=partition.number,
        records=applied,
        seconds=round(time.monotonic() - began, 3),
    )
    return Restored(last.progress.positions if last.progress else {}, applied)


class _LastProgress:
    """Keeps the last progress record of one partition."""

    def __init__(self, partition: int) -> None:
        self._key = progress_key(partition)
        self.progress: Progress | None = None

    def see(self, key: bytes, value: bytes | None) -> None:
        if key != self._key or value is None:
            raise ValueError(f"not a progress record of this partition, whose key is {self._key!r}")
        self.progress = decode_progress(value)


async def _apply(reader: PartitionReader, topic: str, bounds: dict[str, tuple[int, int]], see: See) -> int:
    applied = 0
    async for records in reader.read_to(topic, *bounds[topic]):
        for record in records:
            _apply_one(record, see)
        applied += len(records)
        await asyncio.sleep(0)  # heartbeats and other partitions go on while much is restored
    return applied


def _apply_one(record: InputRecord, see: See) -> None:
    try:
        see(record.key or b"", record.value)
    except Exception as error:
        raise UndecodableStateError(
            f"{record.topic}-{record.partition} offset {record.offset} key {_readable(record.key)}: {error}. "
            "State that cannot be read is not skipped: run the release that wrote it, or restore the topic."
        ) from error


def _readable(key: bytes | None) -> str:
    return "none" if key is None else repr(key.decode(errors="backslashreplace"))
