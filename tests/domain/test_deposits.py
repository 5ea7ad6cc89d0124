"""DEP-1, DEP-2, DEP-4 and GEN-4: what is taken from a deposit, how it is shared out, and the units it buys."""

from decimal import Decimal

import pytest

from tests.domain.books import Book, at, deposit, fixed_account_2, fund, only, opening, shares, terms
from tests.domain.tabled import rows

D = Decimal


def allocated(written: str) -> dict[str, str]:
    return dict(part.split("=") for part in written.split())


@pytest.mark.parametrize("row", rows("deposits", "what"))
def test_dep_1_dep_2_net_deposit_shared_out(row: dict[str, str]) -> None:
    charged = {name: row[name] for name in ("premium_tax_percent", "sales_charge_percent")}
    book = Book(terms(**charged))
    book.deposit(deposit("d1", "2021-01-04", row["amount"], allocation=shares(**allocated(row["allocation"]))))
    confirmed = only(book.close("2021-01-04"), "confirmations")
    assert confirmed.dollars() == allocated(row["legs"])
    charges = {charge["what"]: charge["amount"] for charge in confirmed.message["charges"]}
    expected = {name: row[name] for name in ("premium_tax", "sales_charge") if row[name]}
    assert charges == expected
    assert confirmed.message["received"] == confirmed.message["debits"] == confirmed.message["credits"]
    assert confirmed.message["received"] == row["amount"]
    assert ("DEP-1" in confirmed.message["rules"]) == bool(expected)
    assert {"DEP-2", "DEP-4", "GEN-2", "GEN-7", "ACC-1"} <= set(confirmed.message["rules"])


def test_dep_1_a_charge_says_how_it_was_reckoned() -> None:
    book = Book(terms(premium_tax_percent="2", sales_charge_percent="6"))
    book.deposit(deposit("d1", "2021-01-04", "10000.00", allocation=shares(F1="100")))
    charges = only(book.close("2021-01-04"), "confirmations").message["charges"]
    assert [charge["basis"] for charge in charges] == ["2% of 10000.00", "6% of 10000.00"]
    assert all(charge["rules"] == ["DEP-1"] for charge in charges)


@pytest.mark.parametrize("row", rows("units", "what"))
def test_dep_4_gen_4_units_bought(row: dict[str, str]) -> None:
    book = Book(terms(fund("F1")))
    book.deposit(deposit("d1", "2021-01-04", row["amount"], allocation=shares(F1="100")))
    (leg,) = only(book.close("2021-01-04", F1=row["unit_value"]), "confirmations").message["legs"]
    named = ("units", "value_after", "rounding")
    assert {name: leg[name] for name in named} == {name: row[name] for name in named}
    assert (leg["index"], leg["index_date"], leg["dollars"]) == (row["unit_value"], "2021-01-04", row["amount"])
    assert (leg["units_before"], leg["value_before"]) == ("0", "0.00")
    assert book.units("F1") == D(row["units"])


def test_dep_4_what_buys_no_unit_is_refused() -> None:
    # 0.01 / 20001 = 0.00000049998, which is no unit at six places.
    book = Book(terms(fund("F1")))
    book.deposit(deposit("d1", "2021-01-04", "0.01", allocation=shares(F1="100")))
    rejected = only(book.close("2021-01-04", F1="20001.000000"), "rejections")
    assert rejected.codes == ["NOTHING_TO_DEPOSIT"]
    assert rejected.message["reasons"][0]["numbers"] == {"amount": "0.01", "net": "0.01"}
    books = book.participant()
    assert books is not None
    assert books.accounts == ()


def test_dep_4_a_second_deposit_adds_to_the_first() -> None:
    book = Book(terms(fund("F1")))
    book.deposit(deposit("d1", "2021-01-04", "100.00", allocation=shares(F1="100")))
    book.close("2021-01-04", F1="3.000000")
    book.deposit(deposit("d2", "2021-01-05", "0.01", allocation=shares(F1="100")))
    (leg,) = only(book.close("2021-01-05", F1="3.000000"), "confirmations").message["legs"]
    # 33.333333 units are worth 99.999999; 0.003333 more make 33.336666, worth 100.009998.
    assert (leg["units_before"], leg["units"], leg["units_after"]) == ("33.333333", "0.003333", "33.336666")
    assert (leg["value_before"], leg["value_after"], leg["rounding"]) == ("100.00", "100.01", "0.00")


def test_dep_4_fixed_deposits_earn_from_the_trade_date() -> None:
    book = Book(terms(fund("F1"), fixed_account_2()))
    book.deposit(deposit("d1", "2021-01-04", "100000.00", allocation=shares(FA2="100")))
    first = only(book.close("2021-01-04"), "confirmations").message["legs"][0]
    assert (first["index"], first["units"]) == ("1.000000000000", "100000.000000")
    book.close_through("2021-01-05", "2021-01-06")
    book.deposit(deposit("d2", "2021-01-07", "250.00", allocation=shares(FA2="100")))
    # 2% a year: three days later the index is 1.02^(3/365) = 1.000162774567; 250 / 1.000162774567 = 249.95931298.
    # Before: 100,000 units at 1.000162774567 are 100,016.28; interest of three days on 100,000 is 16.28.
    leg = only(book.outcomes[-1:], "confirmations").message["legs"][0]
    assert (leg["index"], leg["index_date"], leg["units"]) == ("1.000162774567", "2021-01-07", "249.959313")
    assert (leg["value_before"], leg["value_after"], leg["rounding"]) == ("100016.28", "100266.28", "0.00")


def test_gen_4_scales_are_contract_terms() -> None:
    book = Book(terms(fund("F1"), fixed_account_2(), scales={"units": 4, "index": 8}))
    book.deposit(deposit("d1", "2021-01-04", "100.00", allocation=shares(F1="50", FA2="50")))
    book.close("2021-01-04", F1="3.000000")
    assert book.units("F1") == D("16.6667")  # 50/3
    book.close("2021-01-05")
    book.deposit(deposit("d2", "2021-01-06", "10.00", allocation=shares(FA2="100")))
    leg = book.outcomes[-1].message["legs"][0]
    # 1.02^(2/365) = 1.000108513...; to eight places; 10/1.00010851 = 9.99891502
    assert (leg["index"], leg["units"]) == ("1.00010851", "9.9989")


def test_dep_2_a_request_may_carry_its_own_allocation() -> None:
    book = Book(terms())
    book.instruct(opening("o1", "2021-01-04", allocation=shares(F1="100")))
    book.deposit(deposit("d1", "2021-01-04", "10.00"))
    book.deposit(deposit("d2", at("2021-01-04", "10:00:01"), "10.00", allocation=shares(F2="100")))
    first, second = book.close("2021-01-04")
    assert (first.dollars(), second.dollars()) == ({"F1": "10.00"}, {"F2": "10.00"})
    assert [share.option for share in book.account().allocation] == ["F1"]


def test_dep_2_neither_request_nor_account_says_where_to() -> None:
    book = Book(terms())
    book.deposit(deposit("d1", "2021-01-04", "10.00"))
    rejected = only(book.close("2021-01-04"), "rejections")
    assert rejected.codes == ["NO_ALLOCATION"]
    assert rejected.message["rules"] == ["DEP-2"]
    assert rejected.message["reasons"][0]["numbers"] == {"account": "pretax"}


def test_dep_2_the_allocation_that_counts_is_that_of_the_moment_of_deciding() -> None:
    # Both wait for the same close; the instruction was received first, so the deposit follows it.
    book = Book(terms())
    book.instruct(opening("o1", "2021-01-04", allocation=shares(F1="100")))
    change = {"kind": "allocation", "account": "pretax", "allocation": shares(F2="100")}
    later = deposit("d1", at("2021-01-04", "12:00:00"), "10.00")
    book.deposit(later)
    book.instruct({**opening("a1", at("2021-01-04", "11:00:00")), "instruction": change})
    changed, invested = book.close("2021-01-04")
    assert changed.message["kind"] == "allocation_changed"
    assert invested.dollars() == {"F2": "10.00"}
