"""The annual notice written out and on one line, and the contract's term."""

from pathlib import Path

import pytest

from contracts_schema.terms import ContractTerms
from services.runtime.cli.explaining import text
from services.runtime.cli.one_line import one_line
from services.runtime.cli.reading_outcomes import outcome_in
from services.runtime.cli.terms_view import provided
from services.runtime.records import OutputRecord
from tests.domain.books import Book, deposit, fixed_account_2, fund, guaranteed, offering, shares
from tests.domain.books_income import VARIABLE, closed, election
from tests.domain.books_statements import stating
from tests.domain.gaa import flat, still

WHEN_APPLIED = fixed_account_2(rate_basis="when_applied")


@pytest.fixture
def book() -> Book:
    """1,000.00 in three places on 4 January 2021; 15 January is closed."""
    found = Book(stating("01-15", fund("F1"), WHEN_APPLIED, guaranteed()))
    found.publish("guaranteed-offerings", offering("JAN", "2021-01-04", "2021-01-29", still(3, "2024-01-31")))
    found.deposit(deposit("d", "2021-01-04", "1000.00", allocation=shares(F1="40", FA2="10", GAA_3="50")))
    found.close_through("2021-01-04", "2021-01-15", flat("4"))
    return found


def notice_of(book: Book) -> OutputRecord:
    return next(record for record in book.service.written if record.topic == "notices")


def explained(book: Book, folder: Path) -> str:
    file = folder / "notice.json"
    file.write_bytes(notice_of(book).value or b"")
    return text(outcome_in(file))


def test_ntc_1_a_notice_written_out(book: Book, tmp_path: Path) -> None:
    """11 days at 2%: 100 × 1.02^(11/365) = 100.06."""
    assert explained(book, tmp_path) == STATEMENT


STATEMENT = """\
NOTICE C1|P1|2: annual statement
contract C1, participant P1, outcome number 2
2021-01-15, decided 2021-01-15 16:00:00-05:00

Details
  statement_date: 2021-01-15

Account pretax
  F1 (fund): 40.000000 units × 10.000000 = 400.00 dollars
  FA2 (fixed account 2), at the rate declared from 2021-01-04: 100.000000 units × 1.000596969623 = 100.06 dollars
  GAA lot GAA-1, term of 3 years, matures 2024-01-31: 500.000000 units × 1.000000000000 = 500.00 dollars
  value 1000.06

In all, as of 2021-01-15
  F1: 40.000000 units, one worth 10.000000: 400.00 dollars
  FA2: 100.06 dollars
  GAA: 500.00 dollars
  value 1000.06

Rules
  NTC-1: E-FA2 §9, Notice of the Owner (house decision on the day of the year)
  MAT-6: GAA, Maturity of a Guaranteed Term (house decision on the order of a day)"""


def test_inc_4_annuity_units_written_out(tmp_path: Path) -> None:
    book = Book(stating("04-28", fund("F1"), fund("F2"), effective_from="2021-04-26", income={"variable": VARIABLE}))
    book.deposit(deposit("put", "2021-04-26", "10000.00", allocation=shares(F1="100")))
    order = {"payments": "variable", "funds": shares(F1="60", F2="40"), "first_payment": "2021-05-28"}
    for day in ("2021-04-26", "2021-04-27"):
        closed(book, day)
    book.instruct(election("elect", "2021-04-28", **order))
    closed(book, "2021-04-28")
    assert "\n  F2: 4.930000 annuity units, one worth 8.000000   (INC-4)\n  value 0.00\n" in explained(book, tmp_path)


def test_ntc_1_a_notice_on_one_line(book: Book) -> None:
    told = "#2 2021-01-15 annual statement: statement_date 2021-01-15, as_of 2021-01-15, value 1000.06"
    assert one_line(notice_of(book)).plain == f"notices          C1|P1 {told}"


def test_ntc_1_what_the_contract_provides() -> None:
    terms = ContractTerms.model_validate(stating("12-31"))
    assert "annual notice of what is held: of 12-31 of every year" in provided(terms)
