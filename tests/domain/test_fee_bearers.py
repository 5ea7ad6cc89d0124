"""WDL-5, ROTH: whose fee it is, and which of the accounts bear it, the Roth account among them."""

from collections.abc import Iterable
from decimal import Decimal

import pytest

from tests.domain.books import Book, Outcome, deposit, fund, shares, withdrawal
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
