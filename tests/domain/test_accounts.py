"""ACC-1, DEP-2 and GEN-3: Individual Accounts, their allocations, and who may act."""

from decimal import Decimal

import pytest

from contracts_schema.entries import RequestEntry, request_of
from contracts_schema.instructions import OpenAccount
from contracts_schema.requests import AccountInstruction
from tests.domain.books import Book, Json, allocating, at, deposit, guaranteed, only, opening, request, shares, terms

F1 = shares(F1="100")


def test_acc_1_an_account_is_opened_by_instruction() -> None:
    book = Book(terms())
    confirmed = only(book.instruct(opening("o1", "2021-01-04", allocation=shares(F1="60", FA2="40"))))
    assert confirmed.message["kind"] == "account_opened"
    assert confirmed.message["rules"] == ["GEN-2", "ACC-1", "DEP-2"]
    assert (confirmed.message["trade_date"], confirmed.message["account"]) == ("2021-01-04", "pretax")
    assert confirmed.message["details"] == {"F1": "60", "FA2": "40"}
    without = only(book.instruct(opening("o2", "2021-01-04", "employer")))
    assert (without.message["rules"], without.message["details"]) == (["GEN-2", "ACC-1"], {})


def test_acc_1_an_account_is_opened_by_its_first_deposit_where_the_contract_allows_it() -> None:
    book = Book(terms())
    book.deposit(deposit("d1", "2021-01-04", "10.00", allocation=F1))
    confirmed = only(book.close("2021-01-04"))
    assert confirmed.message["details"] == {"source": "salary_reduction", "account_opened": "by this deposit"}
    book.deposit(deposit("d2", "2021-01-05", "10.00", allocation=F1, remittance_id="R7", source="employer"))
    second = only(book.close("2021-01-05"))
    assert second.message["details"] == {"source": "employer", "remittance_id": "R7"}
    assert "ACC-1" not in second.message["rules"]


@pytest.mark.parametrize(
    ("opened", "code"), [(None, "UNKNOWN_PARTICIPANT"), ("employer", "UNKNOWN_ACCOUNT"), ("pretax", None)]
)
def test_acc_1_no_account_by_deposit_where_the_contract_does_not_allow_it(opened: str | None, code: str | None) -> None:
    book = Book(terms(accounts_open_by_deposit=False))
    if opened is not None:
        book.instruct(opening("o1", "2021-01-04", opened))
    book.deposit(deposit("d1", "2021-01-04", "10.00", allocation=F1))
    outcome = only(book.close("2021-01-04"))
    assert outcome.topic == ("confirmations" if code is None else "rejections")
    assert code is None or outcome.codes == [code]


def test_acc_1_types_are_the_contracts_own() -> None:
    book = Book(terms(accounts=["pretax"]))
    rejected = only(book.instruct(opening("o1", "2021-01-04", "employer")), "rejections")
    assert rejected.codes == ["ACCOUNT_NOT_ALLOWED"]
    assert rejected.message["reasons"][0]["numbers"] == {"account": "employer", "allowed": "pretax"}
    book.deposit(deposit("d1", "2021-01-04", "10.00", account="employer", allocation=F1))
    assert only(book.close("2021-01-04"), "rejections").codes == ["ACCOUNT_NOT_ALLOWED"]


def test_acc_1_an_account_is_opened_once() -> None:
    book = Book(terms())
    book.instruct(opening("o1", "2021-01-04"))
    rejected = only(book.instruct(opening("o2", "2021-01-05")), "rejections")
    assert rejected.codes == ["ACCOUNT_ALREADY_OPEN"]
    assert rejected.message["reasons"][0]["numbers"] == {"opened": "2021-01-04"}


def test_acc_1_accounts_are_kept_apart() -> None:
    book = Book(terms())
    for account, amount in (("pretax", "10.00"), ("employer", "25.00")):
        book.deposit(deposit(f"d-{account}", "2021-01-04", amount, account=account, allocation=F1))
    book.close("2021-01-04", F1="5.000000")
    assert (book.units("F1", "pretax"), book.units("F1", "employer")) == (Decimal(2), Decimal(5))


def test_dep_2_the_allocation_is_changed_at_any_time_without_charge() -> None:
    book = Book(terms())
    book.instruct(opening("o1", "2021-01-04", allocation=F1))
    book.instruct(allocating("a1", "2021-01-04", shares(F2="100")))
    confirmed = only(book.close("2021-01-04"))
    assert (confirmed.message["kind"], confirmed.message["charges"]) == ("allocation_changed", [])
    assert confirmed.message["rules"] == ["GEN-2", "DEP-2"]
    assert confirmed.message["details"] == {"F2": "100"}
    at_once = only(book.instruct(allocating("a2", "2021-01-05", shares(F3="100"))))
    assert at_once.message["sequence"] == 3
    assert [share.option for share in book.account().allocation] == ["F3"]


def test_dep_2_an_allocation_of_an_account_not_open_is_rejected() -> None:
    book = Book(terms())
    book.instruct(opening("o1", "2021-01-04"))
    book.close("2021-01-04")
    order = {"kind": "allocation", "account": "employer", "allocation": F1}
    rejected = only(book.instruct(request("a1", "2021-01-05", instruction=order)), "rejections")
    assert rejected.codes == ["UNKNOWN_ACCOUNT"]


BAD_ALLOCATIONS: list[tuple[list[Json], str, str]] = [
    (shares(F9="100"), "UNKNOWN_OPTION", "[0].option"),
    (shares(F1="50", GAA="50"), "TERM_NEEDED", "[1].term"),
    (shares(F1_3="100"), "TERM_NOT_EXPECTED", "[0].term"),
]


@pytest.mark.parametrize(("allocation", "code", "where"), BAD_ALLOCATIONS)
def test_gen_3_an_allocation_names_options_of_the_contract(allocation: list[Json], code: str, where: str) -> None:
    book = Book(terms(*terms()["options"], guaranteed()))
    rejected = only(book.instruct(opening("o1", "2021-01-04", allocation=allocation)), "rejections")
    assert rejected.codes == [code]
    assert rejected.message["reasons"][0]["field"] == "instruction.allocation" + where
    book.instruct(opening("o2", "2021-01-04"))
    book.instruct(allocating("a1", "2021-01-04", allocation))
    book.deposit(deposit("d1", "2021-01-04", "10.00", allocation=allocation))
    changed, invested = book.close("2021-01-04", cmt=((3, "1.00"),))
    assert (changed.codes, invested.codes) == ([code], [code])
    assert invested.message["reasons"][0]["field"] == "allocation" + where


@pytest.mark.parametrize("named", [True, False])
def test_gen_3_where_the_terms_name_submitters_only_they_may_act(*, named: bool) -> None:
    book = Book(terms() if named else terms(submitters=[]))
    for message in (
        opening("o1", "2021-01-04", submitted_by="stranger"),
        allocating("a1", "2021-01-04", F1, submitted_by="stranger"),
    ):
        book.instruct(message)
    book.deposit(deposit("d1", "2021-01-04", "10.00", submitted_by="stranger", allocation=F1))
    book.close("2021-01-04")
    decided = [outcome for outcome in book.outcomes if outcome.topic in {"confirmations", "rejections"}]
    assert len(decided) == 3
    if named:
        assert all(outcome.codes[0] == "SUBMITTER_NOT_AUTHORISED" for outcome in decided)
    else:
        assert all(outcome.topic == "confirmations" for outcome in decided)


def test_gen_3_every_rule_a_deposit_breaks_is_named() -> None:
    book = Book(terms(accounts=["pretax"], accounts_open_by_deposit=False))
    stranger = deposit("d1", at("2021-01-04"), "10.00", account="employer", submitted_by="stranger")
    book.deposit(stranger)
    rejected = only(book.close("2021-01-04"), "rejections")
    assert rejected.codes == ["SUBMITTER_NOT_AUTHORISED", "ACCOUNT_NOT_ALLOWED", "UNKNOWN_PARTICIPANT", "NO_ALLOCATION"]


def test_an_opening_logged_before_it_said_its_payments_says_what_it_said() -> None:
    """Release 0.1 ignored the field whatever stood in it; its entries have no `day_recorded`."""
    content = opening("o1", "2021-01-04")
    content["instruction"] |= {"payments": "whatever"}
    entry: Json = {"topic": "account-instructions", "source_partition": 0, "source_offset": 1, "fingerprint": "f"}
    entry |= {"recorded_at": "2021-01-04T15:00:00Z", "trade_date_recorded": "2021-01-04", "received_at_trusted": False}
    read = request_of(RequestEntry.model_validate(entry | {"request": content}))
    assert isinstance(read, AccountInstruction)
    assert isinstance(read.instruction, OpenAccount)
    assert read.instruction.payments is None
