"""The market value adjustment written out: the formula, the numbers in it, and what they make (MVA-1, MVA-2, MVA-5)."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from contracts_schema.types import plain


def formula_lines(
    deposit: Sequence[Decimal], current: Sequence[Decimal], days: int, unrounded: Decimal, factor: Decimal
) -> list[str]:
    """How a factor comes about: the formula, the numbers substituted, the factor unrounded and rounded.

    Each side is one yield under Method Two, under Method One a Treasury rate and a spread.
    """
    above, below, rule = ("i", "j", "MVA-2") if len(deposit) == 1 else ("a + i", "b + j", "MVA-1")
    places = -int(factor.as_tuple().exponent)
    return [
        f"factor = ((1 + {above})/(1 + {below})) ^ (x/365)   ({rule})",
        f"       = ((1 + {_added(deposit)})/(1 + {_added(current)})) ^ ({days}/365)",
        f"       = {plain(unrounded)} unrounded",
        f"factor {plain(factor)}   (MVA-5: rounded to {places} places before use)",
    ]


def days_line(count_from: date, maturity: date, days: int) -> str:
    """x: from the Wednesday (or the contract's other weekday) of the week to maturity (MVA-3)."""
    return f"x = days from {count_from:%A} {count_from} to {maturity} = {days}   (MVA-3)"


def taken_lines(taken: Decimal, factor: Decimal, adjustment: Decimal, *, counts: bool = True) -> list[str]:
    """What a factor does to the value taken, or would do if it counted."""
    pays, is_ = ("pays", "adjustment") if counts else ("would pay", "adjustment would be")
    return [
        f"amount withdrawn {plain(taken)}, value taken before the adjustment",
        f"{plain(taken)} × {plain(factor)} {pays} {plain(taken + adjustment)}",
        f"{is_} {plain(adjustment)}",
    ]


def trimmed(number: Decimal) -> str:
    """A number without the zeros at its end."""
    text = plain(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _added(numbers: Iterable[Decimal]) -> str:
    return " + ".join(_in_brackets(trimmed(number)) for number in numbers)


def _in_brackets(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def years_text(years: int | None) -> str:
    """A length of term for a reader: "1 year", "3 years"."""
    return f"{years} year" if years == 1 else f"{years} years"
