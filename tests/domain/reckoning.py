"""What an adjustment is reckoned from, by the words of the rules alone: nothing of the product is used."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from tests.domain.treasury import Curve, curves

D = Decimal
EXCHANGE_OPEN_NO_RATE = (
    "2021-10-11",
    "2021-11-11",
    "2022-10-10",
    "2022-11-11",
    "2023-10-09",
    "2024-10-14",
    "2024-11-11",
)
RATE_BUT_EXCHANGE_CLOSED = ("2021-04-02", "2023-04-07", "2025-01-09")
BUSINESS_DAYS = sorted(
    (set(curves()) | {date.fromisoformat(day) for day in EXCHANGE_OPEN_NO_RATE})
    - {date.fromisoformat(day) for day in RATE_BUT_EXCHANGE_CLOSED}
)


def on_curve(curve: Curve, years: Decimal) -> Decimal:
    """The rate at a maturity, as a fraction: linear in between, flat beyond the ends (MVA-4)."""
    points = [(D(at), D(percent)) for at, percent in curve]
    years = min(max(years, points[0][0]), points[-1][0])
    for (low, below), (high, above) in pairwise(points):
        if low <= years <= high:
            return (below * (high - years) + above * (years - low)) / (high - low) / 100
    raise AssertionError(years)


def interpolated(published: date, years: Decimal) -> Decimal:
    """The Treasury's rate of a day at a maturity."""
    return on_curve(curves()[published], years)


def published_by(day: date) -> date:
    return max(known for known in curves() if known <= day)


def week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def days_left(maturity: date, on: date) -> int:
    wednesday = date.fromisocalendar(*week(on), 3)
    return max(0, (maturity - wednesday).days)


def cents(value: Decimal) -> Decimal:
    return value.quantize(D("0.01"), ROUND_HALF_UP)
