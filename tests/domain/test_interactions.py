"""Pitfalls between rules of different groups, by hand to the cent.

On 28 April 2021 prices are 10; 200.00 of Fixed Account 2 of 4 January are 200 × 1.02^(114/365) = 201.24.
"""

from tests.domain.books import FUNDS, Json, fixed_account_2, guaranteed
from tests.domain.gaa import gaa_terms, held, withdrawn

WHEN_APPLIED: Json = fixed_account_2(rate_basis="when_applied")


def test_pitfall_a_loan_of_money_that_earns_the_rate_in_effect_when_it_was_applied() -> None:
    """WDL-9, FIX-7: it can be lent like all that is in fixed options."""
    book = held(gaa_terms(options=(*FUNDS, WHEN_APPLIED, guaranteed()), loans={}), FA2="200.00", old_3="2000.00")
    outcome = withdrawn(book, amount="201.24", reason="loan")
    assert outcome.dollars() == {"FA2": "-201.24"}
    assert outcome.message["details"]["available_for_loans"] == "201.24"
