"""Pitfalls between rules of different groups, by hand to the cent.

On 28 April 2021 prices are 10; 200.00 of Fixed Account 2 of 4 January are 200 × 1.02^(114/365) = 201.24.
"""

import pytest

from tests.domain import books_limits
from tests.domain.books import FUNDS, Json, fixed_account_2, guaranteed
from tests.domain.books_limits import book_of, fixed_account, fixed_plus, moved, resting
from tests.domain.gaa import gaa_terms, held, withdrawn

FIRST, DAY = "2021-01-04", "2021-01-05"
WHEN_APPLIED: Json = fixed_account_2(rate_basis="when_applied")


def test_pitfall_a_loan_of_money_that_earns_the_rate_in_effect_when_it_was_applied() -> None:
    """WDL-9, FIX-7: it can be lent like all that is in fixed options."""
    book = held(gaa_terms(options=(*FUNDS, WHEN_APPLIED, guaranteed()), loans={}), FA2="200.00", old_3="2000.00")
    outcome = withdrawn(book, amount="201.24", reason="loan")
    assert outcome.dollars() == {"FA2": "-201.24"}
    assert outcome.message["details"]["available_for_loans"] == "201.24"


@pytest.mark.parametrize(("option", "free", "counting"), [("FA", 1, "TRF-3"), ("FA2", 1, "TRF-3"), ("FP", 0, "TRF-2")])
def test_pitfall_limited_transfers_and_the_free_ones(option: str, free: int, counting: str) -> None:
    """TRF-3: "without charge" is said of the Fixed Account and Fixed Account 2, not of the Fixed Plus Account."""
    contract = books_limits.contract(fixed_account(), fixed_plus(), resting(), transfers={"free_per_year": 1})
    book = book_of(contract, FIRST, FA="1000.00", FA2="1000.00", FP="1000.00")
    outcome = moved(book, DAY, "100.00", option=option)
    assert outcome.message["free_transfers_left"] == free
    assert counting in outcome.message["rules"]


def test_pitfall_the_fee_of_a_limited_transfer() -> None:
    """TRF-2, LIM-2: with no free ones 100.00 of the Fixed Plus Account bring 90.00; 20% × 9,900 − 100 are left."""
    contract = books_limits.contract(fixed_plus(), transfers={"free_per_year": 0, "fee": "10.00"})
    outcome = moved(book_of(contract, FIRST, FP="10000.00"), DAY, "100.00", option="FP")
    assert outcome.dollars() == {"FP": "-100.00", "F1": "90.00"}
    assert [(line["taken"], line["left"]) for line in outcome.message["limits"]] == [("100.00", "1880.00")]
