"""ACC-1: closing an Individual Account, and opening it again."""

from datetime import date

import pytest

from tests.domain.books import (
    Book,
    Json,
    allocating,
    at,
    deposit,
    only,
    opening,
    request,
    shares,
    terms,
    transfer,
    withdrawal,
)
from tests.domain.books_orders import closing
from tests.domain.gaa import held

F1 = shares(F1="100")


def opened(**more: object) -> Book:
    """P1's pre-tax account is open since Monday 4 January, which is closed."""
    book = Book(terms(**more))
    book.instruct(opening("o1", "2021-01-04", allocation=F1))
    book.close("2021-01-04")
    return book


def closed(**more: object) -> Book:
    """The same, the account closed on the 5th."""
    book = opened(**more)
    assert only(book.instruct(closing("c1", "2021-01-05"))).topic == "confirmations"
    return book


def test_acc_1_an_empty_account_is_closed_at_once() -> None:
    book = opened()
    confirmed = only(book.instruct(closing("c1", "2021-01-05")))
    assert (confirmed.message["kind"], confirmed.message["account"]) == ("account_closed", "pretax")
    assert confirmed.message["rules"] == ["GEN-2", "ACC-1"]
    assert confirmed.message["trade_date"] == "2021-01-05"
    assert confirmed.message["details"] == {"opened": "2021-01-04", "accounts_left": "none"}
    assert book.account().closed == date(2021, 1, 5)


def test_acc_1_the_accounts_that_are_left_are_told() -> None:
    book = opened()
    book.instruct(opening("o2", "2021-01-05", "employer"))
    assert only(book.instruct(closing("c1", "2021-01-05"))).message["details"]["accounts_left"] == "employer"
    assert only(book.instruct(closing("c2", "2021-01-05", "employer"))).message["details"]["accounts_left"] == "none"


def test_acc_1_an_account_that_holds_anything_is_not_closed() -> None:
    book = opened()
    book.deposit(deposit("d1", "2021-01-05", "10.00"))
    book.close("2021-01-05")
    rejected = only(book.instruct(closing("c1", "2021-01-06")), "rejections")
    assert rejected.codes == ["ACCOUNT_NOT_EMPTY"]
    assert rejected.message["reasons"][0]["numbers"] == {"account": "pretax", "holds": "F1"}
    book.withdraw(withdrawal("w1", "2021-01-06", full=True))
    book.close("2021-01-06")
    assert only(book.instruct(closing("c2", "2021-01-07"))).topic == "confirmations"


def test_acc_1_a_guaranteed_term_is_held_too() -> None:
    book = held(old_2="1000.00")
    rejected = only(book.instruct(closing("c1", "2021-04-28")), "rejections")
    assert rejected.message["reasons"][0]["numbers"]["holds"] == "GAA-1"


WAITING: list[tuple[str, Json]] = [
    ("deposit-requests", deposit("r1", "2021-01-05", "10.00")),
    ("transfer-requests", transfer("r1", "2021-01-05", [{"option": "F1", "all": True}], shares(F2="100"))),
    ("withdrawal-requests", withdrawal("r1", "2021-01-05", full=True)),
    ("withdrawal-requests", withdrawal("r1", "2021-01-05", account=None, accounts=["pretax"], full=True)),
    ("account-instructions", allocating("r1", at("2021-01-05", "16:00:01"), F1)),
]


@pytest.mark.parametrize(("topic", "message"), WAITING)
def test_pitfall_acc_1_an_account_for_which_a_request_waits_is_not_closed(topic: str, message: Json) -> None:
    book = opened()
    assert only(book.publish(topic, message)).topic == "acknowledgements"
    rejected = only(book.instruct(closing("c1", at("2021-01-05", "17:00:00"))), "rejections")
    assert rejected.codes == ["ACCOUNT_AWAITED"]
    assert rejected.message["reasons"][0]["numbers"] == {"account": "pretax", "waiting": "r1"}
    assert rejected.message["rules"] == ["ACC-1", "GEN-2"]


def test_acc_1_what_waits_for_another_account_does_not_matter() -> None:
    book = opened()
    book.deposit(deposit("d1", "2021-01-05", "10.00", account="employer", allocation=F1))
    lock = request("l1", "2021-01-05", instruction={"kind": "rate_lock_election"})
    assert only(book.instruct(lock)).topic == "acknowledgements"
    assert only(book.instruct(closing("c1", "2021-01-05"))).topic == "confirmations"


TO_CLOSED: list[tuple[str, Json]] = [
    ("deposit-requests", deposit("r1", "2021-01-06", "10.00", allocation=F1)),
    ("transfer-requests", transfer("r1", "2021-01-06", [{"option": "F1", "all": True}], shares(F2="100"))),
    ("withdrawal-requests", withdrawal("r1", "2021-01-06", full=True)),
    ("account-instructions", allocating("r1", "2021-01-06", F1)),
    ("account-instructions", closing("r1", "2021-01-06")),
]


@pytest.mark.parametrize("by_deposit", [True, False])
@pytest.mark.parametrize(("topic", "message"), TO_CLOSED)
def test_acc_1_a_closed_account_takes_nothing(topic: str, message: Json, *, by_deposit: bool) -> None:
    book = closed(accounts_open_by_deposit=by_deposit)
    book.close("2021-01-05")
    out = book.publish(topic, message) + book.close("2021-01-06")
    rejected = only(out, "rejections")
    assert rejected.codes == ["ACCOUNT_CLOSED"]
    assert rejected.message["reasons"][0]["numbers"] == {"account": "pretax", "closed": "2021-01-05"}


def test_acc_1_an_account_that_is_not_there_is_not_closed() -> None:
    assert only(Book(terms()).instruct(closing("c1", "2021-01-04"))).codes == ["UNKNOWN_PARTICIPANT"]
    assert only(opened().instruct(closing("c1", "2021-01-05", "employer"))).codes == ["UNKNOWN_ACCOUNT"]
    assert only(opened().instruct(closing("c1", "2021-01-05", submitted_by="stranger"))).codes == [
        "SUBMITTER_NOT_AUTHORISED"
    ]


@pytest.mark.parametrize(("allocation", "goes_to"), [(None, "F1"), (shares(F2="100"), "F2")])
def test_acc_1_a_closed_account_is_opened_again_as_it_was(allocation: list[Json] | None, goes_to: str) -> None:
    book = closed()
    more: Json = {} if allocation is None else {"allocation": allocation}
    confirmed = only(book.instruct(opening("o2", "2021-01-06", **more)))
    assert (confirmed.message["kind"], confirmed.message["rules"]) == ("account_reopened", ["GEN-2", "ACC-1", "DEP-2"])
    assert confirmed.message["details"] == {goes_to: "100"}
    account = book.account()
    assert (account.opened, account.closed) == (date(2021, 1, 4), None)
    book.deposit(deposit("d1", "2021-01-06", "10.00"))
    book.close("2021-01-05")
    assert only(book.close("2021-01-06")).dollars() == {goes_to: "10.00"}
    assert only(book.instruct(opening("o3", "2021-01-07"))).codes == ["ACCOUNT_ALREADY_OPEN"]


def test_pitfall_acc_1_free_transfers_are_not_had_twice_by_closing() -> None:
    # One transfer a year is free; the second costs 10.00 although the account was closed in between.
    book = opened(transfers={"free_per_year": 1, "fee": "10.00"})
    leg = [{"option": "F1", "all": True}]
    book.deposit(deposit("d1", "2021-01-05", "100.00"))
    book.close("2021-01-05")
    book.transfer(transfer("t1", "2021-01-06", leg, shares(F2="100")))
    book.withdraw(withdrawal("w1", at("2021-01-06", "11:00:00"), full=True))
    book.close("2021-01-06")
    book.instruct(closing("c1", "2021-01-07"))
    book.instruct(opening("o2", "2021-01-07"))
    book.deposit(deposit("d2", "2021-01-07", "100.00"))
    book.close("2021-01-07")
    book.transfer(transfer("t2", "2021-01-08", leg, shares(F2="100")))
    assert only(book.close("2021-01-08")).dollars() == {"F1": "-100.00", "F2": "90.00"}


def test_pitfall_acc_1_a_withdrawal_may_be_reinvested_when_the_account_is_open_again() -> None:
    book = opened(reinvestment={})
    book.deposit(deposit("d1", "2021-01-05", "100.00"))
    book.close("2021-01-05")
    book.withdraw(withdrawal("w1", "2021-01-06", full=True))
    book.close("2021-01-06")
    book.instruct(closing("c1", "2021-01-07"))
    elect = {"kind": "reinvestment_election", "account": "pretax"}
    assert only(book.instruct(request("e1", "2021-01-07", instruction=elect))).codes == ["ACCOUNT_CLOSED"]
    book.instruct(opening("o2", "2021-01-07"))
    assert only(book.instruct(request("e2", "2021-01-07", instruction=elect))).message["kind"] == "reinvestment_elected"


def test_acc_1_a_type_that_the_contract_gave_up_can_be_closed_and_not_opened_again() -> None:
    book = opened()
    book.publish("contract-terms", terms(version=2, effective_from="2021-01-06", accounts=["employer"]))
    book.close("2021-01-05")
    assert only(book.instruct(closing("c1", "2021-01-06"))).topic == "confirmations"
    assert only(book.instruct(opening("o2", "2021-01-06"))).codes == ["ACCOUNT_NOT_ALLOWED"]


def test_acc_1_a_closing_of_a_contract_not_known_yet_waits() -> None:
    assert only(opened().instruct(closing("c1", "2021-01-05", contract_id="C9"))).topic == "acknowledgements"
