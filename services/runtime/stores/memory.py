"""State in memory alone: rebuilt from the changelogs, whole, by every life."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.runtime.tables import Table, TableSpec


class MemoryStore:
    """Rows in dicts."""

    def __init__(self, specs: Iterable[TableSpec[Any]]) -> None:
        self.tables: Mapping[str, Table[Any]] = {spec.name: Table(spec) for spec in specs}

    def begin(self, origin: str, ends: Mapping[str, int]) -> Mapping[str, int]:
        """Nothing is here yet, whatever is asked for."""
        del origin, ends
        return {}

    def commit(self, reached: Mapping[str, int], *, whole: bool = True) -> None:
        """Make the tables' changes their state."""
        del reached, whole
        for table in self.tables.values():
            table.commit()

    def close(self) -> None:
        """Nothing is open."""
