"""WDL-5, ROTH: whose fee it is, and which of the accounts bear it, the Roth account among them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest

from services.domain.fee_dates import FeeDates
from tests.domain.books import (
    Book,
    Outcome,
    at,
    deposit,
    fixed_account_2,
    fund,
    one_year_minimum,
    opening,
    shares,
    withdrawal,
)
from tests.domain.books_fees import ANNIVERSARY, EVE, charging

ALL = ["pretax", "employer", "roth"]


def holding(dollars: dict[str, str], **fee: object) -> Book:
    """Accounts of 4 January 2021 with dollars in F1, on the eve of their anniversary."""
    contract = charging(options=(fund("F1"),), terms={"accounts": ALL})
    book = Book(contract | {"maintenance_fee": {"amount": "50.00", **fee}})
    for account, amount in dollars.items():
        source = "roth_salary_reduction" if account == "roth" else "salary_reduction"
        order = deposit(account, "2021-01-04", amount, account=account, source=source, allocation=shares(F1="100"))
        book.deposit(order)
    book.close_through("2021-01-04", EVE)
    return book


def borne(outcomes: Iterable[Outcome]) -> list[tuple[str, str, str]]:
    """(owed by, borne by, dollars) of every fee; each balances by itself."""
    found = []
    for message in (outcome.message for outcome in outcomes):
        (charge,) = message["charges"]
        assert message["debits"] == message["credits"] == charge["amount"]
        found.append((message["details"]["owed_by"], message["account"], charge["amount"]))
    return found


def taken(dollars: dict[str, str], **fee: object) -> list[tuple[str, str, str]]:
    return borne(holding(dollars, **fee).close(ANNIVERSARY))


def test_wdl_5_every_individual_account_owes_one_the_roth_account_its_own() -> None:
    """E-FA2 §7: on each anniversary of each Individual Account's effective date."""
    assert taken({"pretax": "600.00", "roth": "400.00"}) == [("pretax", "pretax", "50.00"), ("roth", "roth", "50.00")]


def test_wdl_5_a_participants_fee_is_borne_in_proportion_to_the_accounts_values() -> None:
    """50 × 600/1000 and 50 × 400/1000."""
    told = taken({"pretax": "600.00", "roth": "400.00"}, per="participant")
    assert told == [("pretax", "pretax", "30.00"), ("pretax", "roth", "20.00")]


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        ("100", [("pretax", "roth", "50.00")]),
        ("0", [("pretax", "pretax", "50.00")]),
        ("25", [("pretax", "pretax", "37.50"), ("pretax", "roth", "12.50")]),
        ("33.3333", [("pretax", "pretax", "33.33"), ("pretax", "roth", "16.67")]),
    ],
)
def test_wdl_5_all_or_a_portion_may_come_from_the_roth_account(
    percent: str, expected: list[tuple[str, str, str]]
) -> None:
    assert taken({"pretax": "600.00", "roth": "400.00"}, per="participant", roth_percent=percent) == expected


def test_wdl_5_a_portion_of_every_accounts_fee() -> None:
    """Two fees of 50.00, of each 40% from the Roth account; the rest of the Roth account's own from the other."""
    told = taken({"pretax": "600.00", "roth": "400.00"}, roth_percent="40")
    assert told == [
        ("pretax", "pretax", "30.00"),
        ("pretax", "roth", "20.00"),
        ("roth", "pretax", "30.00"),
        ("roth", "roth", "20.00"),
    ]


@pytest.mark.parametrize(
    ("roth", "pretax", "expected"),
    [
        ("10.00", "600.00", [("pretax", "pretax", "40.00"), ("pretax", "roth", "10.00")]),
        ("600.00", "10.00", [("pretax", "pretax", "10.00"), ("pretax", "roth", "40.00")]),
        ("10.00", "20.00", [("pretax", "pretax", "20.00"), ("pretax", "roth", "10.00")]),
    ],
)
def test_wdl_5_what_one_side_lacks_the_other_pays(roth: str, pretax: str, expected: list[tuple[str, str, str]]) -> None:
    """Half and half, as far as each reaches; together they may hold less than the fee."""
    assert taken({"pretax": pretax, "roth": roth}, per="participant", roth_percent="50") == expected


def test_wdl_5_the_others_share_their_part_in_proportion() -> None:
    """Of 40.00 beside the Roth account's 10.00: 600/800 and 200/800; the account employer was opened first."""
    told = taken({"pretax": "600.00", "employer": "200.00", "roth": "400.00"}, per="participant", roth_percent="20")
    assert told == [("employer", "employer", "10.00"), ("employer", "pretax", "30.00"), ("employer", "roth", "10.00")]


def test_wdl_5_without_a_roth_account_its_portion_is_nobodys() -> None:
    assert taken({"pretax": "600.00"}, roth_percent="40") == [("pretax", "pretax", "50.00")]


def test_wdl_5_with_a_roth_account_alone_it_bears_all() -> None:
    assert taken({"roth": "600.00"}, per="participant", roth_percent="40") == [("roth", "roth", "50.00")]


def test_wdl_5_an_empty_account_owes_nothing_though_another_would_bear_it() -> None:
    book = holding({"pretax": "600.00", "roth": "400.00"}, roth_percent="100", on_full_withdrawal=False)
    account = book.account("pretax")
    assert account.fee is not None
    assert str(account.fee.due) == ANNIVERSARY
    book.withdraw(withdrawal("w", ANNIVERSARY, full=True))
    *first, _ = book.close(ANNIVERSARY)
    assert borne(first) == [("pretax", "roth", "50.00"), ("roth", "roth", "50.00")]
    book.close_through("2022-01-05", "2023-01-03")
    assert borne(book.close("2023-01-04")) == [("roth", "roth", "50.00")]


def test_wdl_5_a_participants_anniversary_is_the_first_accounts() -> None:
    """Opened on the 4th and on the 6th of January: one fee, on the 4th, also when the first account is empty."""
    contract = charging(options=(fund("F1"),), terms={"accounts": ALL}, per="participant", on_full_withdrawal=False)
    book = Book(contract)
    for account, day in (("pretax", "2021-01-04"), ("employer", "2021-01-06")):
        book.deposit(deposit(account, day, "1000.00", account=account, allocation=shares(F1="100")))
    book.withdraw(withdrawal("w", "2021-01-07", full=True))
    book.close_through("2021-01-04", EVE)
    assert borne(book.close(ANNIVERSARY)) == [("pretax", "employer", "50.00")]
    assert book.close_through("2022-01-05", "2022-01-07") == []
    assert book.units("F1", "employer") == Decimal("95.000000")


def first_account_comes_later(per: str = "account") -> Book:
    """On the evening of the 5th pretax is opened, effective the 6th; then 600.00 of the 5th go into it, and employer
    is opened, effective the 5th, so that it is the first account, and takes nothing in.
    """
    book = Book(charging(options=(fund("F1"), fixed_account_2()), per=per))
    book.close("2021-01-04")
    book.instruct(opening("later", at("2021-01-05", "17:00:00")))
    book.deposit(deposit("put", "2021-01-05", "600.00", allocation=shares(FA2="100")))
    book.instruct(opening("first", "2021-01-05", "employer"))
    account, other = book.account(), book.account("employer")
    assert (account.opened, other.opened) == (date(2021, 1, 6), date(2021, 1, 5))
    assert account.units_of("FA2") == Decimal("599.967449")  # 600/1.000054255245
    return book


def test_wdl_5_an_account_opened_later_may_be_the_first_one_that_the_fee_is_due_of() -> None:
    """No money comes in any more. The fee is due a year after the 5th, not after the 6th, and again the next year."""
    book = first_account_comes_later(per="participant")
    book.publish("credited-rates", one_year_minimum("0.01", 2023))
    fees = [
        (outcome.message["trade_date"], outcome.message["details"]["owed_by"], outcome.message["charges"][0]["amount"])
        for outcome in book.close_through("2021-01-05", "2023-01-09")
    ]
    assert fees == [("2022-01-05", "employer", "50.00"), ("2023-01-05", "employer", "50.00")]


def test_wdl_5_an_account_that_owes_its_own_fee_keeps_it() -> None:
    """Of 600.00 on the 6th; the other account holds nothing and owes nothing."""
    book = first_account_comes_later()
    (fee,) = book.close_through("2021-01-05", "2022-01-10")
    assert (fee.message["trade_date"], fee.message["details"]["owed_by"]) == ("2022-01-06", "pretax")


def test_wdl_5_nothing_is_due_of_accounts_that_nothing_came_into() -> None:
    """30.00 come into the second one on the 6th: the fee is due of the first, on 5 January."""
    book = Book(charging(options=(fund("F1"), fixed_account_2()), per="participant"))
    book.close("2021-01-04")
    book.instruct(opening("a", "2021-01-05"))
    book.instruct(opening("b", "2021-01-05", "employer"))
    assert [account.fee for account in (book.account(), book.account("employer"))] == [None, None]
    book.deposit(deposit("put", "2021-01-05", "30.00", account="employer", allocation=shares(FA2="100")))
    assert [account.fee for account in (book.account(), book.account("employer"))] == [FeeDates(date(2022, 1, 5)), None]
