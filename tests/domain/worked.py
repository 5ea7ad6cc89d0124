"""Worked examples: rows of the files in `tables`, each with where its numbers come from."""

import csv
from pathlib import Path

Row = dict[str, str]


def rows(table: str) -> list[Row]:
    """The rows of a table, its provenance column checked: no number without a source."""
    with (Path(__file__).parent / "tables" / f"{table}.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    assert found
    assert all(row["provenance"] for row in found)
    return found
