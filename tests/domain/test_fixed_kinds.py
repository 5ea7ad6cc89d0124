"""FIX-1, FIX-2, FIX-5, FIX-6: Fixed Account and Fixed Plus Accounts earn what is declared, and no less than a floor."""

import pytest

from contracts_schema.logged import read_logged_terms
from contracts_schema.terms import ContractTerms
from tests.domain.books import (
    Book,
    Json,
    declared,
    deposit,
    fixed_account_2,
    fund,
    one_year_minimum,
    only,
    shares,
    terms,
    transfer,
    withdrawal,
)
from tests.domain.books_fixed import fixed_account, fixed_book, fixed_plus, fixed_plus_2

FLOORS = [
    (fixed_account(), "FIX-1", "0.04"),
    (fixed_plus(), "FIX-2", "0.03"),
    (fixed_plus_2(), "FIX-2", "0.03"),
]
MONDAY, YEAR_LATER = "2021-01-04", "2022-01-04"


def paid_a_year_later(book: Book, option: str) -> str:
    """What 1,000.00 of 4 January 2021 have become 365 days later."""
    book.deposit(deposit("d1", MONDAY, "1000.00", allocation=shares(**{option: "100"})))
    book.close_through(MONDAY, "2022-01-03")
    book.withdraw(withdrawal("w1", YEAR_LATER, full=True))
    return str(only(book.close(YEAR_LATER), "confirmations").message["paid"])


@pytest.mark.parametrize(("option", "rule", "floor"), FLOORS)
def test_fix_1_fix_2_the_declared_rate_is_credited(option: Json, rule: str, floor: str) -> None:
    del floor
    book = fixed_book(option, rate="0.0475")
    assert paid_a_year_later(book, option["option"]) == "1047.50"  # 365 days at 4.75%
    (bought,) = [o.message for o in book.outcomes if o.topic == "confirmations" and o.message["kind"] == "deposit"]
    assert bought["legs"][0]["kind"] == option["kind"]
    assert bought["legs"][0]["units"] == "1000.000000"  # an index starts at 1
    assert bought["rules"] == ["GEN-2", "ACC-1", "DEP-2", "DEP-4", rule, "FIX-6", "FIX-7", "GEN-7"]


@pytest.mark.parametrize(("option", "rule", "floor"), FLOORS)
def test_fix_1_fix_2_a_declared_rate_below_the_floor_is_refused(option: Json, rule: str, floor: str) -> None:
    book, name = fixed_book(option, rate="0.05"), option["option"]
    below = {"0.04": "0.0399", "0.03": "0.0299"}[floor]
    alarm = only(book.publish("credited-rates", declared(below, "2021-06-01", option=name)), "alarms").message
    assert (alarm["code"], alarm["rules"]) == ("RATE_BELOW_FLOOR", [rule, "FIX-6"])
    assert alarm["message"] == f"declared {below} for C1|{name} is below the contract minimum, {floor}"
    assert paid_a_year_later(book, name) == "1050.00"  # the previous rate stays
    assert book.publish("credited-rates", declared(floor, "2022-06-01", option=name)) == []


@pytest.mark.parametrize(("option", "paid"), [(fixed_account(), "1040.00"), (fixed_plus(), "1030.00")])
def test_fix_6_the_floor_is_credited_where_less_was_declared_before_the_contract_was_known(
    option: Json, paid: str
) -> None:
    book = Book()
    assert book.publish("credited-rates", declared("0.02", MONDAY, option=option["option"])) == []
    book.publish("contract-terms", terms(fund("F1"), option, effective_from=MONDAY))
    assert paid_a_year_later(book, option["option"]) == paid


def test_fix_1_fix_2_floors_are_terms_of_the_contract() -> None:
    book = fixed_book(fixed_account(guaranteed_minimum="0.035"), fixed_plus(retained_minimum="0.045"), rate="0.035")
    assert [outcome.message["message"] for outcome in book.outcomes] == [
        "declared 0.035 for C1|FP is below the contract minimum, 0.045"
    ]
    book.publish("credited-rates", declared("0.045", MONDAY, option="FP"))
    assert paid_a_year_later(book, "FA") == "1035.00"


@pytest.mark.parametrize(("applies_to", "paid"), [("new", "1040.00"), ("new_and_existing", "1035.00")])
def test_gen_6_a_lowered_floor_is_retained_for_those_it_was_promised_to(applies_to: str, paid: str) -> None:
    lowered = terms(
        fund("F1"), fixed_account(guaranteed_minimum="0.03"), version=2, effective_from=MONDAY, applies_to=applies_to
    )
    book = Book()
    book.publish("credited-rates", declared("0.035", "2021-01-01", option="FA"))
    book.publish("contract-terms", terms(fund("F1"), fixed_account()))
    book.publish("contract-terms", lowered)
    assert paid_a_year_later(book, "FA") == paid


def test_fix_5_only_fixed_account_2_has_a_one_year_minimum() -> None:
    book = fixed_book(fixed_account())
    alarm = only(book.publish("credited-rates", one_year_minimum("0.05", 2022, option="FA")), "alarms").message
    assert (alarm["code"], alarm["rules"]) == ("CONFLICTING_VALUE", ["FIX-5"])
    assert alarm["message"] == (
        "one-year minimum of C1|FA|2022: only Fixed Account 2 has one, and this is a fixed_account"
    )


def test_fix_1_a_day_closes_with_a_declared_rate_and_not_without() -> None:
    book = Book(terms(fund("F1"), fixed_account(), effective_from=MONDAY), rates=False)
    book.deposit(deposit("d1", MONDAY, "10.00", allocation=shares(F1="100")))
    assert book.close(MONDAY) == []
    published = book.publish("credited-rates", declared("0.04", MONDAY, option="FA"))
    assert only(published, "confirmations").dollars() == {"F1": "10.00"}


@pytest.mark.parametrize(
    ("option", "rule", "available"),
    [(fixed_account(), "LIM-1", "200.00"), (fixed_plus(), "LIM-2", "400.00"), (fixed_plus_2(), "LIM-2", "400.00")],
)
def test_lim_1_lim_2_each_kind_has_its_limit(option: Json, rule: str, available: str) -> None:
    """10% and 20% of 2,000.00; deposited and transferred before a day of interest has been earned."""
    book = fixed_book(option)
    book.deposit(deposit("d1", MONDAY, "2000.00", allocation=shares(**{option["option"]: "100"})))
    book.transfer(transfer("t1", MONDAY, [{"option": option["option"], "amount": "400.01"}], shares(F1="100")))
    _, rejected = book.close(MONDAY)
    assert (rejected.codes, rejected.message["rules"][0]) == (["LIMIT_EXCEEDED"], rule)
    assert rejected.message["reasons"][0]["numbers"]["available"] == available


def test_gen_6_terms_mean_on_the_log_what_they_meant_when_they_were_published() -> None:
    """What is null is not written; where it was not, the default of published terms must not take its place."""
    published = terms(
        {"kind": "fixed_account", "option": "FA"}, fixed_plus(), fixed_plus_2(), fixed_account_2(opens_on=None)
    )
    read = ContractTerms.model_validate(published)
    assert [str(option.closes_on) for option in read.options] == ["2013-10-01", "None", "None", "None"]
    assert read_logged_terms(read.written()) == read


def test_gen_6_a_fixed_option_keeps_its_kind() -> None:
    book = fixed_book(fixed_plus())
    other = terms(fund("F1"), fixed_plus_2(option="FP"), version=2, effective_from="2021-02-01")
    assert only(book.publish("contract-terms", other), "alarms").message["code"] == "CONFLICTING_VALUE"
