"""What an account pays or owes beside its value: annuities and installments (INC-3, INC-4, WDL-8)."""

from __future__ import annotations

from contracts_schema.account_rows import AnnuityUnitsRow, IncomeRow, OwedRow
from contracts_schema.types import plain
from services.domain.account_prices import Prices
from services.domain.income_payments import next_payment
from services.domain.incomes import AnnuityUnits, Income
from services.domain.installment_plans import InstallmentPlan, Payable
from services.domain.positions import value_at
from services.domain.state import Account


def incomes_of(account: Account, prices: Prices) -> tuple[IncomeRow, ...]:
    """The annuities that an account still pays, each with its annuity units' value of the day."""
    return tuple(_income(income, prices) for income in account.incomes)


def owed_of(payable: Payable) -> tuple[OwedRow, ...] | None:
    """What is still owed of withdrawals; None where nothing is."""
    return tuple(_owed(plan) for plan in payable.plans) or None


def _income(income: Income, prices: Prices) -> IncomeRow:
    certain = income.payments > 0
    return IncomeRow(
        request_id=income.request_id,
        annuity=income.annuity,
        applied=plain(income.applied),
        payment=None if income.payment is None else plain(income.payment),
        annuity_units=tuple(_units(income, units, prices) for units in income.units) or None,
        payments=income.payments if certain else None,
        paid=income.paid if certain else None,
        every=income.months if certain else None,
        next_payment=next_payment(income),
    )


def _units(income: Income, units: AnnuityUnits, prices: Prices) -> AnnuityUnitsRow:
    assert income.charge_class is not None, "annuity units have a class"
    worth = prices.annuity_unit(units.option, income.charge_class)
    return AnnuityUnitsRow(
        option=units.option,
        units=plain(units.units),
        unit_value=plain(worth),
        value=plain(value_at(units.units, worth)),
    )


def _owed(plan: InstallmentPlan) -> OwedRow:
    return OwedRow(
        request_id=plan.request_id,
        option=plan.option,
        left=plain(plan.left),
        rate=plain(plan.rate),
        payments=plan.payments,
        paid=plan.paid,
        every=plan.every,
        next_payment=plan.due,
    )
