"""Value over time as SVG, to stand in a page as it is: a point for every day that a value is known of, joined."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 640, 200, 24
_TENTH = Decimal("0.1")


def value_chart(points: Mapping[date, Decimal]) -> str:
    """The chart, zero at its bottom; empty where fewer than two days are known."""
    days = sorted(points)
    if len(days) < 2:
        return ""
    highest = max(points.values()) or Decimal(1)
    span = (days[-1] - days[0]).days
    line = " ".join(f"{_across((day - days[0]).days, span)},{_up(points[day], highest)}" for day in days)
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Value from {days[0]} to {days[-1]}, at most {highest}">'
        f'<line x1="{MARGIN}" y1="{HEIGHT - MARGIN}" x2="{WIDTH - MARGIN}" y2="{HEIGHT - MARGIN}"/>'
        f'<polyline points="{line}"/>'
        f'<text x="{MARGIN}" y="{MARGIN - 8}">${highest:,}</text>'
        f'<text x="{MARGIN}" y="{HEIGHT - 6}">{days[0]}</text>'
        f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - 6}" text-anchor="end">{days[-1]}</text>'
        "</svg>"
    )


def _across(days: int, span: int) -> Decimal:
    return (MARGIN + Decimal(WIDTH - 2 * MARGIN) * days / span).quantize(_TENTH)


def _up(value: Decimal, highest: Decimal) -> Decimal:
    return (HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * value / highest).quantize(_TENTH)
