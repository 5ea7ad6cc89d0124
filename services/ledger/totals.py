"""Totals of contracts on a day, counted on one partition in slices (FND-4).

Participants are counted in the order of their keys, and a total remembers how far it is; who is touched before that
is counted first and remembered in a row of its own, which is gone with the total. A participant who comes later holds
nothing on the day, counted or not.
"""

from collections.abc import Iterator
from datetime import date, datetime

from contracts_schema.contract_notices import ContractTotal
from contracts_schema.entries import DayClosedEntry
from contracts_schema.headers import cloud_event
from contracts_schema.values import changed
from services.domain.market import Market
from services.domain.state import Participant
from services.domain.totalling import Totalling, TotalRow, value_on
from services.runtime.codec import versioned
from services.runtime.records import OutputRecord
from services.runtime.service import Partition
from services.runtime.tables import Table, TableSpec

TOTALS: TableSpec[TotalRow] = TableSpec("totals", "ledger-totals", *versioned(TotalRow))


class Totals:
    """The totals under way, by day and contract."""

    def __init__(self, partition: Partition) -> None:
        self._partition = partition
        self._participants: Table[Participant] = partition.tables["participants"]
        self._rows: Table[TotalRow] = partition.tables["totals"]
        self._open: dict[str, Totalling] = {}

    def __len__(self) -> int:
        return len(self._open)

    def restored(self) -> None:
        """Derive from the table what is under way."""
        found = [row.totalling for _, row in self._rows.items() if row.totalling is not None]
        self._open = {each.key: each for each in sorted(found, key=lambda each: (each.date, each.contract_id))}

    def begin(self, entry: DayClosedEntry) -> None:
        """A closed day: count the contracts that it names."""
        for contract_id in entry.contract_totals or ():
            self._keep(Totalling(entry.date, contract_id))

    def first(self) -> Totalling | None:
        """The total to be counted next; none where none is under way."""
        return next(iter(self._open.values()), None)

    def owed(self, key: str, before: date) -> list[Totalling]:
        """The totals of days before one, the earliest first, in which a participant is not counted yet."""
        return [
            each
            for each in self._open.values()
            if each.date < before
            and key.startswith(each.prefix)
            and key > each.after
            and self._rows.get(_counted(each, key)) is None
        ]

    def count_first(self, of: Totalling, key: str, market: Market) -> None:
        """Count a participant out of turn, as the books stand now."""
        value = value_on(market, self._participants.get(key), of.date)
        self._keep(self._open[of.key].with_value(value))
        self._rows.put(_counted(of, key), TotalRow())

    def count(self, of: Totalling, market: Market, most: int) -> Iterator[OutputRecord]:
        """Count some participants more; when that were all, what the total is."""
        keys = self._participants.keys_after(of.prefix, of.after, most)
        for key in keys:
            if self._rows.get(_counted(of, key)) is None:
                of = of.with_value(value_on(market, self._participants.get(key), of.date))
        if len(keys) == most:
            self._keep(changed(of, after=keys[-1]))
            return
        yield self._told(of, market.days[of.date].closed_at)
        del self._open[of.key]
        for row in [name for name, _ in self._rows.items() if name == of.key or name.startswith(f"{of.key}|")]:
            self._rows.delete(row)

    def _keep(self, of: Totalling) -> None:
        self._open[of.key] = of
        self._rows.put(of.key, TotalRow(of))

    def _told(self, of: Totalling, closed_at: str) -> OutputRecord:
        number = self._partition.number
        message = ContractTotal(
            contract_id=of.contract_id,
            date=of.date,
            closed_at=datetime.fromisoformat(closed_at),
            partition=number,
            partitions=self._partition.count,
            total=of.total,
            participants=of.participants,
            rules=("FND-4",),
        )
        key = _topic_key(of.contract_id, of.date)
        headers = cloud_event(message.kind, f"{key}|{number}", of.contract_id, closed_at)
        return OutputRecord("contract-totals", 0, key.encode(), message.written(), headers)


def _counted(of: Totalling, key: str) -> str:
    """The row that says that a participant was counted out of turn."""
    return f"{of.key}|{key.removeprefix(of.prefix)}"


def _topic_key(contract_id: str, day: date) -> str:
    return f"{contract_id}|{day}"
