"""Rounding and powers (GEN-4). Every number is a Decimal; nothing is ever a float.

Intermediate results carry 34 digits and are not rounded; what is posted is rounded half up.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext
from functools import wraps
from typing import ParamSpec, TypeVar

CONTEXT = Context(prec=34, rounding=ROUND_HALF_UP)
CENT = Decimal("0.01")
ZERO = Decimal("0.00")
ONE = Decimal(1)
YEAR = Decimal(365)
UNIT_VALUE_PLACES = 6
INVESTMENT_FACTOR_PLACES = 7
_QUANTA = tuple(Decimal(1).scaleb(-places) for places in range(31))

P = ParamSpec("P")
R = TypeVar("R")


def exact(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function with our own decimal context, whatever the calling thread has set."""

    @wraps(function)
    def in_context(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(CONTEXT):
            return function(*args, **kwargs)

    return in_context


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up to that many places (away from zero at a tie, for both signs)."""
    return value.quantize(_QUANTA[places], ROUND_HALF_UP)


def cents(value: Decimal) -> Decimal:
    """Dollars to the cent, half up (GEN-4)."""
    return value.quantize(CENT, ROUND_HALF_UP)


def whole_cents(value: Decimal) -> Decimal:
    """Dollars to the cent, the fraction of a cent cut off: for shares whose leftover goes elsewhere."""
    return value.quantize(CENT, ROUND_DOWN)


def growth(rate: Decimal, days: int) -> Decimal:
    """(1 + rate)^(days/365), unrounded: what 1 grows to at an annual effective yield (GEN-5)."""
    return (ONE + rate) ** (Decimal(days) / YEAR)
