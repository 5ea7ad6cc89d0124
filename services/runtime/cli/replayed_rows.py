"""What a replay has under the key of a row, for whoever has to see why the live one is another."""

from datetime import date

import msgspec

from services.domain.account_values import TOPIC, account_values
from services.domain.folding import market_of
from services.runtime.cli.following import Difference
from services.runtime.cli.lines import Record
from services.runtime.records import OutputRecord
from services.runtime.service import Partition


def replayed_row(ledger: Partition, difference: Difference, live: Record | None) -> OutputRecord | None:
    """The row as the replay left it; account values as of the day that the live ones are of."""
    if difference.topic == TOPIC:
        return _values(ledger, difference, live)
    for table in ledger.tables.values():
        if table.spec.changelog == difference.topic:
            row = table.get(difference.key.decode())
            if row is None:
                return None
            return OutputRecord(difference.topic, difference.partition, difference.key, table.spec.encode(row))
    return None


class _Live(msgspec.Struct):
    """Of live account values, the day."""

    as_of: date


def _values(ledger: Partition, difference: Difference, live: Record | None) -> OutputRecord | None:
    books = ledger.tables["participants"].get(difference.key.decode())
    market = market_of(ledger.tables["market"].items())
    as_of = _day(live) or market.head.last_closed
    if books is None or as_of is None or as_of not in market.days:
        return None
    emission = account_values(market, books, as_of)
    return OutputRecord(difference.topic, difference.partition, difference.key, emission.value, emission.headers)


def _day(live: Record | None) -> date | None:
    """The day that live account values say they are of, None where they do not."""
    if live is None or live.value is None:
        return None
    try:
        return msgspec.json.decode(live.value, type=_Live).as_of
    except msgspec.DecodeError:
        return None
