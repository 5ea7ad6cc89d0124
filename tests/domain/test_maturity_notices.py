"""MAT-1, NTC-2: the notice that a guaranteed term will mature, on the last business day that keeps the 18 days."""

import json
from itertools import pairwise

import pytest

from contracts_schema.entries import OfferingEntry, read_entry
from contracts_schema.reference import GuaranteedOffering
from services.domain.folding import with_offering
from services.domain.market import Market
from tests.domain.books import Book, Json, guaranteed_term, offering, only, withdrawal
from tests.domain.gaa import still
from tests.domain.lives import Ledger
from tests.domain.maturities import (
    FEBRUARY,
    THURSDAY,
    WEDNESDAY,
    close,
    close_through,
    contract,
    maturing,
)


def approaching(book: Book) -> list[Json]:
    found = [outcome.message for outcome in book.outcomes if outcome.topic == "notices"]
    return [message for message in found if message["kind"] == "maturity_approaching"]


@pytest.mark.parametrize(
    ("maturity", "sent"),
    [
        ("2021-02-10", "2021-01-22"),  # 18 days before is Saturday the 23rd
        ("2021-02-09", "2021-01-22"),  # Friday the 22nd itself
        ("2021-02-08", "2021-01-21"),
        ("2021-02-05", "2021-01-15"),  # 18 days before is Monday the 18th, Martin Luther King Day
        ("2021-02-06", "2021-01-19"),  # a Saturday matures, and is told of on the Tuesday after that day
        ("2021-01-24", "2021-01-06"),
        ("2021-01-22", "2021-01-05"),  # deposited 17 days before: at the close that brings the deposit
    ],
)
def test_mat_1_on_the_last_business_day_that_keeps_18_days(maturity: str, sent: str) -> None:
    book = maturing(maturity)
    (notice,) = approaching(book)
    assert (notice["date"], notice["decided_at"]) == (sent, f"{sent}T16:00:00-05:00")


def test_mat_1_and_ntc_2_what_the_notice_tells() -> None:
    """The period of 10 February, the value then, and what is on offer on 22 January; nothing was moved by it."""
    january = offering("JAN-2", "2021-01-11", "2021-01-29", still(2, "2023-01-31", "0.03"))
    steps = guaranteed_term(3, ("0.05", "2022-03-17"), ("0.0475", "2024-03-17"))
    book = maturing(WEDNESDAY, january, offering("FEB", "2021-02-01", "2021-02-26", steps))
    (notice,) = approaching(book)
    assert (notice["account"], notice["rules"], notice["sequence"]) == ("pretax", ["MAT-1", "NTC-2"], 3)
    assert notice["details"] == {
        "lot": "GAA-1",
        "option": "GAA",
        "term": "3",
        "deposited": "2021-01-05",
        "maturity": WEDNESDAY,
        "projected_value": "1000.00",
        "upcoming_deposit_period": "2021-02-01 to 2021-02-26",
        "upcoming_term_3": "matures 2024-03-17, 0.05 through 2022-03-17, 0.0475 through 2024-03-17",
        "current_deposit_period": "2021-01-11 to 2021-01-29",
        "current_term_2": "matures 2023-01-31, 0.03 through 2023-01-31",
    }


def test_mat_1_the_projected_value_is_that_of_the_maturity() -> None:
    """36 days at 10% from 5 January: 1,000 × 1.1^(36/365) = 1,009.44."""
    book = Book(contract())
    book.publish("guaranteed-offerings", offering("JAN", "2021-01-04", "2021-01-08", still(1, WEDNESDAY, "0.1")))
    share = [{"option": "GAA", "term": 1, "percent": "100"}]
    deposit = {"account": "pretax", "amount": "1000.00", "source": "rollover", "allocation": share}
    received = {"received_at": "2021-01-05T10:00:00-05:00", "submitted_by": "acme"}
    book.deposit({"request_id": "d", "contract_id": "C1", "participant_id": "P1", **received, **deposit})
    close_through(book, "2021-01-04", "2021-01-22")
    assert approaching(book)[0]["details"]["projected_value"] == "1009.44"


def test_mat_1_a_period_that_is_not_announced_yet_is_not_told_of_whenever_the_day_is_settled() -> None:
    """The offering of February reaches the log after 22 January has closed: a ledger that settles that day late knows
    it by then, and tells what one that settles at once did.
    """
    book = maturing(
        WEDNESDAY, offering("MAR", "2021-03-01", "2021-03-31", still(3, "2024-03-31")), through="2021-01-22"
    )
    book.publish("guaranteed-offerings", FEBRUARY)
    close_through(book, "2021-01-25", THURSDAY)
    (notice,) = approaching(book)
    assert notice["details"]["upcoming_deposit_period"] == "not announced yet"
    assert notice["details"]["current_deposit_period"] == "none is open"
    late = Ledger()
    for record in book.log:
        late.fold(record)
    late.settle()
    told = [json.loads(record.value or b"") for record in late.written if record.topic == "notices"]
    assert [message["details"] for message in told] == [notice["details"]]
    assert book.lots()[0].offering == "FEB"  # but reinvested it is where an offering is there by then


def test_an_offering_logged_twice_was_known_since_the_first_time() -> None:
    book = maturing(through="2021-01-05")
    days = [record for record in book.log if (record.key or b"") == b"day_closed"]
    ledger = Ledger()
    for record in book.log:
        ledger.fold(record)
    market = ledger.logic._market
    assert market.head.last_closed is not None
    again, rows = with_offering(market, OfferingEntry(offering=GuaranteedOffering.model_validate(FEBRUARY)))
    assert (again, rows, len(days)) == (market, (), 2)
    assert market.offerings_known("G", market.head.last_closed)
    assert Market().offerings_known("G", market.head.last_closed) == []
    assert all(read_entry(record.value or b"") for record in days)


def test_mat_1_a_notice_is_sent_once_for_each_lot_and_for_its_successor() -> None:
    """Reinvested on 10 February until 15 March: told on 25 February, 18 days before that."""
    short = offering("FEB", "2021-02-01", "2021-02-26", still(3, "2021-03-15"))
    book = maturing(WEDNESDAY, short)
    close_through(book, WEDNESDAY, "2021-03-15")
    found = approaching(book)
    assert [(notice["details"]["lot"], notice["date"]) for notice in found] == [
        ("GAA-1", "2021-01-22"),
        ("GAA-2", "2021-02-25"),
    ]
    numbers = sorted(o.message["sequence"] for o in book.outcomes if "sequence" in o.message)
    assert all(after - before == 1 for before, after in pairwise(numbers))


@pytest.mark.parametrize(("days", "sent"), [(0, []), (5, ["2021-02-05"]), (30, ["2021-01-11"]), (200, ["2021-01-05"])])
def test_mat_1_the_days_are_a_term_of_the_contract(days: int, sent: list[str]) -> None:
    book = maturing(terms=contract(maturity_notice_days=days))
    assert [notice["date"] for notice in approaching(book)] == sent


@pytest.mark.parametrize(("days", "sent"), [(0, []), (5, ["2021-02-05"]), (60, ["2021-01-19"])])
def test_gen_6_the_days_of_a_new_version_reach_what_is_still_to_be_told(days: int, sent: list[str]) -> None:
    """In force from 19 January, before the 18 days are up; of 60 there are no 60 left, so it is told at once."""
    book = maturing(through="2021-01-05")
    later = contract(maturity_notice_days=days) | {"version": 2, "effective_from": "2021-01-19"}
    book.publish("contract-terms", later)
    close_through(book, "2021-01-06", WEDNESDAY)
    assert [notice["date"] for notice in approaching(book)] == sent


def test_mat_1_nothing_is_told_of_what_is_gone() -> None:
    book = maturing(through="2021-01-15")
    book.withdraw(withdrawal("w", "2021-01-19", full=True))
    close_through(book, "2021-01-19", WEDNESDAY)
    assert approaching(book) == []


def test_mat_1_the_notice_comes_after_the_requests_of_its_day() -> None:
    book = maturing(through="2021-01-21")
    book.withdraw(withdrawal("w", "2021-01-22", amount="400.00", amount_type="gross"))
    paid, notice = close(book, "2021-01-22")
    assert (paid.message["gross"], notice.message["details"]["projected_value"]) == ("400.00", "600.00")


def test_mat_6_no_notice_is_due_any_more_once_a_term_has_matured() -> None:
    """Deposited on 5 January, it matured on Saturday, 9 January: told on the 5th, reinvested or not on the 11th."""
    book = maturing("2021-01-09", FEBRUARY, through="2021-01-08")
    assert [notice["date"] for notice in approaching(book)] == ["2021-01-05"]
    assert only(close(book, "2021-01-11")).message["kind"] == "matured_value_stays"
    assert book.lots()[0].notice_from is None
