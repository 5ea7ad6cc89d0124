"""ACC-1 and DEP-6: Roth accounts, and which sources go to which account."""

from datetime import date

import pytest

from contracts_schema.contributions import Source
from services.domain.rate_lock import covering
from services.domain.state import Participant, RateLock
from tests.domain.books import (
    Book,
    Json,
    allocating,
    deposit,
    fund,
    only,
    opening,
    request,
    shares,
    terms,
    transfer,
    withdrawal,
)

F1, F2 = shares(F1="100"), shares(F2="100")
ALL = ["pretax", "employer", "roth"]
ROTH = ("roth_salary_reduction", "roth_rollover", "roth_external_transfer", "in_plan_roth_rollover")
OTHERS = ("salary_reduction", "employer", "rollover", "external_transfer")


def roth(*options: Json, **more: object) -> Json:
    """The contract with all three types of account."""
    return terms(*options, **{"accounts": ALL, **more})


def reduction(request_id: str, day: str, amount: str, **more: object) -> Json:
    """Roth salary reduction into the Roth account."""
    return deposit(
        request_id, day, amount, **{"account": "roth", "source": "roth_salary_reduction", "allocation": F1, **more}
    )


def test_acc_1_a_roth_account_is_opened_by_instruction_and_by_its_first_deposit() -> None:
    book = Book(roth())
    opened = only(book.instruct(opening("o1", "2021-01-04", "roth", allocation=F1)))
    assert (opened.message["kind"], opened.message["account"]) == ("account_opened", "roth")
    book.deposit(reduction("d1", "2021-01-04", "250.00", participant_id="P2"))
    confirmed = only(book.close("2021-01-04"))
    assert confirmed.message["details"] == {"source": "roth_salary_reduction", "account_opened": "by this deposit"}
    assert confirmed.message["rules"] == ["GEN-2", "ACC-1", "DEP-2", "DEP-4", "DEP-6", "GEN-7"]
    assert (confirmed.message["account"], confirmed.dollars()) == ("roth", {"F1": "250.00"})


def test_acc_1_no_roth_account_where_the_contract_has_none() -> None:
    book = Book(terms())
    assert only(book.instruct(opening("o1", "2021-01-04", "roth"))).codes == ["ACCOUNT_NOT_ALLOWED"]
    book.deposit(reduction("d1", "2021-01-04", "1.00"))
    rejected = only(book.close("2021-01-04"), "rejections")
    assert rejected.codes == ["ACCOUNT_NOT_ALLOWED"]
    assert rejected.message["reasons"][0]["numbers"] == {"account": "roth", "allowed": "pretax, employer"}


def test_acc_1_every_kind_of_request_serves_a_roth_account() -> None:
    # 500.00 at 10: 50 units. 20 of them (200.00) move to F2; then 100.00 and all the rest, 400.00, are paid.
    book = Book(roth())
    book.deposit(reduction("d1", "2021-01-04", "500.00"))
    book.close("2021-01-04")
    change = {"kind": "allocation", "account": "roth", "allocation": F2}
    assert only(book.instruct(allocating("a1", "2021-01-05", F2, instruction=change))).message["account"] == "roth"
    book.transfer(transfer("t1", "2021-01-05", [{"option": "F1", "amount": "200.00"}], F2, account="roth"))
    book.withdraw(withdrawal("w1", "2021-01-05", account="roth", amount="100.00", **{"from": [{"option": "F1"}]}))
    moved, paid = book.close("2021-01-05")
    assert moved.dollars() == {"F1": "-200.00", "F2": "200.00"}
    assert (paid.message["paid"], paid.message["account"]) == ("100.00", "roth")
    book.withdraw(withdrawal("w2", "2021-01-06", account=None, accounts=["roth"], full=True))
    assert only(book.close("2021-01-06")).message["paid"] == "400.00"


def test_acc_1_a_roth_account_is_kept_apart_from_the_others() -> None:
    book = Book(roth())
    book.deposit(deposit("d1", "2021-01-04", "10.00", allocation=F1))
    book.deposit(reduction("d2", "2021-01-04", "25.00"))
    book.close("2021-01-04", F1="5.000000")
    assert (str(book.units("F1", "pretax")), str(book.units("F1", "roth"))) == ("2.000000", "5.000000")


@pytest.mark.parametrize("source", ROTH)
@pytest.mark.parametrize("account", ALL)
def test_dep_6_roth_sources_go_to_the_roth_account_only(source: str, account: str) -> None:
    book = Book(roth())
    book.deposit(reduction("d1", "2021-01-04", "10.00", source=source, account=account))
    outcome = only(book.close("2021-01-04"))
    if account == "roth":
        assert outcome.message["details"]["source"] == source
        return
    (reason,) = outcome.message["reasons"]
    assert (reason["code"], reason["rules"], reason["field"]) == ("SOURCE_NOT_FOR_ACCOUNT", ["DEP-6"], "source")
    assert reason["numbers"] == {"source": source, "account": account, "goes_to": "roth"}
    assert outcome.message["possible_from"] is None


@pytest.mark.parametrize("source", OTHERS)
def test_dep_6_other_sources_do_not_go_into_the_roth_account(source: str) -> None:
    book = Book(roth())
    book.deposit(reduction("d1", "2021-01-04", "10.00", source=source))
    (reason,) = only(book.close("2021-01-04"), "rejections").message["reasons"]
    assert (reason["code"], reason["rules"]) == ("SOURCE_NOT_FOR_ACCOUNT", ["DEP-6"])
    assert reason["numbers"] == {"source": source, "account": "roth", "goes_to": "pretax, employer"}
    books = book.participant()
    assert books is not None
    assert books.accounts == ()


def test_dep_6_what_a_roth_account_paid_comes_back_to_it() -> None:
    # WDL-10: 100.00 out of Roth, elected and reinvested; into the pre-tax account there is nothing to reinvest.
    book = Book(roth(reinvestment={}))
    book.deposit(reduction("d1", "2021-01-04", "100.00"))
    book.close("2021-01-04")
    book.withdraw(withdrawal("w1", "2021-01-05", account="roth", full=True))
    book.close("2021-01-05")
    order = {"kind": "reinvestment_election", "account": "roth"}
    book.instruct(request("e1", "2021-01-06", instruction=order))
    for number, account in enumerate(("pretax", "roth")):
        book.deposit(deposit(f"d2-{number}", "2021-01-06", "100.00", account=account, source="reinvestment"))
    rejected, confirmed = book.close("2021-01-06")
    assert rejected.codes == ["NOTHING_TO_REINVEST"]
    assert (confirmed.message["account"], confirmed.dollars()) == ("roth", {"F1": "100.00"})


def test_dep_6_a_contract_may_name_fewer_sources_for_an_account() -> None:
    book = Book(terms(sources={"employer": ["employer", "reinvestment"]}))
    book.deposit(deposit("d1", "2021-01-04", "10.00", account="employer", allocation=F1))
    book.deposit(deposit("d2", "2021-01-04", "10.00", account="employer", source="employer", allocation=F1))
    rejected, confirmed = book.close("2021-01-04")
    (reason,) = rejected.message["reasons"]
    assert (reason["code"], reason["rules"]) == ("SOURCE_NOT_FOR_ACCOUNT", ["ACC-1"])
    assert reason["numbers"] == {"source": "salary_reduction", "account": "employer", "goes_to": "pretax"}
    assert confirmed.topic == "confirmations"


def test_dep_6_a_source_that_no_account_takes_is_told_so() -> None:
    book = Book(terms(sources={"pretax": ["salary_reduction"], "employer": ["employer"]}))
    book.deposit(deposit("d1", "2021-01-04", "10.00", source="rollover", allocation=F1))
    (reason,) = only(book.close("2021-01-04"), "rejections").message["reasons"]
    assert reason["numbers"]["goes_to"] == "no account of the contract"


@pytest.mark.parametrize(
    "sources",
    [
        {"pretax": ["salary_reduction", "roth_rollover"]},
        {"employer": ["roth_salary_reduction"]},
        {"roth": ["roth_salary_reduction", "rollover"]},
        {"roth": ["employer"]},
    ],
)
def test_dep_6_terms_cannot_say_otherwise(sources: Json) -> None:
    alarm = only(Book().publish("contract-terms", roth(sources=sources)), "alarms")
    assert (alarm.message["code"], "DEP-6" in alarm.message["message"]) == ("MALFORMED", True)


def test_dep_6_a_plan_may_let_loans_from_the_roth_account_be_repaid() -> None:
    lending = ["roth_salary_reduction", "loan_repayment"]
    assert Book().publish("contract-terms", roth(fund("F1"), sources={"roth": lending})) == []


@pytest.mark.parametrize(("since", "refused"), [("2010-12-31", True), ("2011-01-01", False)])
def test_dep_6_there_are_no_roth_accounts_before_the_endorsement(since: str, *, refused: bool) -> None:
    """Its effective date is 1 January 2011 at the earliest (ROTH)."""
    out = Book().publish("contract-terms", roth(fund("F1"), effective_from=since))
    assert [outcome.message["code"] for outcome in out if outcome.topic == "alarms"] == ["MALFORMED"] * refused


def test_gaa_7_an_external_transfer_of_roth_money_is_covered_by_a_rate_lock() -> None:
    lock = RateLock("l1", date(2021, 1, 4), date(2021, 2, 18), ("GAA",))
    books = Participant("C1", "P1", rate_lock=lock)
    assert covering(books, Source.ROTH_EXTERNAL_TRANSFER, date(2021, 2, 18)) == lock
    assert covering(books, Source.ROTH_EXTERNAL_TRANSFER, date(2021, 2, 19)) is None
    assert covering(books, Source.ROTH_ROLLOVER, date(2021, 2, 18)) is None
