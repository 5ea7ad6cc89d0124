"""Worked examples in files: each row says where its numbers come from, and its test asserts them as they stand."""

import csv
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

TABLES = Path(__file__).parent / "tables"


def rows(name: str, naming: str) -> list[ParameterSet]:
    """The rows of a table as parameters, each called by one of its columns."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        found = list(csv.DictReader(table))
    assert all(row["provenance"] for row in found), "every row says where it comes from"
    return [pytest.param(row, id=row[naming]) for row in found]
