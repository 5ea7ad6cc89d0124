"""Files of constant-maturity rates, and of spreads, as a market: `date,y1,y2,…`, percent, one row a day, an empty field
where none was published.
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

SERIES, SPREADS = "rates", "spreads"
_COLUMN = re.compile(r"y([0-9]{1,2})")


def market_of_rates(files: Mapping[str, Path], since: date, until: date) -> Market:
    """A market whose business days from `since` through `until` are closed and whose series are the files'.

    Raises `CommandError` naming the line of anything that is no rate.
    """
    calendar = ExchangeCalendar()
    days = [since + timedelta(days=offset) for offset in range((until - since).days + 1)]
    closed = tuple(day for day in days if calendar.is_business_day(day))
    return Market(closed=closed, yields={series: _history(series, path, until) for series, path in files.items()})


def _history(series: str, path: Path, until: date) -> YieldHistory:
    published = [yields for yields in read_rates(path, series) if yields.date <= until]
    published.sort(key=lambda yields: yields.date)
    return YieldHistory(tuple(yields.date for yields in published), tuple(published))


def read_rates(path: Path, series: str) -> Iterator[MarketYields]:
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
            yields = _yields(series, row, maturities)
        except ValidationError as error:
            raise CommandError(f"{path}:{rows.line_num}: {error.errors()[0]['msg']}") from None
        if yields is not None:
            yield yields


def _yields(series: str, row: Mapping[str, str | None], maturities: Mapping[str, int]) -> MarketYields | None:
    points = [
        {"years": years, "percent": (row[name] or "").strip()}
        for name, years in sorted(maturities.items(), key=lambda item: item[1])
        if (row[name] or "").strip()
    ]
    if not points:
        return None
    return MarketYields.model_validate({"series": series, "date": row["date"], "constant_maturity": points})
