"""From records to what a statement says of each participant. Pure: give it records, whatever they were read from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from deploy.examples.statement.records import Json, Record, dollars


@dataclass
class Holder:
    """A participant under a contract.

    `values` is the last record of `account-values`, `points` the value of every day that one was seen of. A compacted
    topic forgets the older ones: whoever wants the whole chart keeps the points as they come, in a table of days and
    dollars, and does not begin anew each time as this example does.
    """

    key: str
    values: Json | None = None
    points: dict[date, Decimal] = field(default_factory=dict)
    confirmations: list[Json] = field(default_factory=list)
    notices: list[Json] = field(default_factory=list)

    def between(self, first: date, last: date) -> list[Json]:
        """The confirmations of a period by trade date, in the order of their sequence numbers."""
        found = [each for each in self.confirmations if first <= date.fromisoformat(each["trade_date"]) <= last]
        return sorted(found, key=lambda each: int(each["sequence"]))

    def told_between(self, first: date, last: date) -> list[Json]:
        """The notices of a period, likewise."""
        found = [each for each in self.notices if first <= date.fromisoformat(each["date"]) <= last]
        return sorted(found, key=lambda each: int(each["sequence"]))


def gathered(records: Iterable[Record]) -> dict[str, Holder]:
    """Everybody there is a record of, by `contract_id|participant_id`."""
    holders: dict[str, Holder] = {}
    for record in records:
        holder = holders.setdefault(record.key, Holder(record.key))
        if record.topic == "account-values":
            holder.values = record.message
            holder.points[date.fromisoformat(record.message["as_of"])] = dollars(record.message["value"])
        elif record.repeat:
            continue
        elif record.topic == "confirmations":
            holder.confirmations.append(record.message)
        else:
            holder.notices.append(record.message)
    return holders
