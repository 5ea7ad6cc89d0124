"""GEN-6: a decision uses the version in force on its trade date, and protected terms reach whom they may."""

from datetime import date
from decimal import Decimal

import pytest

from contracts_schema.entries import TermsEntry
from contracts_schema.terms import ContractTerms
from services.domain.folding import with_terms
from services.domain.market import Market
from tests.domain.books import FUNDS, Book, Json, at, deposit, fixed_account_2, fund, guaranteed, only, shares, terms

F1 = shares(F1="100")
CHANGE = "2021-01-06"


def changed(applies_to: str, **more: object) -> Json:
    """Version 2, in force from Wednesday the 6th."""
    return terms(version=2, effective_from=CHANGE, applies_to=applies_to, **more)


def net(book: Book, request_id: str, day: str, participant_id: str = "P1") -> str:
    """What a deposit of 100.00 on a day nets."""
    book.deposit(deposit(request_id, day, "100.00", allocation=F1, participant_id=participant_id))
    return only(book.close(day), "confirmations").dollars()["F1"]


@pytest.mark.parametrize(
    ("applies_to", "existing", "newcomer"),
    [
        # E-FA2 §4(b): net deposit changes only for participants covered on or after the change.
        ("new", "98.00", "95.00"),
        ("new_and_existing", "95.00", "95.00"),
    ],
)
def test_gen_6_net_deposit_changes_for_participants_covered_from_then_on(
    applies_to: str, existing: str, newcomer: str
) -> None:
    book = Book(terms(premium_tax_percent="2"), changed(applies_to, premium_tax_percent="2", sales_charge_percent="3"))
    assert net(book, "d1", "2021-01-04") == "98.00"  # version 1: 2% tax
    assert net(book, "d2", "2021-01-05") == "98.00"
    assert net(book, "d3", "2021-01-06") == existing
    assert net(book, "d4", "2021-01-07", "P2") == newcomer  # covered on the 7th
    assert net(book, "d5", "2021-01-08", "P2") == newcomer


def test_gen_6_covered_on_the_day_of_the_change_is_covered_on_or_after_it() -> None:
    book = Book(terms(), changed("new", sales_charge_percent="3"))
    book.close("2021-01-04")
    book.close("2021-01-05")
    assert net(book, "d1", CHANGE) == "97.00"


def test_gen_6_what_is_not_protected_changes_for_all_on_its_day() -> None:
    book = Book(terms(), changed("new", title="Another title", accounts=["pretax"]))
    for day in ("2021-01-04", "2021-01-05", "2021-01-06"):
        book.deposit(deposit(f"d-{day}", day, "1.00", account="employer", allocation=F1))
    outcomes = book.close_through("2021-01-04", "2021-01-06")
    assert [outcome.topic for outcome in outcomes] == ["confirmations", "confirmations", "rejections"]
    assert outcomes[-1].codes == ["ACCOUNT_NOT_ALLOWED"]


def test_gen_6_a_request_of_the_evening_before_falls_under_the_new_version() -> None:
    book = Book(terms(), changed("new_and_existing", premium_tax_percent="4"))
    book.deposit(deposit("d1", at("2021-01-05", "16:00:01"), "100.00", allocation=F1))
    (confirmed,) = book.close_through("2021-01-04", CHANGE)
    assert confirmed.dollars() == {"F1": "96.00"}


def market(*versions: Json) -> Market:
    found = Market()
    for version in versions:
        found, _ = with_terms(found, TermsEntry(terms=ContractTerms.model_validate(version)))
    return found


def version(number: int, since: str, **more: object) -> Json:
    """A version that charges as many percent, and as many dollars for a transfer, as its number."""
    charges = {"sales_charge_percent": str(number), "transfers": {"fee": f"{number}.00", "free_per_year": 10 + number}}
    return terms(version=number, effective_from=since, **charges, **more)


CHAIN = market(
    version(1, "2021-01-01"),
    version(2, "2021-02-01"),
    version(3, "2021-03-01", applies_to="new_and_existing"),
    version(4, "2021-04-01"),
)


@pytest.mark.parametrize(
    ("day", "covered", "charge"),
    [
        ("2021-01-15", "2021-01-15", "1"),
        ("2021-02-15", "2021-01-15", "1"),
        ("2021-02-15", "2021-02-01", "2"),
        ("2021-02-15", "2021-01-31", "1"),
        ("2021-03-15", "2021-01-15", "3"),  # new and existing
        ("2021-03-15", "2021-02-15", "3"),
        ("2021-04-15", "2021-01-15", "3"),  # the last that reached them
        ("2021-04-15", "2021-04-01", "4"),
    ],
)
def test_gen_6_charges_and_transfer_fee_by_day_and_coverage(day: str, covered: str, charge: str) -> None:
    found = CHAIN.terms_for("C1", date.fromisoformat(day), date.fromisoformat(covered))
    assert found is not None
    assert (found.sales_charge_percent, found.transfers.fee) == (Decimal(charge), Decimal(charge))
    assert found.transfers.free_per_year == 10 + found.version  # only the fee is protected
    assert found.version == int(day[5:7])


def test_gen_6_no_terms_before_the_first() -> None:
    assert CHAIN.terms_for("C1", date(2020, 12, 31), date(2020, 12, 31)) is None
    assert CHAIN.terms_for("C9", date(2021, 1, 4), date(2021, 1, 4)) is None


def test_gen_6_coverage_before_all_versions_is_under_the_one_in_force() -> None:
    # A participant whose coverage lies before any version known here is under no earlier promise.
    found = market(terms(sales_charge_percent="1", effective_from="2021-02-01"))
    current = found.terms_for("C1", date(2021, 2, 1), date(2021, 1, 1))
    assert current is not None
    assert current.sales_charge_percent == Decimal(1)


REFUSED: list[tuple[str, Json, str, list[str]]] = [
    ("the same version otherwise", terms(title="Other"), "CONFLICTING_VALUE", ["GEN-6"]),
    ("an earlier version", terms(version=1, effective_from="2021-02-01"), "CONFLICTING_VALUE", ["GEN-6"]),
    ("an option left out", terms(*FUNDS, version=2), "CONFLICTING_VALUE", ["GEN-6", "GEN-7"]),
    (
        "an option of another fund",
        terms(fund("F1") | {"fund": "F9"}, *FUNDS[1:], fixed_account_2(), version=2),
        "CONFLICTING_VALUE",
        ["GEN-6", "GEN-7"],
    ),
    (
        "an option of another kind",
        terms(fixed_account_2(option="F1"), *FUNDS[1:], fixed_account_2(), version=2),
        "CONFLICTING_VALUE",
        ["GEN-6", "GEN-7"],
    ),
]


@pytest.mark.parametrize(("version", "code", "rules"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_gen_6_a_version_that_would_change_what_is_held_is_refused(version: Json, code: str, rules: list[str]) -> None:
    book = Book(terms())
    logged = len(book.log)
    alarm = only(book.publish("contract-terms", version), "alarms")
    assert (alarm.message["code"], alarm.message["rules"]) == (code, rules)
    assert len(book.log) == logged


def test_gen_6_a_guaranteed_option_keeps_its_series() -> None:
    book = Book(terms(fund("F1"), guaranteed()), rates=False)
    other = terms(fund("F1"), guaranteed(series="H"), version=2)
    assert only(book.publish("contract-terms", other), "alarms").message["code"] == "CONFLICTING_VALUE"
    assert book.publish("contract-terms", terms(fund("F1"), guaranteed(lock_in_days=30), version=2)) == []


def test_gen_6_options_may_be_added() -> None:
    book = Book(terms(), terms(*FUNDS, fixed_account_2(), fund("F4"), version=2, effective_from=CHANGE))
    (told,) = book.outcomes
    assert (told.topic, told.message["rules"]) == ("contract-notices", ["FIX-5", "NTC-4"]), (
        "its minimum of the coming year"
    )
