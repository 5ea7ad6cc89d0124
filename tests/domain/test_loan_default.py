"""WDL-9: a loan in default is deducted, never from Roth; by hand to the cent.

On 28 April 2021 prices are 10, `old_3` of `gaa.held` pays at .9500 and `mid_5` at 1.1000.
"""

from decimal import Decimal

import pytest

from tests.domain.books import Book, Json, deposit, only, shares
from tests.domain.books_loans import balance, default, defaulted, lending, owing
from tests.domain.gaa import TRADE, drawn, flat, gaa_terms, held, withdrawn
from tests.domain.test_loans import numbers

D = Decimal


def two_accounts(contract: Json, pretax: str, employer: str) -> Book:
    """Dollars of F1 in two accounts."""
    book = held(contract, F1=pretax, through="2021-04-26")
    allocation = shares(F1="100")
    book.deposit(deposit("e", "2021-04-27", employer, account="employer", source="employer", allocation=allocation))
    book.close("2021-04-27", flat("6"))
    return book


def test_wdl_9_a_default_is_deducted_and_nothing_stays_outstanding() -> None:
    book = held(lending(), F1="1000.00", F2="500.00")
    owing(book, "300.00")
    outcome = defaulted(book)
    message = outcome.message
    assert (outcome.topic, message["kind"], message["trade_date"]) == ("confirmations", "loan_default", TRADE)
    assert outcome.dollars() == {"F1": "-200.00", "F2": "-100.00"}
    assert (message["gross"], message["paid"], message["debits"], message["credits"]) == ("300.00",) * 4
    assert message["details"] == {"outstanding_before": "300.00", "outstanding_after": "0.00"}
    assert message["rules"] == ["GEN-2", "WDL-9", "WDL-1", "WDL-3", "WDL-14", "GEN-7"]
    assert withdrawn(book, "2021-04-29", full=True).message["paid"] == "1200.00"


def test_wdl_9_a_default_of_guaranteed_terms_bears_the_adjustment() -> None:
    """Net 610 of 1,000 each in F1, at .9500 and at 1.1000: a fifth, 200 + 190 + 220; the aggregate is +10.00."""
    book = held(lending(), F1="1000.00", old_3="1000.00", mid_5="1000.00")
    owing(book, "610.00")
    outcome = defaulted(book)
    assert drawn(outcome) == {"old_3": ("200.00", "0.9500", "-10.00"), "mid_5": ("200.00", "1.1000", "20.00")}
    message = outcome.message
    assert (message["gross"], message["paid"], message["mva"]["aggregate"]) == ("600.00", "610.00", "10.00")
    assert message["debits"] == message["credits"] == "610.00"
    assert {"MVA-2", "MVA-5", "MVA-6"} < set(message["rules"])


def test_wdl_9_a_negative_adjustment_of_a_default_counts() -> None:
    """Net 190 at .9500 takes 200.00 (MVA-7: loans bear it both ways)."""
    book = held(lending(), old_3="1000.00")
    owing(book, "190.00")
    message = defaulted(book).message
    assert (message["gross"], message["paid"], message["mva"]["aggregate"]) == ("200.00", "190.00", "-10.00")
    assert message["debits"] == message["credits"] == "200.00"


def test_wdl_9_a_part_of_it_in_default_leaves_the_rest_outstanding() -> None:
    book = held(lending(), F1="1000.00")
    owing(book, "300.00")
    assert defaulted(book, amount="120.00").message["details"]["outstanding_after"] == "180.00"
    assert numbers(withdrawn(book, "2021-04-29", amount="700.01"))["available"] == "700.00"


def test_wdl_9_a_default_of_the_participant_is_shared_by_what_the_accounts_would_pay() -> None:
    """100 of 200 and 100: 66.66 and 33.33, and the cent left over is the larger one's."""
    book = two_accounts(lending(), "200.00", "100.00")
    owing(book, "100.00")
    outcome = defaulted(book)
    assert outcome.dollars() == {"F1": "-66.67 -33.33"}
    assert (outcome.message["account"], outcome.message["accounts"]) == (None, ["pretax", "employer"])
    assert [leg["account"] for leg in outcome.message["legs"]] == ["pretax", "employer"]
    assert (book.units("F1"), book.units("F1", "employer")) == (D("13.333000"), D("6.667000"))


def test_wdl_9_a_default_may_name_the_account() -> None:
    book = two_accounts(lending(), "200.00", "100.00")
    owing(book, "100.00")
    outcome = defaulted(book, account="employer", amount="100.00")
    assert (outcome.message["account"], outcome.dollars()) == ("employer", {"F1": "-100.00"})
    assert (book.units("F1"), book.units("F1", "employer")) == (D("20.000000"), D(0))


def test_wdl_9_balances_of_accounts_are_deducted_each_from_its_own() -> None:
    book = two_accounts(lending(balances="account"), "200.00", "100.00")
    owing(book, "50.00", account="pretax")
    only(book.instruct(balance("owing-too", "2021-04-27", "80.00", account="employer")))
    assert defaulted(book).dollars() == {"F1": "-50.00 -80.00"}


@pytest.mark.parametrize(
    ("more", "codes", "expected"),
    [
        ({"amount": "300.01"}, ["LOAN_DEFAULT_EXCEEDS"], {"requested": "300.01", "outstanding": "300.00"}),
        ({"account": "employer"}, ["INSUFFICIENT_VALUE"], {"requested": "300.00", "available_after_mva": "100.00"}),
    ],
)
def test_wdl_9_defaults_that_are_refused(more: Json, codes: list[str], expected: Json) -> None:
    book = two_accounts(lending(), "1000.00", "100.00")
    owing(book, "300.00")
    outcome = defaulted(book, **more)
    assert (outcome.codes, numbers(outcome)) == (codes, expected)


def test_wdl_9_a_default_that_an_account_cannot_pay_is_not_deducted_in_part() -> None:
    """80 outstanding of employer, which holds 50.00: nothing is deducted of pretax either."""
    book = two_accounts(lending(balances="account"), "200.00", "50.00")
    owing(book, "50.00", account="pretax")
    only(book.instruct(balance("owing-too", "2021-04-27", "80.00", account="employer")))
    outcome = defaulted(book)
    assert numbers(outcome) == {"requested": "80.00", "available_after_mva": "50.00"}
    assert book.units("F1") == D("20.000000")


@pytest.mark.parametrize(
    ("contract", "more", "codes"),
    [
        (gaa_terms(), {}, ["LOANS_NOT_GIVEN"]),
        (lending(), {}, ["LOAN_DEFAULT_EXCEEDS"]),
        (lending(), {"account": "employer"}, ["UNKNOWN_ACCOUNT"]),
    ],
)
def test_wdl_9_defaults_of_no_loan(contract: Json, more: Json, codes: list[str]) -> None:
    assert defaulted(held(contract, F1="1000.00"), **more).codes == codes


def test_wdl_9_a_balance_of_before_the_default_that_comes_after_it_is_late() -> None:
    """That of 27 April does not know of the deduction of the 28th."""
    book = held(lending(), F1="1000.00")
    owing(book, "300.00")
    defaulted(book)
    late = only(book.instruct(balance("late", "2021-04-29", "300.00", on="2021-04-27")))
    assert late.codes == ["LOAN_BALANCE_LATE"]
    assert only(book.instruct(balance("new", "2021-04-29", "5.00"))).message["kind"] == "loan_balance_recorded"


def test_mva_10_a_default_reduces_the_adjusted_purchase_total() -> None:
    """A fifth of the value is deducted, so a fifth of the total of 1,000.00 goes."""
    book = held({**lending(), "death_benefit": "greater_of_purchases"}, F1="1000.00")
    owing(book, "200.00")
    defaulted(book)
    assert book.account().purchases == D("800.00")


def test_mva_4_a_yield_that_was_never_published_refuses_the_default() -> None:
    """In the first week on the books there is no week before; what the fund pays is enough for the amount."""
    book = held(lending(), through="2021-01-06", F1="100.00", old_2="1000.00")
    only(book.instruct(balance("owing", "2021-01-07", "10.00")))
    book.instruct(default("default", "2021-01-07"))
    assert only(book.close("2021-01-07", flat("4"))).codes == ["YIELD_NOT_KNOWN"]
