"""The market value adjustment written out: the formula, the numbers in it, and what they make (MVA-2, MVA-5)."""

from datetime import date
from decimal import Decimal

from contracts_schema.types import plain


def formula_lines(
    deposit_yield: Decimal, current_yield: Decimal, days: int, unrounded: Decimal, factor: Decimal
) -> list[str]:
    """How a factor comes about: the formula, the numbers substituted, the factor unrounded and rounded."""
    i, j = trimmed(deposit_yield), trimmed(current_yield)
    places = -int(factor.as_tuple().exponent)
    return [
        "factor = ((1 + i)/(1 + j)) ^ (x/365)   (MVA-2)",
        f"       = ((1 + {_in_brackets(i)})/(1 + {_in_brackets(j)})) ^ ({days}/365)",
        f"       = {plain(unrounded)} unrounded",
        f"factor {plain(factor)}   (MVA-5: rounded to {places} places before use)",
    ]


def days_line(count_from: date, maturity: date, days: int) -> str:
    """x: from the Wednesday (or the contract's other weekday) of the week to maturity (MVA-3)."""
    return f"x = days from {count_from:%A} {count_from} to {maturity} = {days}   (MVA-3)"


def taken_lines(taken: Decimal, factor: Decimal, adjustment: Decimal) -> list[str]:
    """What a factor does to the value taken."""
    return [
        f"amount withdrawn {plain(taken)}, value taken before the adjustment",
        f"{plain(taken)} × {plain(factor)} pays {plain(taken + adjustment)}",
        f"adjustment {plain(adjustment)}",
    ]


def trimmed(number: Decimal) -> str:
    """A number without the zeros at its end."""
    text = plain(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _in_brackets(number: str) -> str:
    return f"({number})" if number.startswith("-") else number
