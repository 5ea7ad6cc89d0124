"""DEP-1: premium tax at deposit, or where the terms say so at withdrawal or annuitisation, of the value taken."""

import pytest

from tests.domain.books import Book, Json, deposit, only, shares, terms
from tests.domain.books_charges import charging, early, off
from tests.domain.gaa import gaa_terms, held, withdrawn
from tests.domain.maturities import WEDNESDAY, close, contract, electing, maturing


def taxing(due: str = "withdrawal", **more: object) -> Json:
    return gaa_terms(premium_tax_percent="2", premium_tax_due=due, **more)


@pytest.mark.parametrize(
    ("due", "bought"), [("deposit", "920.00"), ("withdrawal", "940.00"), ("annuitisation", "940.00")]
)
def test_dep_1_a_tax_that_is_due_later_is_not_taken_of_deposits(due: str, bought: str) -> None:
    """1,000.00 less 2% and 6% is 920.00; less the sales charge alone 940.00."""
    book = Book(terms(premium_tax_percent="2", premium_tax_due=due, sales_charge_percent="6"))
    book.deposit(deposit("d", "2021-01-04", "1000.00", allocation=shares(F1="100")))
    assert only(book.close("2021-01-04")).dollars() == {"F1": bought}


def test_dep_1_no_charge_at_all_where_the_only_one_is_due_later() -> None:
    book = Book(terms(premium_tax_percent="2", premium_tax_due="withdrawal"))
    book.deposit(deposit("d", "2021-01-04", "1000.00", allocation=shares(F1="100")))
    outcome = only(book.close("2021-01-04"))
    assert (outcome.message["charges"], "DEP-1" in outcome.message["rules"]) == ([], False)


def test_dep_1_tax_at_withdrawal_is_of_the_value_taken() -> None:
    """2% of 1,000.00 before an adjustment at .9500: 950.00 − 20.00."""
    outcome = withdrawn(held(taxing(), old_3="1000.00"), full=True)
    assert off(outcome) == {"premium_tax": "20.00"}
    (charge,) = outcome.message["charges"]
    assert (charge["basis"], charge["rules"]) == ("2% of 1000.00", ["DEP-1", "WDL-14"])
    assert (outcome.message["paid"], outcome.message["debits"]) == ("930.00", "1000.00")
    assert "DEP-1" in outcome.message["rules"]


def test_wdl_14_net_with_charge_and_tax_of_two_lots_and_a_fund() -> None:
    """Leaves of a dollar: 1, .95 and 1.10 less .05 and .02 are .93, .88 and 1.03: net 568 is a fifth of 2,840.

    Taken 600.00, adjustment −10.00 + 20.00, charge 30.00, tax 12.00.
    """
    bearing = charging(premium_tax_percent="2", premium_tax_due="withdrawal")
    outcome = withdrawn(held(bearing, F1="1000.00", old_3="1000.00", mid_5="1000.00"), amount="568.00")
    assert off(outcome) == {"early_withdrawal_charge": "30.00", "premium_tax": "12.00"}
    assert (outcome.message["gross"], outcome.message["mva"]["aggregate"]) == ("600.00", "10.00")
    assert outcome.message["paid"] == "568.00"


def test_dep_1_the_tax_is_of_every_option_and_of_every_reason() -> None:
    """What bears no early withdrawal charge bears the tax: 2% of 200.00, and 5% of F2's 100.00."""
    charge = early(exempt_options=["F1"], exempt_reasons=["separation"])
    bearing = gaa_terms(early_withdrawal_charge=charge, premium_tax_percent="2", premium_tax_due="withdrawal")
    book = held(bearing, F1="1000.00", F2="1000.00")
    outcome = withdrawn(book, amount="200.00", amount_type="gross")
    assert off(outcome) == {"early_withdrawal_charge": "5.00", "premium_tax": "4.00"}
    again = withdrawn(book, "2021-04-29", amount="200.00", amount_type="gross", reason="separation")
    assert off(again) == {"premium_tax": "4.00"}


@pytest.mark.parametrize(
    ("reason", "tax"),
    [
        ("in_service", {}),
        ("lifetime_income", {"premium_tax": "20.00"}),
        ("nonlifetime_income", {"premium_tax": "20.00"}),
    ],
)
def test_dep_1_tax_at_annuitisation_is_of_what_goes_to_an_income_option(reason: str, tax: dict[str, str]) -> None:
    assert off(withdrawn(held(taxing("annuitisation"), F1="1000.00"), full=True, reason=reason)) == tax


def test_dep_1_a_tax_of_nothing_is_no_charge() -> None:
    outcome = withdrawn(held(gaa_terms(premium_tax_due="withdrawal"), F1="1000.00"), full=True)
    assert (outcome.message["charges"], outcome.message["paid"]) == ([], "1000.00")


def test_dep_1_less_than_half_a_cent_is_no_charge() -> None:
    outcome = withdrawn(held(taxing(), F1="1000.00"), amount="0.24", amount_type="gross")
    assert (off(outcome), outcome.message["paid"]) == ({}, "0.24")


def test_mat_2_what_is_paid_out_at_maturity_bears_charge_and_tax() -> None:
    """A term of 1,000.00 paid out at its maturity: no adjustment, 5% and 2% of it."""
    bearing = {"early_withdrawal_charge": early(), "premium_tax_percent": "2", "premium_tax_due": "withdrawal"}
    book = maturing(through="2021-02-08", terms={**contract(), **bearing})
    book.instruct(electing("e", "2021-02-09", withdraw=True))
    close(book, "2021-02-09")
    paid = only(close(book, WEDNESDAY), "confirmations")
    assert (paid.message["kind"], off(paid)) == (
        "maturity_payment",
        {"early_withdrawal_charge": "50.00", "premium_tax": "20.00"},
    )
    assert (paid.message["gross"], paid.message["paid"], paid.message["debits"]) == ("1000.00", "930.00", "1000.00")
    assert {"MAT-2", "WDL-4", "DEP-1", "WDL-14"} <= set(paid.message["rules"])
