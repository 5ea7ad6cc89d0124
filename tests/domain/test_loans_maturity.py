"""WDL-9, MAT-2: what was to be paid out at a maturity stays where a loan outstanding needs it."""

import pytest

from tests.domain.books import only
from tests.domain.books_loans import balance
from tests.domain.maturities import THURSDAY, WEDNESDAY, close, contract, electing, maturing


@pytest.mark.parametrize(("outstanding", "paid"), [("500.00", True), ("500.01", False)])
def test_pitfall_a_matured_value_to_be_paid_out_beside_a_loan_outstanding(outstanding: str, paid: bool) -> None:  # noqa: FBT001
    """1,000.00 matured and 500.00 in F1: with 500.00 outstanding it is paid, with a cent more it is reinvested."""
    book = maturing(terms={**contract(), "loans": {}}, GAA="1000.00", F1="500.00")
    only(book.instruct(balance("b", WEDNESDAY, outstanding)), "confirmations")
    only(book.instruct(electing("e", WEDNESDAY, withdraw=True)), "confirmations")
    if paid:
        message = only(close(book, WEDNESDAY)).message
        assert (message["kind"], message["paid"]) == ("maturity_payment", "1000.00")
        return
    assert close(book, WEDNESDAY) == []
    message = only(close(book, THURSDAY)).message
    assert (message["kind"], message["gross"]) == ("reinvested", "1000.00")
    assert message["details"]["election_not_followed"] == "e: LOAN_OUTSTANDING"
