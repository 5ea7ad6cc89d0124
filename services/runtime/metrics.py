"""What a worker tells Prometheus. METRICS.md beside this file says what each metric means and which to be woken by.

Everything is observed once a batch, a life or a restore. Only dead letters and alarms are looked for among a batch's
records, after its commit and in C, at some 80 ns a record; where metrics are off, a transaction is not looked at.
Labels are services, partitions and topics, never a participant, so whoever may scrape learns of nobody.
"""

import time
from collections import Counter as Counted
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from operator import attrgetter

from prometheus_client import (
    GC_COLLECTOR,
    PLATFORM_COLLECTOR,
    PROCESS_COLLECTOR,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Summary,
)

from services.runtime.progress import decode_progress
from services.runtime.records import OutputRecord
from services.runtime.service import Partition

REGISTRY = CollectorRegistry()
for collector in (PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
    REGISTRY.register(collector)

_PREFIX = "annuity_ledger"
_ONE = ("service", "partition")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
_RECORDS = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000)
_topic_of = attrgetter("topic")

OWNED = Gauge("partitions_owned", "Partitions this worker owns.", ("service",), _PREFIX, registry=REGISTRY)
LIVES = Counter("lives", "Lives of processors begun.", _ONE, _PREFIX, registry=REGISTRY)
FENCINGS = Counter("fencings", "Lives ended by another owner.", _ONE, _PREFIX, registry=REGISTRY)
RESTORING = Gauge("restoring", "1 while state is being restored.", _ONE, _PREFIX, registry=REGISTRY)
RESTORED = Counter("restored_records", "Changelog records applied.", _ONE, _PREFIX, registry=REGISTRY)
RESTORES = Summary("restore_seconds", "Restores that ended well.", _ONE, _PREFIX, registry=REGISTRY)
LAG = Gauge("lag_records", "Offsets still to be read.", (*_ONE, "topic"), _PREFIX, registry=REGISTRY)
READ = Counter("records_read", "Input records committed.", _ONE, _PREFIX, registry=REGISTRY)
WRITTEN = Counter("records_written", "Records committed.", _ONE, _PREFIX, registry=REGISTRY)
BATCHES = Histogram("batch_records", "Input records of a batch.", _ONE, _PREFIX, buckets=_RECORDS, registry=REGISTRY)
TRANSACTIONS = Histogram(
    "transaction_seconds", "From folding to committed.", _ONE, _PREFIX, buckets=_SECONDS, registry=REGISTRY
)
COMMITS = Histogram(
    "commit_seconds", "What of it was the broker's.", _ONE, _PREFIX, buckets=_SECONDS, registry=REGISTRY
)
FAILED = Counter("transactions_failed", "Not known to be committed.", _ONE, _PREFIX, registry=REGISTRY)
DUE = Gauge("participants_due", "Participants still to be settled.", _ONE, _PREFIX, registry=REGISTRY)
LAST_CLOSED = Gauge(
    "last_closed_day_timestamp_seconds", "The last closed day, 0:00 UTC.", _ONE, _PREFIX, registry=REGISTRY
)
DEAD_LETTERS = Counter("dead_letters", "Dead letters committed.", _ONE, _PREFIX, registry=REGISTRY)
ALARMS = Counter("alarms", "Alarms committed.", _ONE, _PREFIX, registry=REGISTRY)

_RARE = {"dead-letters": DEAD_LETTERS, "alarms": ALARMS}
_OF_AN_OWNER = (RESTORING, DUE, LAST_CLOSED)


def taken(service: str, partitions: Iterable[int]) -> None:
    """The worker owns these partitions; counters begin at zero, so that their first increase shows."""
    numbers = list(partitions)
    OWNED.labels(service).set(len(numbers))
    for number in numbers:
        for counter in (LIVES, FENCINGS, RESTORED, READ, WRITTEN, FAILED, *_RARE.values()):
            counter.labels(service, number)


def released(service: str, partitions: Iterable[int], topics: Iterable[str]) -> None:
    """It owns none any more: what only an owner can say is said no longer, or it would stand still and mislead."""
    OWNED.labels(service).set(0)
    inputs = list(topics)
    for number in partitions:
        for gauge in _OF_AN_OWNER:
            gauge.remove(service, number)
        for topic in inputs:
            LAG.remove(service, number, topic)


def restored(service: str, number: int, records: int, seconds: float) -> None:
    """State is restored: so many changelog records were applied."""
    RESTORING.labels(service, number).set(0)
    RESTORED.labels(service, number).inc(records)
    RESTORES.labels(service, number).observe(seconds)


@contextmanager
def committing(
    service: str, partition: Partition, size: int, records: Sequence[OutputRecord], began: float
) -> Iterator[None]:
    """A transaction being committed: of `size` input records, holding `records`, the last one its progress; its work
    began at `began` of the monotonic clock.
    """
    if partition.settings.metrics_port is None:
        yield
        return
    labels = (service, partition.number)
    folded = time.monotonic()
    try:
        yield
    except Exception:
        FAILED.labels(*labels).inc()
        raise
    now = time.monotonic()
    TRANSACTIONS.labels(*labels).observe(now - began)
    COMMITS.labels(*labels).observe(now - folded)
    if size:
        BATCHES.labels(*labels).observe(size)
        READ.labels(*labels).inc(size)
    _written(labels, records)


def _written(labels: tuple[str, int], records: Sequence[OutputRecord]) -> None:
    WRITTEN.labels(*labels).inc(len(records))
    topics = Counted(map(_topic_of, records))
    for topic in _RARE.keys() & topics.keys():
        _RARE[topic].labels(*labels).inc(topics[topic])
    _noted(labels, decode_progress(records[-1].value or b"").note)


def _noted(labels: tuple[str, int], note: Mapping[str, object]) -> None:
    if (due := note.get("to_settle")) is not None:
        DUE.labels(*labels).set(float(str(due)))
    if (day := note.get("last_closed")) is not None:
        LAST_CLOSED.labels(*labels).set(
            datetime.combine(date.fromisoformat(str(day)), datetime.min.time(), UTC).timestamp()
        )
