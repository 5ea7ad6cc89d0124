"""A partition's state in a life: its tables, and where their changelogs end.

Nobody else appends to the changelogs once the previous owner is fenced, and a committed transaction takes one offset
for each record and one for its marker. So the ends are reckoned, and every progress record says what they are after
its own transaction: a changelog that ends before that has lost records.
"""

from collections.abc import Mapping

from services.runtime.records import OutputRecord
from services.runtime.service import Partition
from services.runtime.stores import Store


class State:
    """`ends` is where each changelog ends after the transaction that is being made; `origin` names the changelogs."""

    def __init__(self, partition: Partition, store: Store, origin: str, ends: Mapping[str, int]) -> None:
        self.origin = origin
        self.ends = dict(ends)
        self._partition = partition
        self._store = store
        self._reached: dict[str, int] = {}

    def begin(self) -> Mapping[str, int]:
        """Make the store ready; returns how far its tables already are what each changelog says."""
        self._reached = dict(self._store.begin(self.origin, self.ends))
        return dict(self._reached)

    def reached(self, changelog: str, position: int) -> None:
        """What the changelog says up to there has been put into its table."""
        if self._reached.get(changelog) != position:
            self._reached[changelog] = position
            self._store.commit(self._reached, whole=self._reached == self.ends)

    def changes(self) -> list[OutputRecord]:
        """The batch's changes as changelog records; to be asked for once for each transaction."""
        number, records = self._partition.number, []
        for table in self._partition.tables.values():
            changelog = table.spec.changelog
            changed = [OutputRecord(changelog, number, key, value) for key, value in table.changelog()]
            if changed:
                self.ends[changelog] = self.ends.get(changelog, 0) + len(changed) + 1
                records += changed
        return records

    def commit(self) -> None:
        """The transaction with the changes is committed. Raises `StoreBrokenError`."""
        self._store.commit(self.ends)
