"""WDL-9: a loan outstanding, and a loan taken, by hand to the cent.

On 28 April 2021 prices are 10, `old_3` of `gaa.held` pays at .9500 and `mid_5` at 1.1000.
"""

import pytest

from tests.domain.books import Book, Json, Outcome, deposit, only, shares
from tests.domain.books_loans import balance, lending, owing
from tests.domain.gaa import TRADE, flat, gaa_terms, held, leg, transferred, withdrawn
from tests.domain.test_withdrawals import paid

NONE = gaa_terms()


def numbers(outcome: Outcome) -> Json:
    """The numbers of the one reason of a rejection."""
    assert outcome.topic == "rejections", outcome.message
    (reason,) = outcome.message["reasons"]
    assert isinstance(reason["numbers"], dict)
    return reason["numbers"]


def test_wdl_9_a_balance_is_recorded_at_once() -> None:
    """Nothing of the day's prices is needed: it waits for no close."""
    book = held(lending(), F1="1000.00")
    outcome = only(book.instruct(balance("b1", TRADE, "250.00", on="2021-04-27")))
    assert (outcome.topic, outcome.message["kind"]) == ("confirmations", "loan_balance_recorded")
    assert outcome.message["rules"] == ["GEN-2", "WDL-9"]
    assert outcome.message["details"] == {
        "balance": "250.00",
        "balance_before": "0.00",
        "balance_on": "2021-04-27",
    }


@pytest.mark.parametrize(("amount", "topic"), [("750.00", "confirmations"), ("750.01", "rejections")])
def test_wdl_9_a_loan_outstanding_reduces_what_can_be_withdrawn(amount: str, topic: str) -> None:
    """1,000 less 250 outstanding: 750.00 can be withdrawn, and not a cent more."""
    book = held(lending(), F1="1000.00")
    owing(book, "250.00")
    outcome = withdrawn(book, amount=amount)
    assert outcome.topic == topic
    assert "WDL-9" in outcome.message["rules"]
    if topic == "confirmations":
        assert outcome.message["details"] == {"reason": "in_service", "kept_for_loans": "250.00"}
        return
    assert outcome.codes == ["LOAN_OUTSTANDING"]
    assert numbers(outcome) == {
        "account": "pretax",
        "value": "1000.00",
        "kept_for_loans": "250.00",
        "available": "750.00",
        "needed": "750.01",
    }


def test_wdl_9_a_full_withdrawal_beside_a_loan_is_refused_with_what_there_is() -> None:
    """Nothing is left out silently: 750.00 may be asked for, or the loan defaulted first."""
    book = held(lending(), F1="1000.00")
    owing(book, "250.00")
    assert numbers(withdrawn(book, full=True))["available"] == "750.00"


def test_pitfall_withdrawal_with_loan_outstanding_and_net_amount() -> None:
    """Net 950 of a term at .9500 takes 1,000.00 of its 1,200.00: the 200 that stay are value, not what was paid.

    With 200.01 outstanding 999.99 may be taken: 950.00 is refused although 249.99 would seem to stay.
    """
    book = held(lending(), old_3="1200.00")
    owing(book, "200.00")
    assert paid(withdrawn(book, amount="950.00")) == ("1000.00", "-50.00", "950.00")
    book = held(lending(), old_3="1200.00")
    owing(book, "200.01")
    outcome = withdrawn(book, amount="950.00")
    assert outcome.codes == ["LOAN_OUTSTANDING"]
    assert numbers(outcome)["available"] == "999.99"
    assert numbers(outcome)["needed"] == "1000.00"


def test_wdl_9_balances_of_the_participant_are_stood_in_for_by_all_accounts() -> None:
    """800 outstanding, 1,000 in pretax and 500 in employer: 300 must stay in pretax, and then all 500 in employer."""
    book = held(lending(), F1="1000.00", through="2021-04-26")
    book.deposit(
        deposit("e", "2021-04-27", "500.00", account="employer", source="employer", allocation=shares(F1="100"))
    )
    book.close("2021-04-27", flat("6"))
    owing(book, "800.00")
    assert numbers(withdrawn(book, amount="700.01"))["available"] == "700.00"
    book.close("2021-04-29", flat("6"))
    assert withdrawn(book, "2021-04-30", amount="700.00").topic == "confirmations"
    outcome = withdrawn(book, "2021-05-03", amount="0.01", account="employer")
    assert numbers(outcome)["kept_for_loans"] == "500.00"


def test_wdl_9_balances_of_accounts_are_stood_in_for_by_those() -> None:
    book = held(lending(balances="account"), F1="1000.00", through="2021-04-26")
    book.deposit(
        deposit("e", "2021-04-27", "500.00", account="employer", source="employer", allocation=shares(F1="100"))
    )
    book.close("2021-04-27", flat("6"))
    owing(book, "800.00", account="pretax")
    assert withdrawn(book, full=True, account="employer").topic == "confirmations"
    assert numbers(withdrawn(book, "2021-04-29", amount="200.01"))["available"] == "200.00"


def test_wdl_9_more_outstanding_than_there_is_leaves_nothing() -> None:
    book = held(lending(), F1="1000.00")
    owing(book, "1000.01")
    assert numbers(withdrawn(book, amount="0.01"))["available"] == "0.00"


def test_wdl_9_a_later_balance_takes_the_place_of_the_one_before() -> None:
    """250, then 100, then repaid. What the loan system sends late does not count."""
    book = held(lending(), F1="1000.00")
    owing(book, "250.00")
    again = only(book.instruct(balance("b2", TRADE, "100.00"))).message
    assert again["details"]["balance_before"] == "250.00"
    late = only(book.instruct(balance("b3", TRADE, "999.00", on="2021-04-27")))
    assert late.codes == ["LOAN_BALANCE_LATE"]
    assert numbers(late) == {"balance_on": "2021-04-27", "known_on": "2021-04-28"}
    assert numbers(withdrawn(book, amount="900.01"))["available"] == "900.00"
    only(book.instruct(balance("b4", "2021-04-29", "0")))
    outcome = withdrawn(book, "2021-04-29", full=True)
    assert outcome.message["details"] == {"reason": "in_service"}
    assert "WDL-9" not in outcome.message["rules"]


@pytest.mark.parametrize(
    ("contract", "order", "codes"),
    [
        (NONE, {}, ["LOANS_NOT_GIVEN"]),
        (lending(), {"on": "2021-04-29"}, ["LOAN_BALANCE_IN_FUTURE"]),
        (lending(), {"account": "pretax"}, ["LOAN_BALANCE_BASIS"]),
        (lending(balances="account"), {}, ["LOAN_BALANCE_BASIS"]),
        (lending(balances="account"), {"account": "employer"}, ["UNKNOWN_ACCOUNT"]),
    ],
)
def test_wdl_9_balances_that_are_refused(contract: Json, order: Json, codes: list[str]) -> None:
    outcome = only(held(contract, F1="1000.00").instruct(balance("b1", TRADE, "10.00", **order)))
    assert outcome.codes == codes


def test_wdl_9_a_balance_of_nobody_is_refused_at_the_close() -> None:
    book = Book(lending())
    book.instruct(balance("b1", "2021-01-04", "10.00"))
    assert only(book.close("2021-01-04", flat("4"))).codes == ["UNKNOWN_PARTICIPANT"]


def test_wdl_9_a_balance_is_no_less_than_zero() -> None:
    book = held(lending(), F1="1000.00")
    assert only(book.instruct(balance("b1", TRADE, "-0.01"))).codes == ["AMOUNT_NOT_POSITIVE"]


def test_wdl_9_a_loan_is_taken_of_options_other_than_guaranteed_terms() -> None:
    """600 of F1 and FA2, the term left alone; its 2,000 count in the value that sizes the loan.

    FA2 holds 200 × 1.02^(114/365) = 201.24 on 28 April: 600 × 600/801.24 = 449.303… of F1, 600 × 201.24/801.24 =
    150.696… of FA2, and the cent left over is the larger one's (DEP-2).
    """
    book = held(lending(), F1="600.00", FA2="200.00", old_3="2000.00")
    outcome = withdrawn(book, amount="600.00", reason="loan")
    assert outcome.dollars() == {"F1": "-449.31", "FA2": "-150.69"}
    assert outcome.message["details"] == {
        "reason": "loan",
        "value_that_sizes_loans": "2801.24",
        "available_for_loans": "801.24",
    }
    assert "WDL-9" in outcome.message["rules"]
    assert len(book.lots()) == 1


def test_wdl_9_a_quote_tells_what_sizes_a_loan() -> None:
    book = held(lending(), F1="600.00", old_3="2000.00")
    owing(book, "2100.00")
    book.withdraw({**_loan("q1"), "mode": "quote"})
    quote = book.outcomes[-1]
    assert quote.topic == "quotes"
    assert quote.message["details"] == {
        "reason": "loan",
        "kept_for_loans": "2100.00",
        "value_that_sizes_loans": "2600.00",
        "available_for_loans": "500.00",
    }


def _loan(request_id: str) -> Json:
    return {
        "request_id": request_id,
        "contract_id": "C1",
        "participant_id": "P1",
        "submitted_by": "acme",
        "received_at": f"{TRADE}T10:00:00-05:00",
        "account": "pretax",
        "reason": "loan",
        "amount": "400.00",
    }


@pytest.mark.parametrize(
    ("contract", "what", "codes"),
    [
        (NONE, {"amount": "100.00"}, ["LOANS_NOT_GIVEN"]),
        (lending(), {"amount": "100.00", "legs": [leg("GAA")]}, ["LOAN_NOT_FROM_GUARANTEED"]),
        (lending(), {"amount": "100.00", "legs": [leg("F1"), leg("GAA", 3)]}, ["LOAN_NOT_FROM_GUARANTEED"]),
        (lending(), {"amount": "600.01"}, ["INSUFFICIENT_VALUE"]),
    ],
)
def test_wdl_9_loans_that_are_refused(contract: Json, what: Json, codes: list[str]) -> None:
    """The term's 2,000 are not lent: there is 600.00."""
    assert withdrawn(held(contract, F1="600.00", old_3="2000.00"), reason="loan", **what).codes == codes


def test_wdl_9_a_loan_beside_a_loan_outstanding() -> None:
    """2,600 in all, 2,100 outstanding: of the 600 in F1 500.00 may be lent."""
    book = held(lending(), F1="600.00", old_3="2000.00")
    owing(book, "2100.00")
    assert numbers(withdrawn(book, amount="500.01", reason="loan"))["available"] == "500.00"
    assert withdrawn(book, "2021-04-29", amount="500.00", reason="loan").topic == "confirmations"


def test_wdl_9_money_of_guaranteed_terms_moved_for_a_loan_bears_the_adjustment() -> None:
    """1,000.00 of a term at .9500 becomes 950.00 in F1, of which the loan is."""
    book = held(lending(), old_3="1000.00")
    outcome = transferred(book, [leg("GAA", all=True)], shares(F1="100"))
    assert outcome.message["mva"]["aggregate"] == "-50.00"
    assert withdrawn(book, "2021-04-29", amount="950.00", reason="loan").topic == "confirmations"


def test_wdl_9_a_repayment_goes_where_deposits_of_the_account_go_and_reduces_nothing() -> None:
    """The loan system says what is outstanding after it: until then 250 must stay of the 1,100."""
    book = held(lending(), F1="1000.00")
    owing(book, "250.00")
    repayment = deposit("r1", TRADE, "100.00", source="loan_repayment", allocation=shares(F1="60", F2="40"))
    book.deposit(repayment)
    outcome = only(book.close(TRADE, flat("6")))
    assert (outcome.topic, outcome.dollars()) == ("confirmations", {"F1": "60.00", "F2": "40.00"})
    assert outcome.message["rules"][:2] == ["GEN-2", "WDL-9"]
    assert numbers(withdrawn(book, "2021-04-29", amount="850.01"))["available"] == "850.00"


@pytest.mark.parametrize(("bears", "bought"), [(False, "100.00"), (True, "92.00")])
def test_wdl_9_a_repayment_bears_charges_only_where_the_terms_say_so(bears: bool, bought: str) -> None:  # noqa: FBT001
    """2% and 6% of 100.00 where it does (DEP-1)."""
    charged = {"premium_tax_percent": "2", "sales_charge_percent": "6"}
    book = held({**lending(repayments_bear_charges=bears), **charged})
    book.deposit(deposit("r1", TRADE, "100.00", source="loan_repayment", allocation=shares(F1="100")))
    assert only(book.close(TRADE, flat("6"))).dollars() == {"F1": bought}


def test_wdl_9_a_repayment_where_there_are_no_loans_is_refused() -> None:
    book = held(NONE, F1="1000.00")
    book.deposit(deposit("r1", TRADE, "100.00", source="loan_repayment", allocation=shares(F1="100")))
    assert only(book.close(TRADE, flat("6"))).codes == ["LOANS_NOT_GIVEN"]
