"""How long reference knows the values of closed days: the same again is nothing, another is refused (FIX-6).

*Decision*: 400 days, as long as the answers to requests are kept. Nothing else needs them: what a later day carries on
from is kept apart. An older value that comes again cannot be told from another, and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeVar

DAYS_KEPT = 400

T = TypeVar("T")


def kept(by_date: Mapping[date, T], last_closed: date) -> Mapping[date, T]:
    """What is kept after a close; the same object where nothing is dropped."""
    first = last_closed - timedelta(days=DAYS_KEPT)
    if all(day >= first for day in by_date):
        return by_date
    return {day: values for day, values in by_date.items() if day >= first}


def is_kept(day: date, last_closed: date) -> bool:
    """Whether the values of a closed day are known."""
    return day >= last_closed - timedelta(days=DAYS_KEPT)
