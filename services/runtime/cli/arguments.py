"""What is typed, read as the messages read it: decimals in plain notation, dates as YYYY-MM-DD, times as ISO 8601
with their offset.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import typer
from pydantic import TypeAdapter, ValidationError

from contracts_schema.types import ISO_DATE, Day, Identifier, Instant, PositiveMoney, Rate
from services.runtime.calendar import NEW_YORK

_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)
_DAY: TypeAdapter[date] = TypeAdapter(Day)
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
_MONEY: TypeAdapter[Decimal] = TypeAdapter(PositiveMoney)
_RATE: TypeAdapter[Decimal] = TypeAdapter(Rate)


def day(text: str) -> date:
    """A date."""
    found: date = _read(_DAY, text)
    return found


def identifier(text: str) -> str:
    """An identifier."""
    found: str = _read(_IDENTIFIER, text)
    return found


def moment(text: str) -> datetime:
    """A time with its offset; of a date its beginning in New York."""
    if ISO_DATE.fullmatch(text):
        return datetime.combine(day(text), time(), NEW_YORK)
    found: datetime = _read(_INSTANT, text)
    return found


def money(text: str) -> Decimal:
    """Dollars, more than zero."""
    found: Decimal = _read(_MONEY, text)
    return found


def rate(text: str) -> Decimal:
    """An annual rate as a fraction between -1 and 1, so that nothing is divided by zero."""
    found: Decimal = _read(_RATE, text)
    return found


def _read(adapter: TypeAdapter[Any], text: str) -> Any:  # noqa: ANN401 -- what it is follows from the adapter
    try:
        return adapter.validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter(f"{text}: {error.errors()[0]['msg']}") from None
