"""GEN-1: the calendar that the library makes is the exchange's own, every closure and early close of six years."""

from datetime import date, time, timedelta

from services.runtime.calendar import ExchangeCalendar
from tests.domain.tabled import rows

SIX_YEARS = [date(2021, 1, 1) + timedelta(days=offset) for offset in range(365 * 6 + 1)]  # 2024 is a leap year


def test_gen_1_every_weekday_but_the_closures_is_a_business_day() -> None:
    table = [row.values[0] for row in rows("nyse_closures", "date")]
    closures = {date.fromisoformat(row["date"]) for row in table if isinstance(row, dict) and not row["closes_at"]}
    weekdays = [day for day in SIX_YEARS if day.isoweekday() < 6]
    calendar = ExchangeCalendar()
    assert SIX_YEARS[-1] == date(2026, 12, 31)
    assert len(closures) == 59
    assert {day for day in weekdays if not calendar.is_business_day(day)} == closures
    assert not any(calendar.is_business_day(day) for day in SIX_YEARS if day.isoweekday() > 5)


def test_gen_1_early_closes_are_at_one_and_all_others_at_four() -> None:
    table = [row.values[0] for row in rows("nyse_closures", "date")]
    early = {date.fromisoformat(row["date"]) for row in table if isinstance(row, dict) and row["closes_at"] == "13:00"}
    calendar = ExchangeCalendar()
    open_days = filter(calendar.is_business_day, SIX_YEARS)
    closes = {day: calendar.closes_at(day).time() for day in open_days}
    assert len(early) == 12
    assert {day for day, at in closes.items() if at == time(13)} == early
    assert {at for day, at in closes.items() if day not in early} == {time(16)}


def test_mva_4_days_on_which_one_market_is_open_and_the_other_closed() -> None:
    """Columbus and Veterans Day: the exchange trades, Treasury publishes nothing. Good Friday: the other way around."""
    calendar = ExchangeCalendar()
    assert all(map(calendar.is_business_day, [date(2021, 10, 11), date(2022, 11, 11), date(2024, 10, 14)]))
    assert not any(map(calendar.is_business_day, [date(2021, 4, 2), date(2023, 4, 7), date(2025, 1, 9)]))
