"""WDL-8: when installments are due, and of what: more than $250,000 in Fixed Account 2 on the day before."""

import pytest

from tests.domain.books import (
    Book,
    Json,
    at,
    declared,
    deposit,
    fixed_account_2,
    fund,
    only,
    opening,
    terms,
    withdrawal,
)
from tests.domain.books_installments import DAY, FA2, FIRST, holding, paying, schedule, withdrawn
from tests.domain.maturities import close as matured
from tests.domain.maturities import close_through as matured_through
from tests.domain.maturities import contract, maturing


@pytest.mark.parametrize(("amount", "pays"), [("250000.00", 0), ("250000.01", 60)])
def test_wdl_8_more_than_250000_dollars_on_the_day_before(amount: str, pays: int) -> None:
    """On the day itself both are worth more: a day's interest is 13.56."""
    outcome = withdrawn(holding(amount), amount="1000.00")
    assert len(schedule(outcome)) == pays
    assert outcome.message["paid"] == ("1000.00" if pays == 0 else "0.00")


def test_wdl_8_what_comes_on_the_day_of_the_withdrawal_does_not_count() -> None:
    """200,000.00 on the day before, and 100,000.00 more on the day, decided at once, or at the close."""
    book = holding("200000.00")
    order = deposit("more", DAY, "100000.00", allocation=FA2)
    assert only(book.deposit(order)).topic == "confirmations"
    assert schedule(withdrawn(book, amount="1000.00")) == []
    assert len(schedule(withdrawn(book, "2021-01-06", amount="1000.00"))) == 60


def test_wdl_8_what_goes_on_the_day_of_the_withdrawal_counts() -> None:
    """Two withdrawals of a day: before both it was 300,000.00, of which the first leaves 100,000.00 or so."""
    book = holding("300000.00")
    book.withdraw(withdrawal("w1", at(DAY, "10:00:00"), amount="200000.00"))
    book.withdraw(withdrawal("w2", at(DAY, "11:00:00"), amount="1000.00"))
    first, second = book.close(DAY)
    assert (len(schedule(first)), len(schedule(second))) == (60, 60)
    assert schedule(withdrawn(book, "2021-01-06", amount="1000.00")) == []
    paid = [each.message["details"]["withdrawal"] for each in book.close_through("2021-01-07", "2021-02-05")]
    assert paid == ["w1", "w2"]


def test_wdl_8_on_the_first_day_there_is_no_day_before() -> None:
    book = Book(paying())
    book.instruct(opening("o", FIRST))
    book.deposit(deposit("d", at(FIRST, "09:00:00"), "400000.00", allocation=FA2))
    book.withdraw(withdrawal("w", FIRST, amount="1000.00"))
    *_, outcome = book.close(FIRST)
    assert (outcome.message["paid"], schedule(outcome)) == ("1000.00", [])


def test_wdl_8_only_what_comes_from_fixed_account_2() -> None:
    """100,000.00 of the fund at once; 300,000.00 and a day's interest of 16.28 in installments."""
    outcome = withdrawn(holding("300000.00", F1="100000.00"), full=True)
    message = outcome.message
    assert (message["paid"], message["in_installments"]) == ("100000.00", "300016.28")
    first = outcome.message["payments"][0]
    assert (first["what"], first["due"], first["amount"]) == ("at_once", DAY, "100000.00")
    book = holding("300000.00", F1="100000.00")
    book.withdraw(withdrawal("w", DAY, amount="1000.00") | {"from": [{"option": "F1"}]})
    funds = only(book.close(DAY))
    assert (funds.message["paid"], funds.message["payments"]) == ("1000.00", None)


def test_wdl_8_the_terms_may_pay_the_whole_in_installments() -> None:
    """E-FA2 §10: "any surrender"."""
    outcome = withdrawn(holding("300000.00", paying(part="whole", months=1), F1="100000.00"), full=True)
    assert (outcome.message["paid"], outcome.message["in_installments"]) == ("0.00", "400016.28")
    funds = withdrawn(holding("300000.00", paying(part="whole", months=1), F1="100000.00"), amount="400.00")
    assert funds.message["in_installments"] == "400.00"


@pytest.mark.parametrize(("what", "pays"), [({"full": True}, 60), ({"amount": "1000.00"}, 0), ({"percent": "100"}, 0)])
def test_wdl_8_the_terms_may_use_them_for_full_withdrawals_only(what: Json, pays: int) -> None:
    book = holding("300000.00", paying(use="full_withdrawals"))
    book.withdraw(withdrawal("w", DAY, **what))
    assert len(schedule(only(book.close(DAY)))) == pays


@pytest.mark.parametrize(("total", "as_of", "pays"), [
    ("250000.00", "2021-01-04", 0),
    ("250000.01", "2021-01-04", 60),
    ("250000.01", "2021-01-05", 0),
])  # fmt: skip
def test_wdl_8_the_total_of_the_contract_arrives_as_a_dated_term(total: str, as_of: str, pays: int) -> None:
    """SUP: over all accounts under the contract, on the day before; the participant's own are not looked at."""
    contract = paying(basis="contract", totals=[{"as_of": as_of, "amount": total}])
    assert len(schedule(withdrawn(holding("10000.00", contract), amount="1000.00"))) == pays
    assert len(schedule(withdrawn(holding("400000.00", contract), amount="1000.00"))) == pays


def test_wdl_8_without_a_total_of_the_contract_all_is_paid_at_once() -> None:
    assert schedule(withdrawn(holding("400000.00", paying(basis="contract")))) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"months": 61},
        {"months": 0},
        {"threshold": "249999.99"},
        {"totals": [{"as_of": FIRST, "amount": "1.00"}]},
        {"basis": "contract", "totals": [{"as_of": FIRST, "amount": "1.00"}] * 2},
    ],
)
def test_wdl_8_at_most_60_months_and_more_than_250000_dollars(wrong: Json) -> None:
    alarm = only(Book().publish("contract-terms", paying(**wrong)), "alarms")
    assert alarm.message["code"] == "MALFORMED"


def test_pitfall_what_matured_before_the_weekend_was_there_on_the_day_before() -> None:
    """$250,001.00 matured on Friday 12 February, the option closed: on Tuesday, the next close, they are in Fixed
    Account 2 since Friday. What is put in on Tuesday, decided before that close, is not counted with them.
    """
    book = maturing("2021-02-12", terms=contract(closes_on="2021-02-01") | {"installments": {}}, GAA="250001.00")
    matured_through(book, "2021-02-10", "2021-02-12")
    order = deposit("more", "2021-02-16", "100.00", allocation=FA2)
    assert only(book.deposit(order)).topic == "confirmations"
    book.withdraw(withdrawal("w", "2021-02-16", amount="1000.00") | {"from": [{"option": "FA2"}]})
    moved, paid = matured(book, "2021-02-16")
    assert (moved.message["kind"], moved.message["gross"]) == ("reinvested", "250001.00")
    assert len(schedule(paid)) == 60


@pytest.mark.parametrize(("amount", "pays"), [("250000.00", 0), ("250000.01", 60)])
def test_wdl_8_where_money_earns_the_rate_of_when_it_was_applied(amount: str, pays: int) -> None:
    """FIX-7: what was applied at 2% on the first day, and what is at 3% on the day of the withdrawal itself."""
    contract_ = terms(fund("F1"), fixed_account_2(rate_basis="when_applied"), installments={})
    book = Book(contract_)
    book.publish("credited-rates", declared("0.03", DAY))
    book.deposit(deposit("d", FIRST, amount, allocation=FA2))
    book.close_through(FIRST, FIRST)
    book.deposit(deposit("more", at(DAY, "09:00:00"), "100.00", allocation=FA2))
    book.withdraw(withdrawal("w", DAY, amount="1000.00"))
    _, outcome = book.close(DAY)
    assert len(schedule(outcome)) == pays
