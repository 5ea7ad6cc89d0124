"""Row n: what the close of a day costs with many participants in a partition's state, of whom none, some or many have
something due or waiting.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.bench import ROOT, STATE, Bench
from tests.benchmarks.figures import Figure, WrongResultError

_PEOPLE_OF_A_RECORD = 1.25
"""Of the count-and-sum job: a million, unless a run is shorter."""
_SOME, _A_TENTH = 1_000, 10
_OFTEN = 5
"""Closes with none or some due, of which the median counts; many are due once."""


def close(bench: Bench) -> Iterator[Figure]:
    """Seconds of CPU, megabytes, and what one more thing that is due costs, with either store."""
    people = int(bench.records * _PEOPLE_OF_A_RECORD)
    some, many = min(_SOME, people // 100), people // _A_TENTH
    for first, store in ((1, "memory"), (8, "rocksdb")):
        where = f"{people:,} participants, {store}"
        found = _closed(store, people, (0, some, many))
        for at, (due, one) in enumerate(found.items()):
            yield Figure(f"n{first + at}", f"close of a day, {due:,} due, {where}", one.seconds, "s")
        flat = (found[many].seconds / many) / (found[some].seconds / some)
        yield Figure(f"n{first + 3}", f"cost of one due, of {many:,} over of {some:,}, {where}", flat, "×")
        yield Figure(f"n{first + 4}", f"peak memory of a close, {many:,} due, {where}", found[many].peak, "MB")
        more = found[many].peak - found[many].before
        yield Figure(f"n{first + 5}", f"of which more than before the close, {many:,} due, {where}", more, "MB")
        yield Figure(f"n{first + 6}", f"longest slice, {many:,} due, {where}", found[many].longest * 1000, "ms")


@dataclass(frozen=True)
class _Close:
    """One close: seconds of CPU, those of its longest transaction, megabytes in use before and at most."""

    seconds: float
    longest: float
    before: float
    peak: float


def _closed(store: str, people: int, due: tuple[int, int, int]) -> dict[int, _Close]:
    """Closes by how many had something due, of several the one in the middle."""
    none, some, many = due
    days = [*[none] * _OFTEN, *[some] * _OFTEN, many]
    shutil.rmtree(STATE, ignore_errors=True)
    command = [sys.executable, "-m", "tests.benchmarks.closing", store, str(people), *map(str, days)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise WrongResultError(ran.stderr[-2_000:])
    closes = [_Close(**each) for each in json.loads(ran.stdout)]
    of = {count: [close for day, close in zip(days, closes, strict=True) if day == count] for count in due}
    return {count: min(same, key=lambda each: _off(each, same)) for count, same in of.items()}


def _off(one: _Close, same: list[_Close]) -> float:
    """How far a close is from the median of its like."""
    return abs(one.seconds - median(each.seconds for each in same))
