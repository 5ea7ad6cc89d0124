"""INC-3, FIX-3, GEN-7: what holds of every election, whatever is held and chosen."""

from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from contracts_schema.income import IncomeTerms
from contracts_schema.income_election import IncomeElection
from contracts_schema.requests import AccountInstruction
from contracts_schema.values import changed
from services.domain.annuities import level_payment, present_value
from services.domain.cases import Case
from services.domain.income_election import elect_income
from services.domain.income_payments import next_payment
from services.domain.numbers import exact
from services.domain.state import Participant
from services.domain.verdicts import Done, Verdict
from tests.domain.books_income import election
from tests.domain.gaa import TRADE, day
from tests.domain.holders import check, holders, quantities, valuation

D = Decimal
FREQUENCIES = {"monthly": 1, "quarterly": 3, "semiannual": 6, "annual": 12}
orders: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "years": st.integers(3, 30),
        "frequency": st.sampled_from(sorted(FREQUENCIES)),
        "first_payment": st.dates(day(TRADE), day("2030-12-31")).map(str),
    }
)


@exact
def elect(holder: Participant, **order: object) -> Verdict:
    at = valuation()
    at = changed(at, terms=at.terms.model_copy(update={"income": IncomeTerms()}))
    request = AccountInstruction.model_validate(election("e", TRADE, **order))
    assert isinstance(request.instruction, IncomeElection)
    return elect_income(Case(at, holder, request), request.instruction, day(TRADE))


@given(holders(), quantities, orders)
def test_inc_3_what_is_taken_and_adjusted_is_applied(
    holder: Participant, quantity: dict[str, Any], order: dict[str, Any]
) -> None:
    quantity = {name: value for name, value in quantity.items() if name != "amount_type"}
    done = elect(holder, **quantity, **order)
    assume(isinstance(done, Done))
    assert isinstance(done, Done)
    check(holder, done)
    body = done.body
    adjusted = D(0) if body["mva"] is None else body["mva"].aggregate
    assert body["applied"] == body["gross"] + adjusted
    if "amount" in quantity:
        assert body["applied"] == D(quantity["amount"])
    (income,) = done.participant.accounts[0].incomes
    assert (income.applied, next_payment(income)) == (body["applied"], day(order["first_payment"]))


@given(st.decimals("0", "0.2", places=4), st.integers(1, 360), st.sampled_from([1, 3, 6, 12]))
def test_fix_3_payments_are_worth_what_was_applied(rate: Decimal, payments: int, months: int) -> None:
    """Paid out one after the other, what is left earning the rate, nothing is left of the amount after the last."""
    payments = min(payments, 360 // months)  # thirty years: what is lost of 34 digits stays far below a cent
    payment = exact(level_payment)(D(100000), rate, 0, payments, months)
    left, growth = D(100000), exact(lambda: (1 + rate) ** (D(months) / 12))()
    for _ in range(payments):
        left = (left - payment) * growth
    assert abs(left) < D("0.000001")
    assert exact(present_value)(rate, payments, months) <= payments


@given(st.decimals("0.035", "0.1", places=4), st.integers(36, 360), st.integers(0, 400))
def test_fix_3_a_higher_rate_and_a_later_first_payment_pay_more(rate: Decimal, payments: int, days: int) -> None:
    least = exact(level_payment)(D(1000), D("0.035"), 0, payments, 1)
    assert exact(level_payment)(D(1000), rate, days, payments, 1) >= least
