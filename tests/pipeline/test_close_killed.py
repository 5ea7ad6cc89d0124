"""Reference is killed in the middle of closes, again and again: every partition has one and the same closed day a date.

`CLOSE_KILLS` says how often it is killed, 20 times unless it is set.
"""

import json
import os
from pathlib import Path
from random import Random

import pytest

from contracts_schema.entries import DayClosedEntry, read_entry
from services.runtime.records import InputRecord
from tests.domain import books
from tests.domain.books_closing import policy
from tests.pipeline.closer import Closer
from tests.pipeline.installation import Installation, Line

KILLS = int(os.environ.get("CLOSE_KILLS", "20"))
DAYS = [*books.business_days("2021-01-04", "2021-12-31")][: KILLS + 1]
PARTITIONS = 12
LONGEST_S = 0.05


@pytest.mark.timeout(60 + 15 * KILLS)
def test_every_partition_has_the_same_closed_days_though_reference_dies_in_mid_close(
    bootstrap_servers: str, topic_prefix: str, tmp_path: Path
) -> None:
    random = Random(20)  # noqa: S311 -- a test's choices
    with Installation(bootstrap_servers, topic_prefix, tmp_path, PARTITIONS) as service:
        service.send(_contract())
        in_mid_close = 0
        with Closer(service.environment) as closer:
            for day in DAYS[:KILLS]:
                service.send(_prices(day, random))
                in_mid_close += closer.kill_closing(random.uniform(0, LONGEST_S))
                closer.go_on()
            service.send(_prices(DAYS[-1], random))
            service.wait(lambda: _last_closed(service) == DAYS[-1], f"the close of {DAYS[-1]}", 60)

        of_partition = [_closed(service.read("ledger-log"), number) for number in range(PARTITIONS)]
        assert [day for day, _ in of_partition[0]] == DAYS
        assert all(found == of_partition[0] for found in of_partition)
        told = [
            [json.loads(r.value or b"")["date"] for r in service.read("remittance-lines") if r.partition == number]
            for number in range(PARTITIONS)
        ]
        assert told == [DAYS] * PARTITIONS
        late = [(alarm["code"], alarm["date"]) for alarm in service.messages("alarms")]
        assert {code for code, _ in late} == {"CLOSE_LATE"}
        assert len(late) == len(set(late)) <= 2  # once over all the restarts, and once more where a day ends meanwhile
        assert in_mid_close > 0, "no kill came before its commit: nothing was shown"


def _contract() -> list[Line]:
    """Two funds; a policy by which whatever is closed today is late."""
    return [
        ("closing-orders", policy()),
        ("contract-terms", books.terms(books.fund("F1"), books.fund("F2"))),
    ]


def _prices(day: str, random: Random) -> list[Line]:
    values = [f"{10 + random.randint(0, 999_999) / 1_000_000:.6f}" for _ in range(2)]
    return [("fund-values", books.fund_value(f"F{at}", day, value)) for at, value in enumerate(values, start=1)]


def _closed(records: list[InputRecord], partition: int) -> list[tuple[str, tuple[object, ...]]]:
    """Date and bytes of every closed day of a partition, in their order."""
    found: list[tuple[str, tuple[object, ...]]] = []
    for record in records:
        if record.partition == partition:
            entry = read_entry(record.value or b"")
            if isinstance(entry, DayClosedEntry):
                found.append((str(entry.date), (record.key, record.value, record.headers)))
    return found


def _last_closed(service: Installation) -> object:
    return service.notes("reference").get(0, {}).get("last_closed")
