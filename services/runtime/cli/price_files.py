"""Prices of funds as CSV: fund, date, price, and if wanted distribution and tax, in dollars a share (FND-1)."""

from collections.abc import Iterator
from pathlib import Path

from services.runtime.cli.csv_tables import Columns, Row, read_table
from services.runtime.cli.importing import Dated, checked_message
from services.runtime.cli.messages import BadLine

TOPIC = "fund-prices"
ALWAYS, OPTIONAL = ("fund", "date", "price"), ("distribution", "tax")


def read_prices(path: Path) -> Iterator[Dated | BadLine]:
    """The prices of a file, and the rows that are none."""
    for row in read_table(path, _wrong):
        yield _price(row) if isinstance(row, Row) else row


def _wrong(columns: Columns) -> str | None:
    lacking = [name for name in ALWAYS if name not in columns]
    unknown = [name for name in columns if name not in (*ALWAYS, *OPTIONAL)]
    if lacking:
        return f"the first line lacks {', '.join(lacking)}"
    return f"columns that no price has: {', '.join(unknown)}" if unknown else None


def _price(row: Row) -> Dated | BadLine:
    said = {name: text for name, text in row.fields.items() if text}
    value = {"valuation_date" if name == "date" else name: text for name, text in said.items()}
    return checked_message(TOPIC, said.get("fund", ""), row.place, value)
