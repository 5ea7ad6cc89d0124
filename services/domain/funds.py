"""Unit values of the Separate Account's funds, from the net investment factor (FND-1)."""

from __future__ import annotations

from decimal import Decimal

from contracts_schema.reference import FactorInputs, FundValue
from services.domain.numbers import INVESTMENT_FACTOR_PLACES, ONE, UNIT_VALUE_PLACES, rounded

UNIT_VALUE_LIMIT = Decimal(10**9)
"""The digits that the messages have for a unit value; one of zero would make units that nobody could sell."""


def net_investment_factor(inputs: FactorInputs) -> Decimal:
    """1.0000000 + (a - b - c)/d - e, to 7 places (DAC §3.06); the net return rate may be negative."""
    return rounded(ONE + (inputs.a - inputs.b - inputs.c) / inputs.d - inputs.e, INVESTMENT_FACTOR_PLACES)


def factor_of(value: FundValue) -> Decimal | None:
    """The factor a fund value brings or implies by its inputs; None where the unit value itself is given."""
    if value.factor_inputs is not None:
        return net_investment_factor(value.factor_inputs)
    return value.net_investment_factor


def unit_value(value: FundValue, prior: Decimal | None) -> Decimal | None:
    """The unit value, to 6 places: given, or prior × factor.

    None where a factor has nothing to carry on from, or leads to what no unit value can be.
    """
    if value.unit_value is not None:
        return rounded(value.unit_value, UNIT_VALUE_PLACES)
    factor = factor_of(value)
    if factor is None or prior is None:
        return None
    found = rounded(prior * factor, UNIT_VALUE_PLACES)
    return found if 0 < found < UNIT_VALUE_LIMIT else None
