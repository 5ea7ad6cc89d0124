"""Rows f and h: one ledger log, decided by our worker and by Quix Streams with the same rules inside, each three times
from the beginning; the median counts, for one run of some fifteen seconds is at the mercy of the machine.

What comes out is compared with a fold in process: per participant the same outcomes in the same order, byte for byte.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from statistics import median
from subprocess import Popen

from confluent_kafka import Message

from contracts_schema.topics import TOPICS
from services.runtime.settings import Settings
from services.runtime.topics import create_topics
from tests.benchmarks.bench import PARTITIONS, Bench
from tests.benchmarks.committed import Committed, Span, read_committed
from tests.benchmarks.counting_rows import need_comparators
from tests.benchmarks.figures import Figure, WrongResultError
from tests.benchmarks.filling import fill
from tests.benchmarks.ledger_log import OUTCOMES, LedgerLog, Outcomes, expected, written

_DAYS = 20
_RECORDS_OF_A_REQUEST = 20
"""The count-and-sum job is so many times larger."""
_QUIX_QUIET_S = 8.0
_TIMES = 3


def ours(bench: Bench) -> Iterator[Figure]:
    """The ledger's own worker."""
    log = _log(bench)
    rate = median(_rate_of_ours(bench, log) for _ in range(_TIMES))
    yield Figure("f", _what("our ledger worker", log), rate, "requests/s")


def quix(bench: Bench) -> Iterator[Figure]:
    """Quix Streams calling `decide`; it settles a participant's days at the next request, not in the background."""
    need_comparators(bench)
    log = _log(bench)
    rate = median(_rate_of_quix(bench, log) for _ in range(_TIMES))
    yield Figure("h", _what("Quix Streams, exactly-once", log), rate, "requests/s")


def _rate_of_ours(bench: Bench, log: LedgerLog) -> float:
    settings = _prepared(bench, "f", log)
    with bench.module("f", "services.runtime.cli", settings, "worker", "ledger") as worker:
        return _timed(settings, worker, bench, 3.0).rate(log.requests)


def _rate_of_quix(bench: Bench, log: LedgerLog) -> float:
    settings = _prepared(bench, "h", log)
    module = "tests.benchmarks.comparators.quix_ledger"
    with bench.module("h", module, settings, python=bench.comparators) as worker:
        return _timed(settings, worker, bench, _QUIX_QUIET_S).rate(log.requests)


def _what(who: str, log: LedgerLog) -> str:
    return f"ledger log to outcomes: {who} ({log.requests:,} requests, {_DAYS} closes)"


def _log(bench: Bench) -> LedgerLog:
    return _written(_people(bench))


def _people(bench: Bench) -> int:
    return max(bench.records // _RECORDS_OF_A_REQUEST // _DAYS, 10)


@cache
def _written(people: int) -> LedgerLog:
    return written(people, _DAYS, PARTITIONS)


@cache
def _expected(people: int) -> Outcomes:
    return expected(_written(people), PARTITIONS)


def _prepared(bench: Bench, row: str, log: LedgerLog) -> Settings:
    _expected(_people(bench))  # before any worker runs: it would take the CPU from it
    settings = bench.settings(row)
    create_topics(settings, TOPICS)
    fill(settings, log.records)
    return settings


def _timed(settings: Settings, worker: Popen[bytes], bench: Bench, quiet_s: float) -> Span:
    wanted = _expected(_people(bench))
    span = Committed(settings, OUTCOMES).watch(worker, sum(map(len, wanted.values())), quiet_s)
    found: Outcomes = defaultdict(list)
    for topic in OUTCOMES:
        for message in read_committed(settings, topic):
            value, key = message.value(), message.key()
            assert isinstance(value, bytes)
            assert isinstance(key, bytes)
            found[topic, key].append((value, _headers(message)))
    if found != wanted:
        raise WrongResultError("the outcomes are not those of a fold in process")
    return span


def _headers(message: Message) -> tuple[tuple[str, bytes], ...]:
    headers = message.headers()
    assert isinstance(headers, list)
    return tuple((str(name), content) for name, content in headers if isinstance(content, bytes))
