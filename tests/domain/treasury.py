"""The Treasury's daily rates of 2021 to 2025 as they were published; provenance in deploy/demo/data/README.md."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

RATES = Path(__file__).parents[2] / "deploy" / "demo" / "data" / "cmt_daily_2021_2025.csv"
Curve = tuple[tuple[int, str], ...]


@cache
def curves() -> dict[date, Curve]:
    """By day of publication: (years, percent) as printed, ascending."""
    with RATES.open(newline="") as file:
        return {
            date.fromisoformat(row["date"]): tuple((int(name[1:]), row[name]) for name in row if name != "date")
            for row in csv.DictReader(file)
        }
