"""RocksDB behind what a store asks of it: bytes by key in order, and writes that happen whole or not at all.

The write-ahead log is not synced: it outlives the process, and after a power cut the changelogs give what is missing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rocksdict import (
    BlockBasedOptions,
    Cache,
    DBCompressionType,
    Options,
    Rdict,
    ReadOptions,
    WriteBatch,
)

from services.runtime.errors import StoreBrokenError

_MB = 1024 * 1024
_WRITE_BUFFER = 16 * _MB
_BLOOM_BITS = 10
_blocks = Cache(128 * _MB)  # for all databases of the process


class DatabaseBusyError(Exception):
    """Somebody has the database open."""


class Database:
    """An open database. Raises `DatabaseBusyError`, or `StoreBrokenError` where it cannot be opened or used; `damaged`
    says that what is on disk is not what was written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.damaged = False
        try:
            self._rocks = Rdict(str(folder), _options())
        except Exception as error:
            if f"{folder}/LOCK" in str(error):
                raise DatabaseBusyError(str(error)) from error
            raise self._broken(error) from error

    def get(self, key: bytes) -> bytes | None:
        """The value, or None."""
        try:
            found: bytes | None = self._rocks.get(key)
        except Exception as error:
            raise self._broken(error) from error
        return found

    def range(self, start: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Keys from `start` on and before `end`, in order, with their values. To be read to its end or closed before
        the database is.
        """
        options = ReadOptions()
        options.set_iterate_upper_bound(end)
        at = self._rocks.iter(options)
        try:
            at.seek(start)
            while at.valid():
                yield at.key(), at.value()
                at.next()
            at.status()
        except Exception as error:
            raise self._broken(error) from error
        finally:
            del at  # an iterator keeps the database open

    def write(self, batch: WriteBatch) -> None:
        """All of the batch or nothing."""
        try:
            self._rocks.write(batch)
        except Exception as error:
            raise self._broken(error) from error

    def close(self) -> None:
        """Let go of it; what was written stays."""
        self._rocks.close()

    def _broken(self, error: Exception) -> StoreBrokenError:
        self.damaged = self.damaged or "Corruption" in str(error)
        return StoreBrokenError(f"{self.folder}: {error}")


def prefix_end(prefix: bytes) -> bytes:
    """What comes right after every key that begins so."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes([kept[-1] + 1])


def _options() -> Options:
    tables: Any = BlockBasedOptions()
    tables.set_block_cache(_blocks)
    tables.set_bloom_filter(_BLOOM_BITS, block_based=False)
    options = Options(raw_mode=True)
    options.create_if_missing(True)
    options.set_block_based_table_factory(tables)
    options.set_compression_type(DBCompressionType.lz4())
    options.set_write_buffer_size(_WRITE_BUFFER)
    options.set_keep_log_file_num(2)
    options.set_stats_dump_period_sec(0)
    return options
