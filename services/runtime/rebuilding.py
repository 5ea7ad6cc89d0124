"""Filling tables from changelogs, quickly, and without keeping the worker's other partitions waiting."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from services.runtime.discretion import told
from services.runtime.errors import PartitionCountError, StoreBrokenError, UndecodableStateError
from services.runtime.reader import PartitionReader
from services.runtime.records import InputRecord
from services.runtime.service import Partition, ServiceSpec
from services.runtime.state import State
from services.runtime.tables import Table

See = Callable[[bytes, bytes | None], None]
Bounds = Mapping[str, tuple[int, int]]
_ROWS_AT_ONCE = 20_000
_ROWS_A_TURN = 500
_SAY_S = 2.0
_log = structlog.get_logger(__name__)


class Rebuilding:
    """Applies to a partition's tables what their store lacks of the changelogs."""

    def __init__(self, spec: ServiceSpec, partition: Partition, state: State, reader: PartitionReader) -> None:
        self._spec = spec
        self._partition = partition
        self._state = state
        self._reader = reader

    async def run(self, bounds: Bounds) -> int:
        """Apply it all, given each changelog's first offset and end; returns how many records that were. Raises
        `UndecodableStateError` and `StoreBrokenError`.
        """
        reached = self._state.begin()
        lacking = {
            table.name: (reached.get(table.changelog, bounds[table.changelog][0]), bounds[table.changelog][1])
            for table in self._spec.tables
        }
        pace = _Pace(self._spec.name, self._partition.number, sum(end - begin for begin, end in lacking.values()))
        for name, (begin, end) in lacking.items():
            await self._follow(self._partition.tables[name], begin, end, pace)
        return pace.records

    async def _follow(self, table: Table[Any], begin: int, end: int, pace: "_Pace") -> None:
        """Apply a changelog from one place to another: of many records of a key only the last is decoded."""
        changelog = table.spec.changelog
        latest: dict[bytes | None, InputRecord] = {}
        async for records in self._reader.read_to(changelog, begin, end):
            latest.update((record.key, record) for record in records)
            pace.read(changelog, len(records), records[-1].offset + 1 - begin)
            begin = records[-1].offset + 1
            if len(latest) >= _ROWS_AT_ONCE:
                await _load(table, latest)
                self._state.reached(changelog, begin)
            await asyncio.sleep(0)  # heartbeats and other partitions go on while much is restored
        await _load(table, latest)
        self._state.reached(changelog, end)


async def _load(table: Table[Any], latest: dict[bytes | None, InputRecord]) -> None:
    for loaded, record in enumerate(latest.values(), 1):
        apply(record, table.restore)
        if loaded % _ROWS_A_TURN == 0:
            await asyncio.sleep(0)  # as above
    latest.clear()


def apply(record: InputRecord, see: See) -> None:
    """Show a record's key and value to `see`; raises `UndecodableStateError`, which says where it is and nothing of
    what is in it, where they are not understood.
    """
    try:
        see(record.key or b"", record.value)
    except PartitionCountError as error:
        raise PartitionCountError(f"{record.topic}-{record.partition} offset {record.offset}: {error}.") from None
    except StoreBrokenError:
        raise
    except Exception as error:
        raise UndecodableStateError(
            f"{record.topic}-{record.partition} offset {record.offset}: {told(error)}. "
            "State that cannot be read is not skipped: run the release that wrote it, or restore the topic."
        ) from error


class _Pace:
    """Counts what is restored, and says every two seconds how far it is: in offsets, of which markers take some."""

    def __init__(self, service: str, partition: int, offsets: int) -> None:
        self.records = 0
        self._offsets = offsets
        self._passed = 0
        self._began = self._said = time.monotonic()
        self._log = _log.bind(service=service, partition=partition)

    def read(self, changelog: str, records: int, offsets: int) -> None:
        """So many records were read, which are so many offsets."""
        self.records += records
        self._passed += offsets
        now = time.monotonic()
        if now - self._said > _SAY_S:
            self._said = now
            rate = round(self.records / (now - self._began))
            self._log.info(
                "restoring", changelog=changelog, passed=self._passed, offsets=self._offsets, records_per_s=rate
            )
