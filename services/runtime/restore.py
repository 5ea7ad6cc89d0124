"""Tables and positions as the last committed transaction left them, from the changelogs."""

import asyncio
import time
from collections.abc import Callable

import structlog

from services.runtime import metrics
from services.runtime.errors import PartitionCountError, PositionOutOfRangeError, UndecodableStateError
from services.runtime.progress import decode_progress, progress_key
from services.runtime.reader import PartitionReader
from services.runtime.records import InputRecord
from services.runtime.service import Partition, ServiceSpec

See = Callable[[bytes, bytes | None], None]
_log = structlog.get_logger(__name__)


async def restore(spec: ServiceSpec, partition: Partition, reader: PartitionReader) -> dict[str, int]:
    """Fill the partition's tables; returns the position to read on from in each input, the log's beginning where
    nothing was read yet. To be called after the previous owner was fenced: nobody else can append any more.

    Raises `UndecodableStateError` for a record that cannot be read, `PartitionCountError` where the state was written
    under another number of partitions, and `PositionOutOfRangeError` for a position that the log does not have.
    """
    began = time.monotonic()
    _log.debug("restore_begun", service=spec.name, partition=partition.number)
    metrics.RESTORING.labels(spec.name, partition.number).set(1)
    tables = partition.tables.values()
    bounds = await reader.bounds([*(table.spec.changelog for table in tables), spec.progress, *spec.inputs])
    applied = 0
    for table in tables:
        applied += await _apply(reader, table.spec.changelog, bounds, table.restore)
    last = _LastProgress(partition)
    applied += await _apply(reader, spec.progress, bounds, last.see)
    positions = {topic: last.positions.get(topic, bounds[topic][0]) for topic in spec.inputs}
    for topic, position in positions.items():
        _check_position(f"{topic}-{partition.number}", position, *bounds[topic])
    seconds = round(time.monotonic() - began, 3)
    metrics.restored(spec.name, partition.number, applied, seconds)
    _log.info("restored", service=spec.name, partition=partition.number, records=applied, seconds=seconds)
    return positions


class _LastProgress:
    """Keeps the last progress of one partition."""

    def __init__(self, partition: Partition) -> None:
        self._key = progress_key(partition.number)
        self._partitions = partition.count
        self.positions: dict[str, int] = {}

    def see(self, key: bytes, value: bytes | None) -> None:
        if key != self._key or value is None:
            raise ValueError(f"not a progress record of this partition, whose key is {self._key!r}")
        progress = decode_progress(value)
        if progress.partitions != self._partitions:
            raise PartitionCountError(
                f"written with {progress.partitions} partitions and now to be read with {self._partitions}. "
                "The number of partitions never changes in the life of an installation"
            )
        self.positions = progress.positions


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
    except PartitionCountError as error:
        raise PartitionCountError(f"{record.topic}-{record.partition} offset {record.offset}: {error}.") from None
    except Exception as error:
        raise UndecodableStateError(
            f"{record.topic}-{record.partition} offset {record.offset} key {_readable(record.key)}: {error}. "
            "State that cannot be read is not skipped: run the release that wrote it, or restore the topic."
        ) from error


def _readable(key: bytes | None) -> str:
    return "none" if key is None else repr(key.decode(errors="backslashreplace"))


def _check_position(where: str, position: int, begin: int, end: int) -> None:
    if position < begin:
        raise PositionOutOfRangeError(
            f"{where}: to be read on from {position}, but the log begins at {begin}: "
            "records were deleted before they were read. Restore them, or decide that they are lost; "
            "nothing is skipped by itself."
        )
    if position > end:
        raise PositionOutOfRangeError(
            f"{where}: to be read on from {position}, but the log ends at {end}: "
            "it was truncated or made anew. Restore the topic together with this service's changelogs."
        )
