"""Treasury's daily par yield curve, a CSV a year as published: `Date,"1 Mo",…,"1 Yr",…,"30 Yr"`, days as MM/DD/YYYY,
newest first, percent, an empty field where no rate was published.

Only whole years are yields of the contracts' series: columns of months, whichever there are in a year, are passed over.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from services.runtime.cli.csv_tables import Columns, Row, read_table
from services.runtime.cli.importing import Dated, checked_message
from services.runtime.cli.messages import BadLine

TOPIC = "market-yields"
_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_YEARS = re.compile(r"([0-9]{1,2}) Yr")
_MONTHS = re.compile(r"[0-9.]+ (Mo|Month)")


def read_treasury(path: Path, series: str) -> Iterator[Dated | BadLine]:
    """The yields of a file, of a series, and the rows that are none."""
    for row in read_table(path, _wrong):
        yield _yields(row, series) if isinstance(row, Row) else row


def _wrong(columns: Columns) -> str | None:
    rest = [name for name in columns if name != "Date" and not _YEARS.fullmatch(name) and not _MONTHS.fullmatch(name)]
    if "Date" in columns and not rest and any(map(_YEARS.fullmatch, columns)):
        return None
    return 'the first line is not that of the daily par yield curve, Date,"1 Mo",…,"1 Yr",…,"30 Yr"'


def _yields(row: Row, series: str) -> Dated | BadLine:
    day = _day(row.fields["Date"])
    if day is None:
        return BadLine(row.place, f"Date: {row.fields['Date']!r} is no day as MM/DD/YYYY")
    years = {int(found[1]): text for name, text in row.fields.items() if (found := _YEARS.fullmatch(name)) and text}
    if not years:
        return BadLine(row.place, f"no rate of {day} for whole years")
    points = [{"years": each, "percent": years[each]} for each in sorted(years)]
    value = {"series": series, "date": day.isoformat(), "constant_maturity": points}
    return checked_message(TOPIC, series, row.place, value)


def _day(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return None if found is None else date(int(found[3]), int(found[1]), int(found[2]))
    except ValueError:
        return None
