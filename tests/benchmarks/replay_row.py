"""Row y: ten years of 1,000 participants replayed on one core, twice, with the same bytes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from tests.benchmarks.bench import ROOT, Bench
from tests.benchmarks.figures import Figure, WrongResultError

_RECORDS_OF_A_PERSON = 800
"""The count-and-sum job is so many times larger than there are people: 1,000 unless a run is shorter."""
KINDS = {"confirmations", "notices", "acknowledgements"}


def replay(bench: Bench) -> Iterator[Figure]:
    """Seconds of CPU of the slower replay. The two differ in the hashes of strings, on which nothing may depend."""
    people = max(bench.records // _RECORDS_OF_A_PERSON, 10)
    first, second = (_replayed(people, seed) for seed in ("1", "2"))
    if first["digest"] != second["digest"]:
        raise WrongResultError("two replays of one log differ")
    if KINDS - first["written"].keys():
        raise WrongResultError(f"not all that ten years bring came of them: {first['written']}")
    seconds = max(first["seconds"], second["seconds"])
    what = f"ten years of {people:,} participants ({first['records']:,} records of the log, twice the same bytes)"
    yield Figure("y1", f"replay of {what}", seconds, "s")
    yield Figure("y2", f"records a second, replay of {what}", first["records"] / seconds, "records/s")


def _replayed(people: int, seed: str) -> Any:  # noqa: ANN401 -- JSON
    command = [sys.executable, "-m", "tests.benchmarks.replaying", str(people)]
    environment = os.environ | {"PYTHONHASHSEED": seed}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise WrongResultError(ran.stderr[-2_000:])
    return json.loads(ran.stdout)
