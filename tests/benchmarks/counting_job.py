"""The count-and-sum job: numbers under keys in, one output per number with its key's count and sum so far.

The outputs of every comparator are read back and reckoned again before its time counts.
"""

from collections import defaultdict
from collections.abc import Iterator
from random import Random
from subprocess import Popen

from services.runtime.partitioner import partition_of
from services.runtime.records import OutputRecord
from services.runtime.settings import Settings
from services.runtime.topics import create_topics
from tests.benchmarks.bench import PARTITIONS, Bench
from tests.benchmarks.committed import Committed, Span, read_committed
from tests.benchmarks.figures import Figure, WrongResultError
from tests.benchmarks.filling import fill
from tests.runtime.counting import TOPICS

KEYS = 10_000
SEED = 7


def prepared(bench: Bench, row: str, records: int) -> Settings:
    """An installation with its topics made and its numbers in them."""
    settings = bench.settings(row)
    create_topics(settings, TOPICS)
    fill(settings, _inputs(records))
    return settings


def timed(settings: Settings, worker: Popen[bytes], records: int, quiet_s: float = 2.0) -> Span:
    """The worker's time for the job, its outputs checked."""
    span = Committed(settings, ["counts"]).watch(worker, records, quiet_s)
    check(settings, records)
    return span


def figure(row: str, what: str, span: Span, records: int) -> Figure:
    """The row's records a second."""
    return Figure(row, what, span.rate(records), "records/s")


def check(settings: Settings, records: int) -> None:
    """Raise `WrongResultError` unless each number has exactly one output, and these are what a fold in order gives."""
    totals: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    outputs = 0
    for message in read_committed(settings, "counts"):
        key, (number, count, total) = _text(message.key()), map(int, _text(message.value()).split())
        before = totals[key]
        if (count, total) != (before[0] + 1, before[1] + number):
            raise WrongResultError(f"{key}: {count} and {total} after {before} and {number}")
        totals[key] = (count, total)
        outputs += 1
    if outputs != records:
        raise WrongResultError(f"{outputs} outputs of {records} inputs")
    if totals != _expected(records):
        raise WrongResultError("the totals are not those of the inputs")


def _numbers(records: int) -> Iterator[tuple[str, int]]:
    random = Random(SEED)  # noqa: S311 -- the same numbers for all, nothing secret
    for _ in range(records):
        yield f"key-{random.randrange(KEYS):05}", random.randrange(1_000)


def _inputs(records: int) -> Iterator[OutputRecord]:
    partitions = {key: partition_of(key, PARTITIONS) for key in (f"key-{n:05}" for n in range(KEYS))}
    for key, number in _numbers(records):
        yield OutputRecord("numbers", partitions[key], key.encode(), str(number).encode())


def _expected(records: int) -> dict[str, tuple[int, int]]:
    totals: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for key, number in _numbers(records):
        count, total = totals[key]
        totals[key] = (count + 1, total + number)
    return totals


def _text(value: str | bytes | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""
