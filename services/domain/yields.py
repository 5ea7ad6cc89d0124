"""How one day's published yields are read for a lot: individual notes, or a maturity interpolated (MVA-2, MVA-4)."""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from contracts_schema.options import MvaTerms
from contracts_schema.reference import ConstantMaturityPoint, MarketYields
from services.domain.numbers import rounded
from services.domain.state import Lot

HUNDRED = Decimal(100)


class Point(NamedTuple):
    """A yield read from a day's: as a fraction, how it came about, and of which note where it is one's."""

    rate: Decimal
    basis: str
    note: str = ""


Reading = Callable[[MarketYields], Iterable[Point]]


def reading(terms: MvaTerms, lot: Lot, years: Decimal, same: frozenset[str] | None = None) -> Reading:
    """How a day's yields are read: the notes of the term's last three months, or a maturity interpolated.

    `same` are the notes of the deposit period yield: the current yield is of these and of no later ones (MVA-2).
    """
    if terms.yield_source == "treasury_notes":
        after = three_months_before(lot.maturity)
        return lambda published: [
            Point(note.percent / HUNDRED, f"{note.note} {note.percent}%", note.note)
            for note in published.notes
            if after < note.maturity <= lot.maturity and (same is None or note.note in same)
        ]
    return constant_maturity(years)


def constant_maturity(years: Decimal) -> Reading:
    """The rate at one maturity, interpolated (MVA-4); nothing on a day without constant maturities."""
    return lambda published: [interpolated(published.constant_maturity, years)] if published.constant_maturity else []


def three_months_before(day: date) -> date:
    """The day after which the last three months to a day begin: the same day three months earlier.

    The last day of a month goes back to the last of its month, so that a term to 30 June has April to June for
    its last three months, and a note of 31 March is not in them.
    """
    year, month = (day.year, day.month - 3) if day.month > 3 else (day.year - 1, day.month + 9)
    last = monthrange(year, month)[1]
    ends_month = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if ends_month else min(day.day, last))


def interpolated(points: tuple[ConstantMaturityPoint, ...], years: Decimal) -> Point:
    """The rate at a maturity, linear between the published ones, flat beyond the ends (MVA-4)."""
    at = bisect_left([point.years for point in points], years)
    if at == len(points) or points[at].years == years or at == 0:
        point = points[min(at, len(points) - 1)]
        return Point(point.percent / HUNDRED, f"{point.years}y {point.percent}%")
    low, high = points[at - 1], points[at]
    share = (years - low.years) / (high.years - low.years)
    percent = low.percent + (high.percent - low.percent) * share
    basis = f"{low.years}y {low.percent}%, {high.years}y {high.percent}%, at {rounded(years, 6)}y"
    return Point(percent / HUNDRED, basis)
