"""A ledger's worker in memory, transaction by transaction: what is not committed when it ends never was.

Between two lives there is nothing but what the changelogs hold, encoded, and the position in the log.
"""

from collections.abc import Mapping, Sequence
from typing import Self

from services.ledger.logic import LEDGER, LedgerLogic
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition
from services.runtime.settings import Settings
from services.runtime.tables import Table

Changelogs = Mapping[str, Mapping[bytes, bytes]]


class Worker:
    """Reads a log from its beginning, with the state that changelogs say; a slice settles one participant.

    `written` is what was committed of all lives.
    """

    def __init__(self, log: Sequence[InputRecord], changelogs: Changelogs | None = None) -> None:
        self.log = log
        self.changelogs = {table.name: dict((changelogs or {}).get(table.name, {})) for table in LEDGER.tables}
        self.written: list[OutputRecord] = []
        self._committed = 0
        self.crash()

    def crash(self) -> None:
        """End without a commit; whoever comes next begins with the last one."""
        self.tables = {table.name: Table(table) for table in LEDGER.tables}
        for name, rows in self.changelogs.items():
            for key, row in rows.items():
                self.tables[name].restore(key, row)
        partition = Partition(0, 1, self.tables, Settings(partitions=1))
        self._logic = LedgerLogic(partition, slice_keys=1)
        self._logic.restored()
        self._at, self._out = self._committed, list[OutputRecord]()

    def read(self) -> None:
        """Fold the next record, if there is one; its participant is settled with it, nobody else."""
        if self._at < len(self.log):
            self._out += [*self._logic.process([self.log[self._at]]), *self._logic.last()]
            self._at += 1

    def settle(self) -> None:
        """A slice, if anything is due."""
        if self._logic.has_work():
            self._out += self._logic.background(None)

    def commit(self) -> None:
        """Keep what was written and changed, and how far the log was read."""
        for name, table in self.tables.items():
            for key, row in table.changelog():
                if row is None:
                    del self.changelogs[name][key]
                else:
                    self.changelogs[name][key] = row
            table.commit()
        self.written += self._out
        self._committed, self._out = self._at, []

    def rebalance(self) -> None:
        """End with a commit."""
        self.commit()
        self.crash()

    def finish(self) -> Self:
        """Read on to the end of the log, and settle all that is due then."""
        while self._at < len(self.log) or self._logic.has_work():
            self.read()
            while self._logic.has_work():
                self.settle()
        self.commit()
        return self
