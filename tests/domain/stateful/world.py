"""The service's own fold: requests through intake, days and terms as reference logs them, all through the ledger."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from contracts_schema.entries import DayClosedEntry, OfferingEntry, TermsEntry, write_entry
from contracts_schema.headers import REPEAT, header
from contracts_schema.reference import GuaranteedOffering
from contracts_schema.terms import ContractTerms
from contracts_schema.topics import OUTCOME_TOPICS
from services.domain.state import Participant
from services.intake import INTAKE
from services.ledger.logic import LEDGER, LedgerLogic
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition
from services.runtime.settings import Settings
from services.runtime.tables import Table
from tests.domain.books import Json
from tests.domain.stateful.contracts import Contract

SETTINGS = Settings(partitions=1)


class Outcome:
    """What was written, and how it reads."""

    def __init__(self, record: OutputRecord) -> None:
        self.topic, self.value = record.topic, record.value or b""
        self.person = (record.key or b"").decode().partition("|")[2]
        self.repeated = header(record.headers, REPEAT) == b"true"
        self.message: Json = json.loads(self.value)

    def __repr__(self) -> str:
        return f"{self.topic} {json.dumps(self.message, indent=1)}"


class Fold:
    """A ledger on tables in memory, settled after every record; `log` holds what it read, `written` what it wrote."""

    def __init__(self) -> None:
        self.tables: dict[str, Table[Any]] = {table.name: Table(table) for table in LEDGER.tables}
        self.log: list[InputRecord] = []
        self.written: list[OutputRecord] = []
        self._logic = self._started()

    def _started(self) -> LedgerLogic:
        return LedgerLogic(Partition(0, 1, self.tables, SETTINGS))

    def fold(self, record: InputRecord) -> list[Outcome]:
        """Fold a record of the log, and settle all that is due then."""
        self.log.append(record)
        out = [*self._logic.process([record]), *self._logic.last()]
        while self._logic.has_work():
            out += self._logic.background(None)
        for table in self.tables.values():
            table.commit()
        out = [written for written in out if written.topic in OUTCOME_TOPICS]
        self.written += out
        return [Outcome(written) for written in out]

    def restart(self) -> None:
        """Another life, with the state that the rows of this one encode."""
        before, self.tables = self.tables, {table.name: Table(table) for table in LEDGER.tables}
        for name, table in self.tables.items():
            for key, row in before[name].items():
                table.restore(key.encode(), table.spec.encode(row))
        self._logic = self._started()
        self._logic.restored()


class World(Fold):
    """The fold of one contract, fed by its senders."""

    def __init__(self, contract: Contract) -> None:
        super().__init__()
        self.contract = contract
        self._intake = INTAKE.start(Partition(0, 1, {}, SETTINGS))
        self._offset = 0
        for version in contract.versions:
            self._logged(TermsEntry(terms=ContractTerms.model_validate(version)))
        for offer in contract.offerings:
            self._logged(OfferingEntry(offering=GuaranteedOffering.model_validate(offer)))

    def close(self, entry: DayClosedEntry) -> list[Outcome]:
        """Close a day."""
        return self._logged(entry)

    def _logged(self, entry: DayClosedEntry | TermsEntry | OfferingEntry) -> list[Outcome]:
        return self.fold(InputRecord("ledger-log", 0, len(self.log), b"", write_entry(entry), (), 0))

    def ask(self, topic: str, message: Json, recorded: datetime) -> list[Outcome]:
        """Send a request, which the broker stamps as recorded then."""
        self._offset += 1
        value = json.dumps(message).encode()
        record = InputRecord(topic, 0, self._offset, None, value, (), int(recorded.timestamp() * 1000))
        (entry, *_) = self._intake.process([record])
        return self.fold(InputRecord("ledger-log", 0, len(self.log), entry.key, entry.value, entry.headers, 0))

    def books(self, person: str) -> Participant | None:
        """A participant's books, None where there are none."""
        found = self.tables["participants"].get(f"{self.contract.id}|{person}")
        assert found is None or isinstance(found, Participant)
        return found


def refolded(log: Iterable[InputRecord], restart_at: int | None = None) -> Fold:
    """The same log from the beginning, in two lives where it is told when the first one ends."""
    fold = Fold()
    for place, record in enumerate(log):
        if place == restart_at:
            fold.restart()
        fold.fold(record)
    return fold
