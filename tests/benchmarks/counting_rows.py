"""Rows a to d and k: the count-and-sum job, by everyone."""

import shutil
import subprocess
from collections.abc import Iterator

from tests.benchmarks.bench import RESULTS, ROOT, Bench
from tests.benchmarks.counting_job import figure, prepared, timed
from tests.benchmarks.figures import Figure, RowMissingError

FAUST_SHARE = 40
"""Stock Faust gets that fraction of the records: it is slow."""
_QUIX_QUIET_S = 8.0  # longer than the 5 s between its commits
_STREAMS = ROOT / "tests" / "benchmarks" / "streams"
_BUILT = RESULTS / "streams"
_BUILD_S = 600


def raw(bench: Bench) -> Iterator[Figure]:
    """The clients alone."""
    settings = prepared(bench, "a", bench.records)
    with bench.module("a", "tests.benchmarks.comparators.raw", settings) as worker:
        span = timed(settings, worker, bench.records)
    yield figure("a", "count and sum: aiokafka reads and writes, no state, no guarantees", span, bench.records)


def stock_faust(bench: Bench) -> Iterator[Figure]:
    """Faust as it comes."""
    records = max(bench.records // FAUST_SHARE, 2_000)
    settings = prepared(bench, "b", records)
    with bench.module("b", "tests.benchmarks.comparators.faust_counting", settings, "worker", "-l", "warn") as worker:
        span = timed(settings, worker, records, quiet_s=6.0)
    yield figure("b", f"count and sum: stock Faust, exactly_once ({records:,} records)", span, records)


def quix(bench: Bench) -> Iterator[Figure]:
    """Quix Streams."""
    need_comparators(bench)
    settings = prepared(bench, "c", bench.records)
    module = "tests.benchmarks.comparators.quix_counting"
    with bench.module("c", module, settings, python=bench.comparators) as worker:
        span = timed(settings, worker, bench.records, _QUIX_QUIET_S)
    yield figure("c", "count and sum: Quix Streams, exactly-once", span, bench.records)


def ours(bench: Bench) -> Iterator[Figure]:
    """Our runtime, one worker process with all partitions."""
    settings = prepared(bench, "d", bench.records)
    with bench.module("d", "tests.runtime.counting", settings) as worker:
        span = timed(settings, worker, bench.records)
    yield figure("d", "count and sum: our runtime, one worker", span, bench.records)


def kafka_streams(bench: Bench) -> Iterator[Figure]:
    """Kafka Streams, a Java program that is built here."""
    _build_streams()
    settings = prepared(bench, "k", bench.records)
    command = ["java", "-cp", f"{_BUILT}/classes:{_BUILT}/lib/*", "Counting"]
    with bench.process("k", command, settings) as worker:
        span = timed(settings, worker, bench.records)
    yield figure("k", "count and sum: Kafka Streams, exactly_once_v2, one thread", span, bench.records)


def need_comparators(bench: Bench) -> None:
    """Raise `RowMissingError` where Quix Streams is not installed."""
    if not bench.comparators.exists():
        raise RowMissingError(f"there is no {bench.comparators}; `make bench` makes it")


def _build_streams() -> None:
    for program in ("java", "javac", "mvn"):
        if shutil.which(program) is None:
            raise RowMissingError(f"there is no {program} here; Kafka Streams needs Java and Maven")
    goals = ["compile", "dependency:copy-dependencies", f"-DoutputDirectory={_BUILT}/lib", "-DincludeScope=runtime"]
    command = ["mvn", "-q", "-B", "-f", str(_STREAMS / "pom.xml"), *goals]
    built = subprocess.run(command, capture_output=True, text=True, timeout=_BUILD_S, check=False)
    if built.returncode:
        raise RowMissingError(f"Maven could not build it: {(built.stdout + built.stderr).strip()[:300]}")
