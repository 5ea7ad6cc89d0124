"""State on disk, in RocksDB: a life reads from the changelogs only what the database lacks.

All tables of a partition are in one database, and a batch's rows, their dates and how far the changelogs have been
followed are one write. The database is a copy that can be made again, and is whenever there is doubt about it.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import structlog
from rocksdict import WriteBatch

from contracts_schema.topics import TOMBSTONES_MS
from services.runtime.errors import StoreBrokenError, StoreError
from services.runtime.stores.database import Database, DatabaseBusyError
from services.runtime.stores.dates import StoredDates
from services.runtime.stores.rows import StoredRows
from services.runtime.stores.slots import Slot, free_slots, remove_old
from services.runtime.tables import Table, TableSpec

FORMAT = 1
STALE_S = TOMBSTONES_MS / 1000 / 2
_ABOUT = b"about"
_log = structlog.get_logger(__name__)


class About(msgspec.Struct, frozen=True):
    """What a database says of itself: whose copy it is, how far it follows each changelog, and when it last followed
    all of them to their ends, in seconds since 1970.
    """

    format: int = 0
    origin: str = ""
    partitions: int = 0
    indexes: dict[str, int] = {}
    reached: dict[str, int] = {}
    in_step: float = 0.0


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(About)


class RocksStore:
    """The database of the partition that was written last of those that nobody has, or a new one."""

    def __init__(self, specs: Iterable[TableSpec[Any]], partition: Path, partitions: int) -> None:
        self._specs = tuple(specs)
        self._partitions = partitions
        self._origin = ""
        self._in_step = 0.0
        self._slot, self._database = _opened(partition)
        self.tables: dict[str, Table[Any]] = {}
        try:
            self._begin_with(_read_about(self._database))
            remove_old(partition, STALE_S)
        except BaseException:
            self.close()
            raise

    def begin(self, origin: str, ends: Mapping[str, int]) -> Mapping[str, int]:
        """Make ready for changelogs of this origin that end there; returns how far the database follows each."""
        self._origin = origin
        self._in_step = time.time()
        if self._about is not None and (reason := _doubt(self._about, origin, ends)):
            self._start_anew(reason)
        if self._about is None:
            return {}
        self._in_step = self._about.in_step
        return self._about.reached

    def commit(self, reached: Mapping[str, int], *, whole: bool = True) -> None:
        """Write the tables' changes, which are committed, with how far the changelogs are followed by them."""
        if whole:
            self._in_step = time.time()
        for table in self.tables.values():
            table.commit()
        batch = WriteBatch(raw_mode=True)
        for part in self._parts:
            part.drain(batch)
        about = About(FORMAT, self._origin, self._partitions, self._indexes(), dict(reached), self._in_step)
        batch.put(_ABOUT, _encoder.encode(about))
        self._database.write(batch)

    def close(self) -> None:
        """Close the database and let others have it. One that was found damaged is removed."""
        self._database.close()
        if self._database.damaged:
            self._slot.clear()
        self._slot.release()

    def _begin_with(self, about: About | None) -> None:
        """Take up what the database holds, unless it cannot be read as it was written."""
        self._about = about
        written_as = about and (about.format, about.partitions, about.indexes)
        if written_as and written_as != (FORMAT, self._partitions, self._indexes()):
            self._start_anew("another release or another number of partitions wrote it")
            return
        self._parts: list[StoredRows[Any] | StoredDates] = []
        self.tables.update((spec.name, self._table(spec)) for spec in self._specs)

    def _table(self, spec: TableSpec[Any]) -> Table[Any]:
        rows = StoredRows(self._database, spec)
        self._parts.append(rows)
        stored = replace(spec, encode=rows.encode, decode=rows.decode)
        index = spec.index
        if index is None:
            return Table(stored, rows)
        dates = StoredDates(self._database, spec.name, lambda key: _date(index, rows.get(key)))
        self._parts.append(dates)
        return Table(stored, rows, dates)

    def _start_anew(self, reason: str) -> None:
        _log.warning("store_made_anew", folder=str(self._slot.folder), reason=reason)
        self._database.close()
        self._slot.clear()
        self._database = Database(self._slot.folder)
        self._begin_with(None)

    def _indexes(self) -> dict[str, int]:
        return {spec.name: spec.index_version for spec in self._specs}


def _doubt(about: About, origin: str, ends: Mapping[str, int]) -> str | None:
    """Why a database is no copy to go on from; None where it is one."""
    if about.origin != origin:
        return "it belongs to other topics"
    if any(position > ends.get(changelog, 0) for changelog, position in about.reached.items()):
        return "it is ahead of its changelog"
    lacking = any(end > about.reached.get(changelog, 0) for changelog, end in ends.items())
    if lacking and time.time() - about.in_step > STALE_S:
        return "it was left behind so long ago that its changelog may no longer say what was removed since"
    return None


def _opened(partition: Path) -> tuple[Slot, Database]:
    """The first free slot and its database, made anew where it cannot be opened. Raises `StoreError`."""
    try:
        for slot in free_slots(partition):
            try:
                return slot, _open(slot)
            except DatabaseBusyError:  # somebody of this process has not let go of it yet
                slot.release()
            except BaseException:
                slot.release()
                raise
    except (OSError, StoreBrokenError) as error:
        raise StoreError(
            f"{partition}: {error}. Give the worker a folder it may write to with ANNUITY_LEDGER_DATA_DIR, "
            "or set ANNUITY_LEDGER_STORE=memory"
        ) from error
    raise AssertionError("unreachable")


def _open(slot: Slot) -> Database:
    try:
        return Database(slot.folder)
    except StoreBrokenError as error:
        _log.warning("store_made_anew", folder=str(slot.folder), reason=str(error))
        slot.clear()
        return Database(slot.folder)


def _read_about(database: Database) -> About | None:
    """What the database says of itself; None where it is new."""
    data = database.get(_ABOUT)
    return None if data is None else _decoder.decode(data)


def _date(index: Callable[[Any], date | None], row: object) -> date | None:
    return None if row is None else index(row)
