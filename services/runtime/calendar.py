"""The New York Stock Exchange's calendar: business days, closes and trade dates (GEN-1, GEN-2).

Closures and early closes come from the `holidays` library. An unexpected closure that it does not know yet
strands nothing: the ledger goes by the days that were closed, not by this calendar.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays.constants import HALF_DAY, PUBLIC
from holidays.financial.ny_stock_exchange import NewYorkStockExchange

NEW_YORK = ZoneInfo("America/New_York")
REGULAR_CLOSE, EARLY_CLOSE = time(16), time(13)
SATURDAY = 6


class ExchangeCalendar:
    """Business days of the NYSE and their closing times, New York time."""

    def is_business_day(self, day: date) -> bool:
        """Whether the exchange is open on a day (GEN-1)."""
        return day.isoweekday() < SATURDAY and day not in _closures(day.year)

    def closes_at(self, day: date) -> datetime:
        """The close of a business day: 16:00, or 13:00 on days of an early close."""
        close = EARLY_CLOSE if day in _early_closes(day.year) else REGULAR_CLOSE
        return datetime.combine(day, close, NEW_YORK)

    def trade_date(self, received: datetime) -> date:
        """The business day whose close is the first at or after an instant (GEN-2)."""
        day = received.astimezone(NEW_YORK).date()
        while not self.is_business_day(day) or received > self.closes_at(day):
            day += timedelta(days=1)
        return day

    def local_day(self, received: datetime) -> date:
        """The calendar day of an instant in New York."""
        return received.astimezone(NEW_YORK).date()

    def last_closed(self, now: datetime) -> date:
        """The last business day whose close is not after an instant."""
        day = now.astimezone(NEW_YORK).date()
        while not self.is_business_day(day) or now < self.closes_at(day):
            day -= timedelta(days=1)
        return day


@lru_cache(maxsize=512)
def _closures(year: int) -> frozenset[date]:
    return frozenset(NewYorkStockExchange(years=year, categories=PUBLIC))  # type: ignore[no-untyped-call]  # the library has no types


@lru_cache(maxsize=512)
def _early_closes(year: int) -> frozenset[date]:
    return frozenset(NewYorkStockExchange(years=year, categories=HALF_DAY))  # type: ignore[no-untyped-call]  # same
