"""What a service is to the runtime: its topics and tables, and the function from records to records.

The same processor runs intake, reference, ledger and remittances; only what is declared here differs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from services.runtime.records import InputRecord, OutputRecord
from services.runtime.settings import Settings
from services.runtime.tables import Table, TableSpec


class PartitionLogic(Protocol):
    """A service's work on one partition. A fresh instance is made for every assignment and dropped whole on any
    failure.

    All but `pending` are synchronous and keep the event loop waiting: at most about a second each. An exception out of
    any of them is a bug: nothing is committed and the worker stops.
    """

    def restored(self) -> None:
        """The tables are filled; derive from them what is kept beside them (an index, a counter)."""

    def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
        """Fold a batch, in order per topic, into the tables; what is returned is written in the same transaction, which
        may hold further batches.
        """

    def last(self) -> Sequence[OutputRecord]:
        """What a transaction writes once of all that changed in it; asked after its last `process`."""

    async def pending(self) -> object | None:
        """Work there is to do between batches, or None. Changes nothing. Asked after every batch and a few times a
        second when idle.
        """

    def background(self, work: object) -> Sequence[OutputRecord]:
        """Do one slice of what `pending` gave; one transaction, as `process`."""

    def committed(self) -> None:
        """The transaction of the last `process` or `background` is committed and the tables hold its changes."""

    def note(self) -> Mapping[str, object]:
        """Facts for the progress record, as JSON: the last closed day, how much is still to settle."""


@dataclass(frozen=True, slots=True)
class Partition:
    """What a service's logic is given: which partition of how many, its tables by name, and the installation's
    settings.
    """

    number: int
    count: int
    tables: Mapping[str, Table[Any]]
    settings: Settings


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """A service to run. All its inputs, changelogs and its progress topic have the same number of partitions:
    processor n has partition n of each.

    `membership` is the input whose partitions the consumer group shares out; their numbers are the processors'
    numbers.
    """

    name: str
    inputs: tuple[str, ...]
    tables: tuple[TableSpec[Any], ...]
    progress: str
    membership: str
    start: Callable[[Partition], PartitionLogic]
