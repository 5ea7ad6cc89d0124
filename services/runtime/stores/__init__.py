"""Where a partition's rows are: in memory, or on disk as well.

A store never holds what is not committed in Kafka: it is written after a commit that is known to have succeeded, and
whatever it lacks is read from the changelogs.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from services.runtime.service import ServiceSpec
from services.runtime.settings import Settings
from services.runtime.stores.memory import MemoryStore
from services.runtime.stores.rocks import RocksStore
from services.runtime.tables import Table


class Store(Protocol):
    """One life's state of one partition. Every method may raise `StoreBrokenError`."""

    @property
    def tables(self) -> Mapping[str, Table[Any]]:
        """The tables by name."""

    def begin(self, origin: str, ends: Mapping[str, int]) -> Mapping[str, int]:
        """Make ready for changelogs of this origin that end there; returns how far the tables are already what each
        of them says, where they are. What cannot be relied on has been dropped then.
        """

    def commit(self, reached: Mapping[str, int], *, whole: bool = True) -> None:
        """The tables' changes are committed: make them the state, which is now what the changelogs say up to there;
        `whole` where that is all they say.
        """

    def close(self) -> None:
        """Let go of memory and files."""


def open_store(spec: ServiceSpec, number: int, count: int, settings: Settings) -> Store:
    """The store of one partition of a service, as the settings choose it. Blocks; raises `StoreError` where there is
    no place for it.
    """
    if settings.store == "memory" or not spec.tables:
        return MemoryStore(spec.tables)
    return RocksStore(spec.tables, partition_folder(settings, spec.name, number), count)


def partition_folder(settings: Settings, service: str, number: int) -> Path:
    """The folder of one partition of a service; an installation's name is part of it."""
    return settings.data_dir / f"{settings.topic_prefix}{service}" / str(number)
