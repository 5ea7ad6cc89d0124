"""Tables and positions as the last committed transaction left them, from the changelogs."""

import time
from uuid import uuid4

import structlog

from services.runtime import metrics
from services.runtime.changelogs import check_ends, progress_lost
from services.runtime.errors import NotStateError, PartitionCountError, PositionOutOfRangeError
from services.runtime.progress import VERSION, Progress, decode_progress, progress_key
from services.runtime.reader import PartitionReader
from services.runtime.rebuilding import Bounds, Rebuilding, apply
from services.runtime.service import Partition, ServiceSpec
from services.runtime.state import State
from services.runtime.stores import Store

_LAST_RECORDS = 100
_log = structlog.get_logger(__name__)


async def restore(
    spec: ServiceSpec, partition: Partition, store: Store, reader: PartitionReader
) -> tuple[dict[str, int], dict[str, int], State]:
    """Fill the store's tables, which are the partition's; returns the position to read on from in each input, the
    log's beginning where nothing was read yet, the end of each input, and the state. To be called after the previous
    owner was fenced: nobody else can append any more.

    Raises `UndecodableStateError` for a record that cannot be read, `PartitionCountError` where the state was written
    under another number of partitions, `ChangelogLostError` where changelogs and progress do not go together,
    `PositionOutOfRangeError` for a position that the log does not have, and `StoreBrokenError`.
    """
    began = time.monotonic()
    _log.debug("restore_begun", service=spec.name, partition=partition.number)
    metrics.RESTORING.labels(spec.name, partition.number).set(1)
    changelogs = [table.changelog for table in spec.tables]
    bounds = await reader.bounds([*changelogs, spec.progress, *spec.inputs])
    progress = await _last_progress(spec.progress, partition, reader, bounds)
    check_ends({changelog: bounds[changelog] for changelog in changelogs}, spec.progress, partition.number, progress)
    state = State(partition, store, progress.origin or uuid4().hex, {name: bounds[name][1] for name in changelogs})
    applied = await Rebuilding(spec, partition, state, reader).run(bounds)
    if applied and not progress.positions:
        raise progress_lost(spec.progress, partition.number)
    positions = {topic: progress.positions.get(topic, bounds[topic][0]) for topic in spec.inputs}
    for topic, position in positions.items():
        _check_position(f"{topic}-{partition.number}", position, *bounds[topic])
    seconds = round(time.monotonic() - began, 3)
    metrics.restored(spec.name, partition.number, applied, seconds)
    _log.info("restored", service=spec.name, partition=partition.number, records=applied, seconds=seconds)
    return positions, {topic: bounds[topic][1] for topic in spec.inputs}, state


async def _last_progress(topic: str, partition: Partition, reader: PartitionReader, bounds: Bounds) -> Progress:
    """The last progress, looked for from the end on: until the broker compacts them there is one for each
    transaction.
    """
    begin, end = bounds[topic]
    back = _LAST_RECORDS
    while True:
        start = max(begin, end - back)
        last = _LastProgress(partition)
        async for records in reader.read_to(topic, start, end):
            for record in records:
                apply(record, last.see)
        if start == begin or last.progress.positions:
            return last.progress
        back *= _LAST_RECORDS


class _LastProgress:
    """Keeps the last progress of one partition."""

    def __init__(self, partition: Partition) -> None:
        self._key = progress_key(partition.number)
        self._partitions = partition.count
        self.progress = Progress(VERSION, partition.count, {})

    def see(self, key: bytes, value: bytes | None) -> None:
        if key != self._key or value is None:
            raise NotStateError(f"not a progress record of this partition, whose key is {self._key!r}")
        progress = decode_progress(value)
        if progress.partitions != self._partitions:
            raise PartitionCountError(
                f"written with {progress.partitions} partitions and now to be read with {self._partitions}. "
                "The number of partitions never changes in the life of an installation"
            )
        self.progress = progress


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
