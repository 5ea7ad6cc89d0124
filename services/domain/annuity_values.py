"""Annuity unit values: unit values of the charge class that a contract's annuity units have (INC-4, DAC §9.13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from contracts_schema.options import FundOption
from contracts_schema.terms import ContractTerms
from services.domain.valuation import Valuation


def annuity_unit_value(at: Valuation, option: str, charge_class: str) -> Decimal:
    """What an annuity unit of a fund option is worth on a closed day. A missing value is a bug: a day does not close
    without it, from the day on which terms name its class.
    """
    found = at.terms.option_named(option)
    assert isinstance(found, FundOption), "annuity units are of funds, and options stay what they are"
    return at.market.days[at.day].unit_values[f"{found.fund}|{charge_class}"]


def annuity_units_wanted(versions: Iterable[ContractTerms], day: date) -> Iterator[tuple[str, str]]:
    """Fund and charge class of every annuity unit that may be held on a day: those of a version that was in force
    before too, for units bought under it go on being paid; not of one that another took the place of from its first day
    on.
    """
    in_force = {(terms.contract_id, terms.effective_from): terms for terms in versions if terms.effective_from <= day}
    for terms in in_force.values():
        variable = None if terms.income is None else terms.income.variable
        if variable is None:
            continue
        for option in terms.options:
            if isinstance(option, FundOption) and option.option in variable.options:
                yield option.fund, variable.charge_class
