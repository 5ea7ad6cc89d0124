"""Row p: how long requests of others take while a large close is settled.

One ledger worker, its state on disk and in the changelogs beforehand, with everything in one partition or in a new
installation's twelve. A day closes by which every tenth participant has something due; people for whom nothing is due
send requests from then until every partition has said that the close is done. The start of each is the broker's own
timestamp, the end the moment in which a read_committed consumer has its acknowledgement.
"""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contracts_schema.topics import TOPICS
from services.ledger.logic import MARKET, PARTICIPANTS, REQUESTS
from services.runtime.partitioner import partition_of
from services.runtime.progress import encode_progress, progress_key
from services.runtime.records import OutputRecord
from services.runtime.settings import Settings
from services.runtime.tables import TableSpec
from services.runtime.topics import create_topics
from tests.benchmarks.bench import STATE, Bench
from tests.benchmarks.crowd import Crowd, crowd
from tests.benchmarks.figures import Figure
from tests.benchmarks.filling import fill
from tests.benchmarks.others import Others

_PEOPLE_OF_A_RECORD = 1.25
"""Of the count-and-sum job: a million, unless a run is shorter."""
_A_TENTH = 10
_WARM_UP_S = 10.0


def flow(bench: Bench) -> Iterator[Figure]:
    """With one partition, and with twelve of one worker."""
    people = int(bench.records * _PEOPLE_OF_A_RECORD)
    due = people // _A_TENTH
    for first, partitions in ((1, 1), (4, 12)):
        found = _closed(bench, people, partitions)
        where = f"{due:,} of {people:,} due, {partitions} partitions of one worker"
        yield Figure(f"p{first}", f"others' latency p50 during a close, {where}", found.percentile(50), "ms")
        yield Figure(f"p{first + 1}", f"others' latency p99 during a close, {where}", found.percentile(99), "ms")
        yield Figure(f"p{first + 2}", f"the close meanwhile, {where}", found.seconds, "s")


@dataclass(frozen=True)
class _Found:
    """Seconds that others waited during the close, in order, and those that it took."""

    waits: list[float]
    seconds: float

    def percentile(self, percent: int) -> float:
        return self.waits[len(self.waits) * percent // 100] * 1000


def _closed(bench: Bench, people: int, partitions: int) -> _Found:
    settings = bench.settings("p", partitions)
    create_topics(settings, TOPICS)
    of = crowd(people, [people // _A_TENTH], partitions)
    _fill(settings, of)
    ((_, closing),) = of.closes()
    shutil.rmtree(STATE, ignore_errors=True)
    with (
        bench.module(f"p-{partitions}", "services.runtime.cli", settings, "worker", "ledger") as worker,
        Others(settings, of.pen, people, worker) as others,
    ):
        others.send("restored", lambda: len(others.told.appended) >= partitions * 10)
        warm = time.time() + _WARM_UP_S
        others.send("warm", lambda: time.time() > warm)
        began = time.time()
        fill(settings, closing)
        others.send("other", lambda: len(others.told.closed) == partitions)
        ended = others.told.closed_at
        return _Found(others.told.waits(began, ended), ended - began)


def _fill(settings: Settings, of: Crowd) -> None:
    """The log, the changelogs as they are after it, and how far it was read."""
    numbers = range(settings.partitions)
    fill(settings, of.log)
    fill(settings, (_change(MARKET, number, key, row) for key, row in of.market() for number in numbers))
    for spec, rows in ((PARTICIPANTS, of.participants()), (REQUESTS, of.answers())):
        fill(settings, (_change(spec, _home(key, settings.partitions), key, row) for key, row in rows))
    for number in numbers:
        read = sum(record.partition == number for record in of.log)
        progress = encode_progress(settings.partitions, {"ledger-log": read}, {})
        fill(settings, [OutputRecord("ledger-progress", number, progress_key(number), progress)])


def _home(key: str, partitions: int) -> int:
    """The partition of a participant, or of an answer to one."""
    return partition_of("|".join(key.split("|")[:2]), partitions)


def _change(spec: TableSpec[Any], number: int, key: str, row: Any) -> OutputRecord:  # noqa: ANN401 -- a row of the table
    return OutputRecord(spec.changelog, number, key.encode(), spec.encode(row))
