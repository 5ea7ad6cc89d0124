"""On which day of the year participants are told what they hold (NTC-1)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from contracts_schema.types import Message

_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
_A_LEAP_YEAR = 2000


def _month_day(value: object) -> str:
    try:
        if isinstance(value, str) and _MONTH_DAY.fullmatch(value):
            date.fromisoformat(f"{_A_LEAP_YEAR}-{value}")
            return value
    except ValueError:
        pass
    raise PydanticCustomError("not_a_day_of_the_year", "a day of the year is written MM-DD")


class StatementDate(Message):
    """The day of every year of which a participant's annual notice is: `month_day` as MM-DD; 29 February is on the
    `leap_day` in other years.

    Values are as of the last business day on or before it, as long as that is at most `values_at_most_days` before, of
    which the endorsement allows 60; else as of the next one.
    """

    month_day: Annotated[str, BeforeValidator(_month_day)]
    leap_day: Literal["february_28", "march_1"] = "february_28"
    values_at_most_days: Annotated[int, Field(ge=0, le=60, strict=True)] = 60

    def of_year(self, year: int) -> date:
        """The statement date of a calendar year."""
        try:
            return date.fromisoformat(f"{year:04}-{self.month_day}")
        except ValueError:
            return date(year, 3, 1) - timedelta(days=self.leap_day == "february_28")
