"""A file of constant-maturity rates as a market: `date,y1,y2,…`, percent, one row a day, an empty field where none was
published.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from pydantic import ValidationError

from contracts_schema.reference import MarketYields
from services.domain.market import Market, YieldHistory
from services.runtime.calendar import ExchangeCalendar
from services.runtime.cli.failures import CommandError

SERIES = "rates"
_COLUMN = re.compile(r"y([0-9]{1,2})")


def market_of_rates(path: Path, since: date, until: date) -> Market:
    """A market whose business days from `since` through `until` are closed and whose only series is the file's.

    Raises `CommandError` naming the line of anything that is no rate.
    """
    calendar = ExchangeCalendar()
    days = [since + timedelta(days=offset) for offset in range((until - since).days + 1)]
    published = sorted((yields for yields in read_rates(path) if yields.date <= until), key=lambda yields: yields.date)
    history = YieldHistory(tuple(yields.date for yields in published), tuple(published))
    return Market(closed=tuple(day for day in days if calendar.is_business_day(day)), yields={SERIES: history})


def read_rates(path: Path) -> Iterator[MarketYields]:
    """The file's rows as the messages that operations would publish; rows without any rate are passed over."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not UTF-8.") from None
    rows = csv.DictReader(text.splitlines())
    maturities = {name: int(found[1]) for name in rows.fieldnames or () if (found := _COLUMN.fullmatch(name))}
    if "date" not in (rows.fieldnames or ()) or not maturities:
        raise CommandError(f"{path}:1: the first line names the columns date,y1,y2,… (years to maturity).")
    for row in rows:
        try:
            yields = _yields(row, maturities)
        except ValidationError as error:
            raise CommandError(f"{path}:{rows.line_num}: {error.errors()[0]['msg']}") from None
        if yields is not None:
            yield yields


def _yields(row: Mapping[str, str | None], maturities: Mapping[str, int]) -> MarketYields | None:
    points = [
        {"years": years, "percent": (row[name] or "").strip()}
        for name, years in sorted(maturities.items(), key=lambda item: item[1])
        if (row[name] or "").strip()
    ]
    if not points:
        return None
    return MarketYields.model_validate({"series": SERIES, "date": row["date"], "constant_maturity": points})
