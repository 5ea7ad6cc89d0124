"""What a run finds: figures under the letters of the rows, as a table and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `id` is its row's letter, with a digit where a row has several; `value` is None where the
    row could not run, and `what` says why.
    """

    id: str
    what: str
    value: float | None
    unit: str


class RowMissingError(Exception):
    """A row cannot run here; says what it lacks."""


class WrongResultError(Exception):
    """The work that was timed was not done right: its time means nothing."""


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the figures as a table."""
    table = Table("id", "what", "value", "unit")
    table.columns[2].justify = "right"
    for figure in figures:
        table.add_row(figure.id, figure.what, _number(figure.value), figure.unit)
    console.print(table)


def save(figures: Sequence[Figure], path: Path) -> None:
    """Write the figures as a JSON list."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")


def _number(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
