"""Unit values of the Separate Account's funds, from the net investment factor (FND-1)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from contracts_schema.reference import FundValue
from contracts_schema.unit_values import ShareValues
from services.domain.numbers import INVESTMENT_FACTOR_PLACES, ONE, UNIT_VALUE_PLACES, rounded

UNIT_VALUE_LIMIT = Decimal(10**9)
"""The digits that the messages have for a unit value; one of zero would make units that nobody could sell."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of the net investment factor but for e, per share held on the prior Valuation Date."""

    a: Decimal
    b: Decimal
    c: Decimal
    d: Decimal


def net_investment_factor(letters: Letters | ShareValues, e: Decimal) -> Decimal:
    """1.0000000 + (a - b - c)/d - e, to 7 places (DAC §3.06); the net return rate may be negative."""
    return rounded(ONE + (letters.a - letters.b - letters.c) / letters.d - e, INVESTMENT_FACTOR_PLACES)


def factor_of(value: FundValue, e: Decimal | None = None) -> Decimal | None:
    """The factor a fund value brings or implies by its inputs, with `e` where they have none; None where the unit value
    itself is given, or e is not known.
    """
    inputs = value.factor_inputs
    if inputs is None:
        return value.net_investment_factor
    charges = e if inputs.e is None else inputs.e
    return None if charges is None else net_investment_factor(inputs, charges)


def carried_on(prior: Decimal, factor: Decimal, growth_assumed: Decimal = ONE) -> Decimal | None:
    """Prior unit value × factor, net of the growth assumed in the period, to 6 places; None for what none can be."""
    found = rounded(prior * factor / growth_assumed, UNIT_VALUE_PLACES)
    return found if 0 < found < UNIT_VALUE_LIMIT else None


def unit_value(
    value: FundValue, prior: Decimal | None, e: Decimal | None = None, growth_assumed: Decimal = ONE
) -> Decimal | None:
    """The unit value, to 6 places: given, or prior × factor.

    None where a factor has nothing to carry on from, or leads to what no unit value can be.
    """
    if value.unit_value is not None:
        return rounded(value.unit_value, UNIT_VALUE_PLACES)
    factor = factor_of(value, e)
    return None if factor is None or prior is None else carried_on(prior, factor, growth_assumed)
