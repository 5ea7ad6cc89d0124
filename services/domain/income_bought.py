"""The annuity that an amount buys: its payment, or its annuity units (INC-3, INC-4, FIX-3)."""

from __future__ import annotations

from decimal import Decimal

from contracts_schema.figures import AnnuityUnitsLine
from contracts_schema.income import IncomeTerms, VariableIncomeTerms
from contracts_schema.income_election import MONTHS_BETWEEN, IncomeElection
from contracts_schema.requests import AccountInstruction
from contracts_schema.types import plain
from contracts_schema.values import Value, changed
from services.domain.allocation import shares_of, split
from services.domain.annuities import MONTHS_A_YEAR, level_payment
from services.domain.annuity_values import annuity_unit_value
from services.domain.cases import Case
from services.domain.incomes import AnnuityUnits, Income
from services.domain.numbers import cents, rounded


class Bought(Value, frozen=True):
    """An annuity, what is told of it, its annuity units in figures, and the rules behind it."""

    income: Income
    details: dict[str, str]
    rules: tuple[str, ...] = ()
    lines: tuple[AnnuityUnitsLine, ...] = ()


def bought(
    case: Case[AccountInstruction], order: IncomeElection, terms: IncomeTerms, applied: Decimal
) -> Bought | None:
    """What dollars applied on the trade date buy; None where that would pay nothing."""
    if order.years is None:
        income = Income(case.request.request_id, order.annuity, applied, order.first_payment, 0, payee=order.payee)
        return Bought(income, _told(order)) if applied else None
    months = MONTHS_BETWEEN[order.frequency]
    income = Income(
        case.request.request_id,
        order.annuity,
        applied,
        order.first_payment,
        months,
        order.years * MONTHS_A_YEAR // months,
        payee=order.payee,
    )
    variable = terms.variable if order.funds is not None else None
    rate = terms.fixed_rate if variable is None else variable.assumed_rate
    days = (order.first_payment - case.day).days
    payment = cents(level_payment(applied, rate, days, income.payments, months))
    if not payment:
        return None
    details = _told(order) | {"years": str(order.years), "number_of_payments": str(income.payments)}
    if variable is None:
        details |= {"rate": plain(rate), "payment": plain(payment)}
        return Bought(changed(income, payment=payment), details, ("INC-3", "FIX-3"))
    details |= {"assumed_rate": plain(rate), "payment_at_assumed_rate": plain(payment)}
    return _in_units(case, order, variable, Bought(income, details, ("INC-2", "INC-3", "INC-4")), payment)


def _told(order: IncomeElection) -> dict[str, str]:
    told = {
        "annuity": order.annuity,
        "payments": order.payments,
        "frequency": order.frequency,
        "first_payment": order.first_payment.isoformat(),
    }
    return told if order.payee is None else {**told, "payee": order.payee}


def _in_units(
    case: Case[AccountInstruction], order: IncomeElection, terms: VariableIncomeTerms, of: Bought, payment: Decimal
) -> Bought | None:
    """The first payment's shares in annuity units; what rounds to none is left out. None where nothing is left."""
    shares = shares_of(order.funds or ())
    lines = []
    for share, part in zip(shares, split(case.terms, shares, payment), strict=True):
        value = annuity_unit_value(case.at, share.option, terms.charge_class)
        units = rounded(part / value, case.terms.scales.units)
        if units:
            lines.append(
                AnnuityUnitsLine(
                    option=share.option, units=units, unit_value=value, unit_value_date=case.day, dollars=part
                )
            )
    if not lines:
        return None
    units_held = tuple(AnnuityUnits(line.option, line.units) for line in lines)
    income = changed(of.income, units=units_held, charge_class=terms.charge_class)
    return changed(of, income=income, lines=tuple(lines))
