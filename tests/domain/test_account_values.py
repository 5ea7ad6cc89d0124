"""Account values: what a participant holds, at the values of the closed day of the last change."""

import json
from dataclasses import replace
from datetime import date

import msgspec
import pytest
from pydantic import BaseModel

from contracts_schema import account_rows as rows
from contracts_schema import account_values as models
from contracts_schema.headers import header
from contracts_schema.values import changed
from services.domain.account_values import account_values
from tests.domain.books import (
    Book,
    Json,
    cancelling,
    declared,
    deposit,
    fixed_account_2,
    fund,
    guaranteed,
    guaranteed_term,
    offering,
    one_year_minimum,
    opening,
    shares,
    terms,
    withdrawal,
)
from tests.domain.gaa import flat, gaa_terms, still
from tests.domain.lives import Ledger, as_input

FIRST, NEXT = "2021-01-04", "2021-01-05"


def last(book: Book) -> Json:
    """What the last record says, what it does not left out."""
    return written(book.values[-1].message)


def written(message: Json) -> Json:
    return {name: _written(value) for name, value in message.items() if value is not None}


def _written(value: object) -> object:
    if isinstance(value, dict):
        return written(value)
    return [_written(each) for each in value] if isinstance(value, list) else value


def account(book: Book) -> Json:
    (found,) = last(book)["accounts"]
    assert isinstance(found, dict)
    return found


def test_gen_5_units_index_and_value_of_each_option_as_of_the_close() -> None:
    """100.00 on 4 January: 60.00 / 12 = 5 units and 40.00 / 1. On the 5th 20.00 more: 12.00 / 12.5 = 0.96, and 8.00
    at 1.02^(1/365) = 1.000054255245: 7.999566 units. 5.96 × 12.5 = 74.50; 47.999566 × 1.000054255245 = 48.002170.
    """
    book = Book(terms())
    book.instruct(opening("open", FIRST, allocation=shares(F1="60", FA2="40")))
    book.deposit(deposit("d1", FIRST, "100.00"))
    book.close(FIRST, F1="12.000000")
    book.deposit(deposit("d2", NEXT, "20.00"))
    book.close(NEXT, F1="12.500000")
    fixed = {"option": "FA2", "kind": "fixed_account_2", "rate": "0.02"}
    assert last(book) == {
        "version": 1,
        "kind": "account_values",
        "contract_id": "C1",
        "participant_id": "P1",
        "sequence": 3,
        "as_of": NEXT,
        "waiting": 0,
        "value": "122.50",
        "accounts": [
            {
                "account": "pretax",
                "opened": FIRST,
                "value": "122.50",
                "options": [
                    {"option": "F1", "kind": "fund", "units": "5.960000", "index": "12.500000", "value": "74.50"},
                    {**fixed, "units": "47.999566", "index": "1.000054255245", "value": "48.00"},
                ],
                "lots": [],
            }
        ],
    }


def test_each_change_has_a_record_and_what_changes_nothing_has_none() -> None:
    book = Book(terms())
    book.instruct(opening("open", FIRST, allocation=shares(F1="100")))
    assert book.values == []  # before the first close nothing is worth anything
    book.close(FIRST)
    for message in (deposit("d1", NEXT, "10.00"), deposit("d1", NEXT, "10.00"), deposit("q", NEXT, "1", mode="quote")):
        book.deposit(message)
    assert [(each.message["waiting"], each.message["sequence"]) for each in book.values] == [(1, 1)]
    book.instruct(cancelling("c", NEXT, "d1"))
    book.close(NEXT)
    assert [(each.message["waiting"], each.message["sequence"]) for each in book.values[1:]] == [(0, 3)]


def test_a_record_has_an_id_of_its_own_and_the_time_of_its_close() -> None:
    book = Book(terms())
    book.instruct(opening("open", FIRST, allocation=shares(F1="100")))
    book.close(FIRST)
    book.deposit(deposit("d1", NEXT, "10.00"))
    book.close(NEXT)
    ids = [header(each.headers, "ce_id") for each in book.values]
    assert ids == [b"C1|P1|account_values|2021-01-04|1|1", b"C1|P1|account_values|2021-01-05|2|0"]
    assert header(book.values[-1].headers, "ce_time") == b"2021-01-05T16:00:00-05:00"
    assert header(book.values[-1].headers, "ce_type") == b"annuity-ledger.account_values"
    assert book.values[-1].key == "C1|P1"


def test_what_was_decided_at_once_for_the_day_after_is_worth_what_it_is_as_of_the_close() -> None:
    """100.00 at 1.02^(1/365) = 1.000054255245 are 99.994575 units, at 1 as of the day before."""
    book = Book(terms())
    book.instruct(opening("open", FIRST, allocation=shares(FA2="100")))
    book.close(FIRST)
    book.deposit(deposit("d1", NEXT, "100.00"))
    (option,) = account(book)["options"]
    assert (last(book)["as_of"], option["units"], option["value"]) == (FIRST, "99.994575", "99.99")


def test_fix_7_a_fixed_option_that_begins_the_day_after_has_the_index_of_that() -> None:
    """There is no other: 1 on 5 January, though values are as of the 4th."""
    book = Book(terms(fund("F1")), rates=False)
    book.publish("contract-terms", terms(fund("F1"), fixed_account_2(), version=2, effective_from=NEXT))
    for message in (declared("0.02"), one_year_minimum("0.01")):
        book.publish("credited-rates", message)
    book.instruct(opening("open", FIRST))
    book.close(FIRST)
    book.deposit(deposit("d1", NEXT, "100.00", allocation=shares(FA2="100")))
    assert last(book)["as_of"] == FIRST
    assert account(book)["options"] == [
        {
            "option": "FA2",
            "kind": "fixed_account_2",
            "units": "100.000000",
            "index": "1.000000000000",
            "index_date": NEXT,
            "value": "100.00",
        }
    ]
    book.close(NEXT)
    whole = Ledger().logic.process([as_input(at, record) for at, record in enumerate(book.log)])
    assert [each.value for each in whole if each.topic == "account-values"] == [book.values[-1].value]


def test_fix_7_a_fixed_option_that_has_no_rate_yet_has_no_value_to_tell() -> None:
    """Declared from 5 January on, it has an index with the close of that day: a deposit waits."""
    book = Book(terms(fund("F1")), rates=False)
    book.publish("contract-terms", terms(fund("F1"), fixed_account_2(), version=2, effective_from=NEXT))
    for message in (declared("0.02", NEXT), one_year_minimum("0.01")):
        book.publish("credited-rates", message)
    book.instruct(opening("open", FIRST))
    book.close(FIRST)
    book.deposit(deposit("d1", NEXT, "100.00", allocation=shares(FA2="100")))
    assert (account(book)["options"], last(book)["waiting"]) == ([], 1)
    book.close(NEXT)
    assert (account(book)["options"][0]["index"], last(book)["value"]) == ("1.000000000000", "100.00")


@pytest.mark.parametrize("begins", [NEXT, "2021-01-06"])
def test_a_contract_that_begins_later_has_accounts_of_no_value(begins: str) -> None:
    book = Book(terms())
    book.publish("contract-terms", terms(fund("F1"), contract_id="C2", effective_from=begins))
    book.close(FIRST)
    book.instruct(opening("open", begins, contract_id="C2"))
    (found,) = last(book)["accounts"]
    assert (last(book)["contract_id"], last(book)["as_of"], last(book)["value"]) == ("C2", FIRST, "0.00")
    assert found == {"account": "pretax", "opened": begins, "value": "0.00", "options": [], "lots": []}


def test_a_closed_day_of_the_first_release_tells_no_rate() -> None:
    """Its row did not keep the rates that were credited; index and value are there."""
    book = Book(terms())
    book.instruct(opening("open", FIRST, allocation=shares(FA2="100")))
    book.deposit(deposit("d1", FIRST, "100.00"))
    book.close(FIRST)
    market, books, day = book.service._ledger._market, book.participant(), date(2021, 1, 4)
    assert books is not None
    old = replace(market, days={day: changed(market.days[day], fixed_rates={})})
    (found,) = json.loads(account_values(old, books, day).value)["accounts"]
    fixed = {"option": "FA2", "kind": "fixed_account_2"}
    assert found["options"] == [{**fixed, "units": "100.000000", "index": "1.000000000000", "value": "100.00"}]


def test_a_day_settled_late_is_told_with_its_own_values() -> None:
    """12 on the 4th, 13 on the 5th: a deposit of the 4th that is settled after both is worth what it was on the 4th."""
    book = Book(terms())
    book.instruct(opening("open", FIRST, allocation=shares(F1="100")))
    book.deposit(deposit("d1", FIRST, "120.00"))
    book.close(FIRST, F1="12.000000")
    book.close(NEXT, F1="13.000000")
    late = Ledger()
    for record in book.log:
        late.fold(record)
    late.settle()
    (told,) = [json.loads(each.value or b"") for each in late.written if each.topic == "account-values"]
    assert (told["as_of"], told["value"]) == (FIRST, "120.00")
    assert told == json.loads(book.values[-1].value)


def test_gaa_2_a_guaranteed_term_has_units_index_value_rate_and_maturity() -> None:
    """500.00 on 5 January 2021 at 4% through 10 February, 3% after. On that day, 36 days on, 1.04^(36/365) =
    1.003875836012, 501.94; on the next × 1.03^(1/365) = 1.000080986299, 1.003957136201, 501.978568.
    """
    book = Book(gaa_terms())
    steps = guaranteed_term(2, ("0.04", "2021-02-10"), ("0.03", "2023-01-05"))
    book.publish("guaranteed-offerings", offering("JAN", NEXT, "2021-01-08", steps))
    book.instruct(opening("open", FIRST, allocation=shares(GAA_2="100")))
    book.close(FIRST, flat("4"))
    book.deposit(deposit("d1", NEXT, "500.00"))
    lot = {"option": "GAA", "lot": "GAA-1", "term": 2, "deposited": NEXT, "maturity": "2023-01-05", "rate": "0.04"}
    first = {"units": "500.000000", "index": "1.000000000000", "value": "500.00"}
    assert account(book)["lots"] == [{**lot, **first}]
    book.close_through(NEXT, "2021-02-09", flat("4"))
    for day, rate, index, value in (
        ("2021-02-10", "0.04", "1.003875836012", "501.94"),
        ("2021-02-11", "0.03", "1.003957136201", "501.98"),
    ):
        book.deposit(deposit(f"f{day}", day, "1.00", allocation=shares(F1="100")))
        book.close(day, flat("4"))
        (held,) = account(book)["lots"]
        assert (held["rate"], held["index"], held["value"]) == (rate, index, value)
    assert (account(book)["options"][0]["value"], account(book)["value"], last(book)["value"]) == (
        *("2.00", "503.98", "503.98"),
    )


def test_mat_3_what_matured_and_stays_says_so_and_earns_the_rate_after() -> None:
    """A year of 0% from 5 January 2021, then 1% as the contract guarantees: on 6 January 2022 1.01^(1/365)."""
    book = Book(gaa_terms(options=(fund("F1"), guaranteed(minimum_rate="0.01", at_maturity="stays"))), rates=False)
    book.publish("guaranteed-offerings", offering("JAN", NEXT, "2021-01-08", still(1, "2022-01-05", "0.01")))
    book.instruct(opening("open", FIRST, allocation=shares(GAA_1="100")))
    book.close(FIRST, flat("4"))
    book.deposit(deposit("d1", NEXT, "500.00"))
    book.close_through(NEXT, "2022-01-05", flat("4"))
    (held,) = account(book)["lots"]
    assert (last(book)["as_of"], held["matured"], held["rate"]) == ("2022-01-05", True, "0.01")
    assert (held["index"], held["value"]) == ("1.010000000000", "505.00")


@pytest.mark.parametrize(
    ("row", "model"),
    [
        (rows.OptionRow, models.OptionValue),
        (rows.LotRow, models.LotValue),
        (rows.AnnuityUnitsRow, models.AnnuityUnitsValue),
        (rows.IncomeRow, models.IncomeValue),
        (rows.OwedRow, models.InstallmentsOwed),
        (rows.AccountRow, models.AccountValue),
        (rows.LoanRow, models.LoanBalance),
        (rows.ValuesRow, models.AccountValues),
    ],
)
def test_what_is_written_has_the_fields_of_its_model_in_order(
    row: type[msgspec.Struct], model: type[BaseModel]
) -> None:
    assert list(row.__struct_fields__) == list(model.model_fields)


def test_names_are_written_as_they_are() -> None:
    book = Book(terms())
    name = 'P"1\\ü'
    book.instruct(opening("open", FIRST, participant_id=name))
    book.close(FIRST)
    book.withdraw(withdrawal("w", NEXT, participant_id=name, amount="1.00"))
    assert last(book)["participant_id"] == name
