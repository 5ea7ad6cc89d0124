"""What comes of a maturity, which answers no request: written out, as one line, and in a participant's books."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from contracts_schema.values import changed
from services.domain.folding import market_of
from services.domain.market import Market
from services.domain.state import Participant
from services.runtime.cli.explaining import text
from services.runtime.cli.finding import answers_in
from services.runtime.cli.lines import record_line
from services.runtime.cli.one_line import one_line
from services.runtime.cli.participant_view import participant_view
from services.runtime.cli.reading_outcomes import outcome_of
from services.runtime.records import InputRecord, OutputRecord
from tests.cli.running import annuity_ledger
from tests.domain.books import LOGS, Book
from tests.domain.maturities import (
    THURSDAY,
    WEDNESDAY,
    close,
    close_through,
    contract,
    electing,
    evening,
    into,
    maturing,
)


@pytest.fixture(scope="module")
def book() -> Book:
    """Told of on 22 January, matured on 10 February, reinvested on the 11th."""
    found = maturing()
    close_through(found, WEDNESDAY, THURSDAY)
    return found


def record_of(book: Book, kind: str) -> OutputRecord:
    return next(record for record in book.service.written if f'"kind":"{kind}"'.encode() in (record.value or b""))


def explained(book: Book, kind: str) -> str:
    return text(outcome_of(record_of(book, kind)))  # type: ignore[arg-type]  # a confirmation or a notice


def test_mat_3_a_reinvestment_written_out(book: Book) -> None:
    assert explained(book, "reinvested") == REINVESTED


REINVESTED = """\
CONFIRMATION C1|P1|4: reinvested, answers no request
contract C1, participant P1, outcome number 4
account pretax, trade date 2021-02-11, decided 2021-02-11 16:00:00-05:00

Details
  matured_lot: GAA-1
  matured_term: 3
  maturity: 2021-02-10
  new_lot: GAA-2
  new_term: 3
  new_maturity: 2024-03-17
  new_rates: 0.1 through 2024-03-17
  deposit_period: 2021-02-01 to 2021-02-26
  free_of_adjustment: the first request, through the last business day of 2021-03

Positions
  GAA lot GAA-1: term of 3 years, matures 2021-02-10
    -1000.000000 units × 1.000000000000 (index of 2021-02-10) = -1000.00 dollars
    before 1000.000000 units, value 1000.00
    after  0.000000 units, value 0.00
  GAA lot GAA-2: term of 3 years, matures 2024-03-17
    1000.000000 units × 1.000000000000 (index of 2021-02-10) = 1000.00 dollars
    before 0 units, value 0.00
    after  1000.000000 units, value 1000.00

Result
  value taken 1000.00
  debits 1000.00 = credits 1000.00   (GEN-7)

Rules
  MAT-3: GAA, Maturity of a Guaranteed Term (no instructions)
  MAT-4: GAA, Maturity Value Transfer Provision
  NTC-3: GAA, Maturity of a Guaranteed Term (confirmation statement)
  MAT-6: GAA, Maturity of a Guaranteed Term (house decision on the order of a day)
  GAA-2: GAA, Guaranteed Interest Rates (from deposit to the last day)
  MVA-8: GAA, Maturity of a Guaranteed Term; Market Value Adjustment (systematic distribution)
  TRF-3: GAA, Transfers (at maturity and under the maturity value transfer provision); E-FA2 §8, without charge
  DEP-5: GAA, Contributions to GAA; Deposit Period
  GAA-1: GAA, Deposit Period; Guaranteed Interest Rates
  GEN-7: E-FA2 §7, Individual Account Reserve"""


def test_mat_1_a_notice_written_out(book: Book) -> None:
    found = explained(book, "maturity_approaching")
    assert found.startswith("NOTICE C1|P1|3: maturity approaching\n")
    assert "\n  projected_value: 1000.00\n" in found
    assert "\n  upcoming_term_3: matures 2024-03-17, 0.1 through 2024-03-17\n" in found
    assert "\n  NTC-2: GAA, Notification of Maturity" in found


@pytest.mark.parametrize("kind", ["reinvested", "maturity_approaching"])
def test_from_a_file(book: Book, tmp_path: Path, kind: str) -> None:
    record = record_of(book, kind)
    for content in (record.value or b"", record_line(record)):
        file = tmp_path / "outcome.json"
        file.write_bytes(content)
        done = annuity_ledger("explain", "--file", file)
        assert (done.code, done.out) == (0, explained(book, kind) + "\n"), done.err


@pytest.mark.parametrize(("name", "kind"), [("C1|P1|4", "reinvested"), ("C1|P1|3", "maturity_approaching")])
def test_found_by_its_own_id(book: Book, name: str, kind: str) -> None:
    topics = ("confirmations", "rejections", "notices", "acknowledgements")
    records = [InputRecord(r.topic, 0, 0, r.key, r.value, (), 0) for r in book.service.written if r.topic in topics]
    assert [outcome.kind for outcome in answers_in(records, name).shown] == [kind]


def test_one_line_each(book: Book) -> None:
    told = [one_line(record).plain for record in book.service.written if record.topic not in LOGS]
    (reinvested,) = (line for line in told if "reinvested" in line)
    assert reinvested.startswith(
        "confirmations    C1|P1 #4 2021-02-11 unasked: reinvested: GAA/3 -1000.00, GAA/3 +1000.00 matured_lot GAA-1 "
    )
    (approaching,) = (line for line in told if line.startswith("notices"))
    assert approaching.startswith("notices          C1|P1 #3 2021-01-22 maturity approaching: lot GAA-1, option GAA, ")


def test_mat_2_an_election_and_what_came_of_it_in_one_line_each() -> None:
    book = maturing()
    book.instruct(electing("e1", WEDNESDAY, withdraw=True))
    close(book, WEDNESDAY)
    elected, paid = (
        one_line(record).plain
        for record in book.service.written
        if record.topic == "confirmations"
        if b"maturity_" in (record.value or b"")
    )
    assert elected.endswith(" e1: maturity elected lot GAA-1 maturity 2021-02-10 withdrawn all")
    assert paid.endswith(" unasked: maturity payment paid 1000.00: GAA/3 -1000.00")


def books(book: Book) -> tuple[Market, Participant]:
    found = book.participant()
    assert found is not None
    return market_of(book.service.ledger_partition.tables["market"].items()), found


def row(market: Market, participant: Participant) -> str:
    """The line of the one lot, words apart by one space."""
    out = io.StringIO()
    Console(file=out, width=240, markup=False).print(participant_view(market, participant))
    lines = (" ".join(line.replace("│", " ").split()) for line in out.getvalue().splitlines())
    return next(line for line in lines if "GAA-" in line)


def test_mat_4_the_books_say_what_may_still_go_free(book: Book) -> None:
    market, participant = books(book)
    assert row(market, participant).endswith(
        "2024-03-17 after 2021-05-27 reinvested 1000.00, its first request is free (MAT-4)"
    )
    later = Market(head=changed(market.head, frozen=market.head.frozen and market.head.frozen.replace(month=4)))
    assert row(later, participant).endswith("after 2021-05-27")


def test_mat_2_the_books_say_what_is_elected_and_what_became_of_it() -> None:
    book = maturing(terms=contract(at_maturity="stays"))
    book.instruct(electing("e1", WEDNESDAY, **into(F1="60", GAA_10="40")))
    assert row(*books(book)).endswith("elected F1 60%, GAA/10 40% (e1)")
    close(book, WEDNESDAY)
    assert row(*books(book)).endswith("undecided; elected F1 60%, GAA/10 40% (e1)")
    book.instruct(electing("e2", evening(WEDNESDAY), withdraw=True))
    assert row(*books(book)).endswith("undecided; elected payment (e2)")
    stays = maturing(terms=contract(at_maturity="stays"))
    close(stays, WEDNESDAY)
    assert row(*books(stays)).endswith("matured, stays")
