"""WDL-9: loans, the Roth account, and withdrawals over several accounts; by hand to the cent.

`with_roth` holds 1,000.00 in pretax and 5,000.00 in Roth, all of F1 at 10.
"""

from decimal import Decimal

import pytest

from tests.domain.books import Book, deposit, only, shares
from tests.domain.books_loans import balance, defaulted, owing, with_roth
from tests.domain.gaa import TRADE, flat, withdrawn
from tests.domain.test_loans import numbers

D = Decimal
BOTH = ["pretax", "employer"]


def units(book: Book) -> tuple[Decimal, Decimal]:
    return book.units("F1"), book.units("F1", "roth")


def test_pitfall_roth_with_loan_default() -> None:
    """900 outstanding: all of Roth's 5,000.00 can be withdrawn, 100.00 of pretax, and the default is pretax's alone."""
    book = with_roth()
    owing(book, "900.00")
    assert numbers(withdrawn(book, amount="100.01"))["available"] == "100.00"
    book = with_roth()
    owing(book, "900.00")
    assert defaulted(book).dollars() == {"F1": "-900.00"}
    assert units(book) == (D("10.000000"), D("500.000000"))
    out = withdrawn(book, "2021-04-29", full=True, account="roth")
    assert (out.message["paid"], out.message["details"]) == ("5000.00", {"reason": "in_service"})
    assert "WDL-9" not in out.message["rules"]


def test_pitfall_a_roth_account_does_not_stand_in_for_a_loan() -> None:
    """1,000.01 outstanding and 6,000.00 in all: nothing of pretax can be withdrawn, nor the default be deducted."""
    book = with_roth()
    owing(book, "1000.01")
    assert numbers(withdrawn(book, amount="0.01"))["available"] == "0.00"
    outcome = defaulted_later(book)
    assert outcome == {"requested": "1000.01", "available_after_mva": "1000.00"}


def defaulted_later(book: Book) -> dict[str, str]:
    book.instruct({**balance("default", "2021-04-29", "0"), "instruction": {"kind": "loan_default"}})
    return {name: str(value) for name, value in numbers(only(book.close("2021-04-29", flat("6")))).items()}


def test_wdl_9_no_loan_of_the_roth_account_nor_balance_nor_default_of_it() -> None:
    assert withdrawn(with_roth(), amount="10.00", reason="loan", account="roth").codes == ["LOAN_NOT_FROM_ROTH"]
    book = with_roth(balances="account")
    assert only(book.instruct(balance("b", TRADE, "10.00", account="roth"))).codes == ["LOAN_NOT_FROM_ROTH"]
    assert defaulted(book, account="roth").codes == ["LOAN_NOT_FROM_ROTH"]


def test_wdl_9_a_repayment_into_roth_where_it_lends_nothing_is_refused() -> None:
    book = with_roth()
    book.deposit(deposit("r", TRADE, "10.00", account="roth", source="loan_repayment", allocation=shares(F1="100")))
    assert "LOAN_NOT_FROM_ROTH" in only(book.close(TRADE, flat("6"))).codes


def test_wdl_9_the_roth_account_counts_in_the_value_that_sizes_a_loan() -> None:
    outcome = withdrawn(with_roth(), amount="400.00", reason="loan")
    told = {"reason": "loan", "value_that_sizes_loans": "6000.00", "available_for_loans": "1000.00"}
    assert outcome.message["details"] == told


def test_wdl_9_a_plan_may_permit_loans_of_the_roth_account() -> None:
    """600 outstanding are shared by 1,000 and 5,000: 100.00 and 500.00 are deducted."""
    book = with_roth(from_roth=True)
    assert withdrawn(book, amount="1.00", reason="loan", account="roth").topic == "confirmations"
    book = with_roth(from_roth=True)
    owing(book, "600.00")
    assert defaulted(book).dollars() == {"F1": "-100.00 -500.00"}


@pytest.mark.parametrize(("gross", "done"), [("5100.00", True), ("5100.01", False)])
def test_pitfall_a_loan_outstanding_and_a_withdrawal_over_several_accounts(gross: str, done: bool) -> None:  # noqa: FBT001
    """Roth first, then pretax, where 900 of 1,000 must stay: 5,000.00 + 100.00."""
    book = with_roth()
    owing(book, "900.00")
    outcome = withdrawn(book, account=None, accounts=["roth", "pretax"], amount=gross)
    assert outcome.topic == ("confirmations" if done else "rejections")
    if done:
        assert outcome.message["details"]["pretax_kept_for_loans"] == "900.00"
        assert "roth_kept_for_loans" not in outcome.message["details"]
    else:
        assert (outcome.codes, numbers(outcome)["needed"]) == (["LOAN_OUTSTANDING"], "100.01")


def test_pitfall_accounts_drawn_on_together_do_not_stand_in_for_each_other() -> None:
    """900 outstanding, 1,000 in pretax and 5,000 in employer: each alone could be emptied, but not both.

    Pretax first, all of it, which employer stands in for; then employer must keep 900.00 of its 5,000.00.
    """
    book = with_roth(through="2021-04-26")
    allocation = shares(F1="100")
    book.deposit(deposit("e", "2021-04-27", "5000.00", account="employer", source="employer", allocation=allocation))
    book.close("2021-04-27", flat("6"))
    owing(book, "900.00")
    refused = withdrawn(book, full=True, account=None, accounts=BOTH)
    told = {"account": "employer", "value": "5000.00", "kept_for_loans": "900.00", "available": "4100.00"}
    assert numbers(refused) == {**told, "needed": "5000.00"}
    outcome = withdrawn(book, "2021-04-29", amount="5100.00", account=None, accounts=BOTH)
    assert outcome.message["details"]["employer_kept_for_loans"] == "900.00"
    assert units(book)[0] == 0
    assert book.units("F1", "employer") == D("90.000000")


def test_wdl_9_a_loan_over_several_accounts_tells_what_they_could_lend_together() -> None:
    book = with_roth(from_roth=True)
    outcome = withdrawn(book, account=None, accounts=["pretax", "roth"], amount="1500.00", reason="loan")
    assert outcome.message["details"]["available_for_loans"] == "6000.00"
    contract = withdrawn(with_roth(), account=None, accounts=["pretax", "roth"], amount="1.00", reason="loan")
    assert contract.codes == ["LOAN_NOT_FROM_ROTH"]
