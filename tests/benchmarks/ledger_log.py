"""A ledger log of real requests: made by intake's and reference's own logic, folded by the ledger's to know what
must come of it.

People open an account, then deposit every day into two funds and Fixed Account 2; every day is closed. At last each
deposits into Fixed Account 2 alone on the frozen day, which settles whatever is still due, also for a comparator that
settles nothing in the background.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.intake.logic import IntakeLogic
from services.ledger.logic import LEDGER, LedgerLogic
from services.reference.logic import REFERENCE, IntakeCaughtUp, ReferenceLogic
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition
from services.runtime.settings import Settings
from services.runtime.tables import Table
from tests.domain import books

OUTCOMES = ("confirmations", "rejections", "notices", "acknowledgements")
REFUSED = ("alarms", "dead-letters")
FUNDS = ("F1", "F2")
SHARES = books.shares(F1="40", F2="30", FA2="30")
DAYS = tuple(books.business_days("2021-01-04", "2021-12-31"))
Outcomes = dict[tuple[str, bytes], list[tuple[bytes, tuple[tuple[str, bytes], ...]]]]
"""What was written, by topic and key, in order."""


@dataclass(frozen=True)
class LedgerLog:
    """The log's records in order, and how many of them are requests."""

    records: Sequence[OutputRecord]
    requests: int


def written(people: int, days: int, partitions: int) -> LedgerLog:
    """The log of so many people over so many days."""
    pen = Pen(partitions)
    pen.contract()
    for person in range(people):
        pen.request("account-instructions", books.opening("open", DAYS[0], participant_id=f"P{person}"))
    pen.close(DAYS[0])
    for day in DAYS[1 : days + 1]:
        for person in range(people):
            pen.request("deposit-requests", fund_deposit(f"{day}", day, person))
        pen.close(day)
    for person in range(people):
        pen.request("deposit-requests", fixed_deposit("last", DAYS[days + 1], person))
    return LedgerLog(pen.records, people * (days + 2))


def fund_deposit(request_id: str, day: str, person: int) -> books.Json:
    """A deposit to three options, which waits for the close."""
    amount = f"{100 + person % 900}.{person % 100:02}"
    return books.deposit(request_id, day, amount, participant_id=f"P{person}", allocation=SHARES)


def fixed_deposit(request_id: str, day: str, person: int) -> books.Json:
    """A deposit that is decided at once on the frozen day."""
    return books.deposit(request_id, day, "50.00", participant_id=f"P{person}", allocation=books.shares(FA2="100"))


class Pen:
    """Writes `records` of a ledger log as intake and reference do."""

    def __init__(self, partitions: int) -> None:
        settings = Settings(partitions=partitions)
        rows = {table.name: Table(table) for table in REFERENCE.tables}
        self._intake = IntakeLogic(Partition(0, partitions, {}, settings))
        self._reference = ReferenceLogic(Partition(0, 1, rows, settings))
        self._offset = 0
        self.records: list[OutputRecord] = []

    def contract(self, **more: object) -> None:
        """Terms of contract C1, and the rates of its fixed option."""
        options = (*(books.fund(name) for name in FUNDS), books.fixed_account_2())
        self.publish("contract-terms", books.terms(*options, submitters=[_SUBMITTER], **more))
        for message in (books.declared("0.02"), books.one_year_minimum("0.01"), books.one_year_minimum("0.01", 2022)):
            self.publish("credited-rates", message)

    def publish(self, topic: str, message: books.Json) -> None:
        """What reference makes of a message that is in order."""
        self._log(self._reference.process([self._record(topic, message, datetime(2021, 1, 1, tzinfo=UTC))]))

    def request(self, topic: str, message: books.Json) -> None:
        """What intake makes of a request that arrives when it says that it was received."""
        record = self._record(topic, message, datetime.fromisoformat(message["received_at"]))
        self.records += self._intake.process([record])

    def close(self, day: str, prices: Mapping[str, str] | None = None) -> None:
        """Prices, 10 unless told, and the day's end."""
        for name in FUNDS:
            self.publish("fund-values", books.fund_value(name, day, **({"unit_value": prices[name]} if prices else {})))
        complete = self._reference.complete_day(datetime.fromisoformat(day).date())
        assert complete is not None, "all that a close takes is there"
        self._log(self._reference.background(IntakeCaughtUp(complete)))

    def drained(self) -> list[OutputRecord]:
        """What was written since this was last asked; `records` holds it no longer."""
        records, self.records = self.records, []
        return records

    def _log(self, records: Sequence[OutputRecord]) -> None:
        assert not any(record.topic in REFUSED for record in records), "what is published is in order"
        self.records += [record for record in records if record.topic == "ledger-log"]

    def _record(self, topic: str, message: books.Json, at: datetime) -> InputRecord:
        self._offset += 1
        return InputRecord(topic, 0, self._offset, None, json.dumps(message).encode(), (), int(at.timestamp() * 1000))


_SUBMITTER = {"submitted_by": "acme", "received_at_trusted": True}


class Folding:
    """The ledger's logic on one partition, with tables in memory, as its worker runs it between two broker calls."""

    def __init__(self, number: int = 0, count: int = 1, *, changelogs: bool = True) -> None:
        self._changelogs = changelogs
        self.tables = {table.name: Table(table) for table in LEDGER.tables}
        self.logic = LedgerLogic(Partition(number, count, self.tables, Settings(partitions=count)))

    def fold(self, records: Sequence[InputRecord]) -> Iterator[OutputRecord]:
        """Fold a batch and settle all that is due then; changelog records are left out, once they are encoded."""
        yield from self._committed([*self.logic.process(records), *self.logic.last()])
        while self.logic.has_work():
            yield from self._committed(self.logic.background(None))

    def _committed(self, out: Sequence[OutputRecord]) -> Sequence[OutputRecord]:
        for table in self.tables.values():
            if self._changelogs:
                list(table.changelog())
            table.commit()
        return out


def as_input(offset: int, record: OutputRecord) -> InputRecord:
    """A record of the log as its reader gets it."""
    return InputRecord("ledger-log", record.partition, offset, record.key, record.value, record.headers, 0)


def expected(log: LedgerLog, partitions: int) -> Outcomes:
    """What must be written: the fold of each partition in process, where nothing can be lost."""
    found: Outcomes = defaultdict(list)
    for number in range(partitions):
        folding = Folding(number, partitions)
        for offset, record in enumerate(log.records):
            if record.partition == number:
                for out in folding.fold([as_input(offset, record)]):
                    if out.topic in OUTCOMES:
                        found[out.topic, out.key or b""].append((out.value or b"", out.headers))
    return dict(found)
