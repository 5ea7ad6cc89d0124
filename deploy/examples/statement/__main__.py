"""`python -m deploy.examples.statement`: a statement per participant, from a cluster or from replayed files.

The cluster is named by KAFKA_BOOTSTRAP_SERVERS and ANNUITY_LEDGER_TOPIC_PREFIX, as for the service.
"""

import argparse
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from deploy.examples.statement.holders import gathered
from deploy.examples.statement.pages import page
from deploy.examples.statement.records import Record, from_cluster, from_folder


def main(arguments: list[str] | None = None) -> None:
    """Read, gather, write."""
    asked = _parser().parse_args(arguments)
    written = write_statements(_records(asked.replayed), asked.out, asked.first, asked.last)
    print(f"{written} statements in {asked.out}")  # noqa: T201 -- a command tells what it did


def write_statements(records: Iterable[Record], out: Path, first: date, last: date) -> int:
    """A file `<contract>-<participant>.html` for everybody there is a record of; how many."""
    out.mkdir(parents=True, exist_ok=True)
    holders = gathered(records)
    for key, holder in holders.items():
        # Ids may hold anything but white space and "|": what a file's name cannot hold is replaced.
        name = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in key.replace("|", "-"))
        (out / f"{name}.html").write_text(page(holder, first, last), encoding="utf-8")
    return len(holders)


def _records(replayed: Path | None) -> Iterable[Record]:
    if replayed is not None:
        return from_folder(replayed)
    return from_cluster(os.environ["KAFKA_BOOTSTRAP_SERVERS"], os.environ.get("ANNUITY_LEDGER_TOPIC_PREFIX", ""))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.examples.statement", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("statements"), help="folder for the pages")
    parser.add_argument("--replayed", type=Path, help="folder that `annuity-ledger replay FILE… --out FOLDER` wrote")
    parser.add_argument("--first", type=date.fromisoformat, required=True, help="first day of the period, YYYY-MM-DD")
    parser.add_argument("--last", type=date.fromisoformat, required=True, help="last day of the period")
    return parser


if __name__ == "__main__":
    main()
