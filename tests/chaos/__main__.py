"""`make chaos`: run the service under faults and count what was lost, duplicated, disordered or diverged.

Prints one line, and exits with 1 for anything but zeros; then the logs of the workers are named and the first
examples shown.
"""

import argparse
import sys

from tests.chaos.plan import plan
from tests.chaos.running import Options, Report, run


def main() -> int:
    """Read the arguments, run, tell."""
    given = _arguments()
    options = Options(given.seed, given.requests, plan(given.seed, given.faults), given.store, given.partitions)
    print(f"seed {given.seed}, store {given.store}, {given.partitions} partitions", file=sys.stderr)  # noqa: T201
    report = run(options)
    tell(report)
    return 0 if report.clean else 1


def tell(report: Report) -> None:
    """The line on standard output; on standard error what explains it."""
    print(report, flush=True)  # noqa: T201 -- this is the program's result
    lines = [f"failovers: {', '.join(f'{s:.1f}' for s in report.failovers)}", *report.missed, *report.died]
    for counter, examples in report.findings.examples.items():
        lines += [f"{counter}: {example}" for example in examples]
    if not report.clean:
        lines.append(f"The workers' logs: {report.logs}")
    print("\n".join(lines), file=sys.stderr)  # noqa: T201


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=7, help="faults and traffic follow from it")
    parser.add_argument("--requests", type=int, default=50_000, help="how many are sent, poison and repeats included")
    parser.add_argument("--faults", type=int, default=30, help="how many, at least one of each kind")
    parser.add_argument(
        "--store", default="memory", choices=("memory", "rocksdb"), help="where the workers keep their state"
    )
    parser.add_argument("--partitions", type=int, default=4, help="of every topic keyed by participant")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
