"""Row m: what a request costs with more and more participants in state."""

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.bench import ROOT, Bench
from tests.benchmarks.figures import Figure, WrongResultError

SIZES = (1_000, 100_000, 1_000_000)


def growth(bench: Bench) -> Iterator[Figure]:
    """Microseconds of CPU per request at each size, and how the last compares with the first."""
    costs = []
    for at, participants in enumerate(SIZES, 1):
        costs.append(_cost(participants, bench.repeats))
        yield Figure(f"m{at}", f"ledger logic in process, {participants:,} participants in memory", costs[-1], "µs")
    yield Figure("m4", f"cost at {SIZES[-1]:,} over cost at {SIZES[0]:,}", costs[-1] / costs[0], "×")


def _cost(participants: int, repeats: int) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.growing", str(participants), str(repeats)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise WrongResultError(ran.stderr[-2_000:])
    return float(ran.stdout)
