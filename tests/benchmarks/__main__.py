"""`python -m tests.benchmarks`: everything side by side on one broker, as a table and as `.bench/latest.json`.

ROWS=a,d,e of `make bench` chooses rows, N=… the size of the count-and-sum job. Nothing is printed as a figure that
was not checked. A row whose output is wrong or incomplete has no figure and says so; the others still run, and the exit
code is 1.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from services.runtime.broker import EmbeddedBroker
from services.runtime.settings import Settings
from tests.benchmarks.bench import RESULTS, ROOT, STATE, Bench
from tests.benchmarks.figures import Figure, RowMissingError, WrongResultError, save, show
from tests.benchmarks.rows import ROWS, Row


def main() -> int:
    """Run the rows asked for; 0 when all that ran was right."""
    arguments = _arguments()
    console = Console()
    figures: list[Figure] = []
    wrong: list[str] = []
    shutil.rmtree(STATE, ignore_errors=True)
    with _broker(Console(stderr=True)) as (servers, pid):
        logs = RESULTS / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        bench = Bench(servers, pid, arguments.records, arguments.repeats, arguments.comparators, logs, console)
        for letter in arguments.rows:
            figures += _run(letter, ROWS[letter], bench, wrong)
            save(figures, RESULTS / "latest.json")
    show(figures, console)
    return 1 if wrong else 0


def _run(letter: str, row: Row, bench: Bench, wrong: list[str]) -> Iterator[Figure]:
    bench.console.print(f"{letter}  {row.what} … (load of the machine: {os.getloadavg()[0]:.1f})", markup=False)
    try:
        for figure in row.run(bench):
            bench.console.print(f"{figure.id}  {figure.what}: {figure.value} {figure.unit}", markup=False)
            yield figure
    except RowMissingError as missing:
        bench.console.print(f"{letter}  {row.what}: not run, {missing}", markup=False)
        yield Figure(letter, f"{row.what}: not run, {missing}", None, "")
    except WrongResultError as error:
        wrong.append(letter)
        bench.console.print(f"{letter}  {row.what}: FAILED, {error}", markup=False)
        yield Figure(letter, f"{row.what}: FAILED, {error}", None, "")


@contextmanager
def _broker(console: Console) -> Iterator[tuple[str, int | None]]:
    settings = Settings()
    if settings.bootstrap_servers:
        yield settings.bootstrap_servers, None
        return
    with EmbeddedBroker(cache_dir=settings.cache_dir, console=console) as broker:
        yield broker.bootstrap_servers, broker.pid


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rows", type=_letters, default=list(ROWS), help=f"letters of {','.join(ROWS)}")
    parser.add_argument("--records", type=int, default=800_000, help="records of the count-and-sum job")
    parser.add_argument("--repeats", type=int, default=5, help="of what is cheap; the median counts")
    parser.add_argument("--comparators", type=Path, default=ROOT / ".venv-bench" / "bin" / "python")
    return parser.parse_args()


def _letters(text: str) -> list[str]:
    letters = [letter.strip() for letter in text.split(",") if letter.strip()]
    if unknown := [letter for letter in letters if letter not in ROWS]:
        raise argparse.ArgumentTypeError(f"no row {', '.join(unknown)}; there are {', '.join(ROWS)}")
    return letters or list(ROWS)


if __name__ == "__main__":
    sys.exit(main())
