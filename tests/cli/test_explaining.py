"""Outcomes written out, and as one line."""

from pathlib import Path

import pytest

from services.runtime.cli.explaining import text
from services.runtime.cli.finding import answers_in
from services.runtime.cli.lines import record_line
from services.runtime.cli.one_line import one_line
from services.runtime.cli.reading_outcomes import Outcome, outcome_of
from services.runtime.records import InputRecord, OutputRecord
from tests.cli.running import annuity_ledger
from tests.cli.scenario import folded
from tests.domain.books import LOGS


@pytest.fixture(scope="module")
def written() -> list[OutputRecord]:
    return folded().written


def record_of(written: list[OutputRecord], topic: str, request_id: str) -> OutputRecord:
    return next(r for r in written if r.topic == topic and f'"request_id":"{request_id}"'.encode() in (r.value or b""))


def explained(written: list[OutputRecord], topic: str, request_id: str) -> str:
    outcome: Outcome | None = outcome_of(record_of(written, topic, request_id))
    assert outcome is not None
    return text(outcome)  # type: ignore[arg-type]  # neither an alarm nor a close


def test_a_withdrawal_as_an_actuary_writes_it(written: list[OutputRecord]) -> None:
    assert explained(written, "confirmations", "ann-w1") == WITHDRAWAL


WITHDRAWAL = """\
CONFIRMATION C1|ann|4: withdrawal, request ann-w1
contract C1, participant ann, outcome number 4
account pretax, submitted by acme, trade date 2021-01-27, decided 2021-01-27 16:00:00-05:00

Details
  reason: in_service

Positions
  GAA lot GAA-1: term of 3 years, matures 2023-08-12
    -2096.462324 units × 1.001248615661 (index of 2021-01-27) = -2099.08 dollars
    before 2500.000000 units, value 2503.12
    after  403.537676 units, value 404.04

Market value adjustment, Method Two
  lot GAA-1 of GAA: 3 years, deposited 2021-01-04, matures 2023-08-12
    x = days from Wednesday 2021-01-27 to 2023-08-12 = 927   (MVA-3)
    i, the deposit period yield, is the mean of   (MVA-2, MVA-4)
      2021-01-08  0.04   CMT, published that day: 3y 4.0%
      2021-01-15  0.04   CMT, published that day: 3y 4.0%
      i = 0.04
    j, the current yield, is the mean of   (MVA-2, MVA-4)
      2021-01-22  0.06   CMT, published that day: 1y 6.0%, 3y 6.0%, at 2.539726y
      j = 0.06
    factor = ((1 + i)/(1 + j)) ^ (x/365)   (MVA-2)
           = ((1 + 0.04)/(1 + 0.06)) ^ (927/365)
           = 0.9527743361050396 unrounded
    factor 0.9528   (MVA-5: rounded to 4 places before use)
    amount withdrawn 2099.08, value taken before the adjustment
    2099.08 × 0.9528 pays 2000.00
    adjustment -99.08
  aggregate MVA = -99.08   (MVA-6)

Result
  value taken 2099.08
  market value adjustment -99.08
  paid 2000.00
  debits 2099.08 = credits 2099.08   (GEN-7)

Rules
  GEN-2: E-FA2 §8, Valuation Period following receipt in good order
  WDL-1: GAA, Withdrawals (pro rata from funding options)
  WDL-3: GAA, Withdrawals; Appendix I (specific dollar amount)
  GAA-2: GAA, Guaranteed Interest Rates (from deposit to the last day)
  WDL-2: GAA, Withdrawals and Transfers from GAA (order)
  MVA-2: GAA, MVA Formulas (Method Two); Deposit Period Yield; Current Yield
  MVA-3: GAA, MVA Formulas (x from the Wednesday of the week)
  MVA-4: GAA, Deposit Period Yield (house decision on holidays and interpolation)
  MVA-5: GAA Appendix I
  MVA-6: GAA, Calculation of the Aggregate MVA
  WDL-14: GAA, Contract Charges; Appendix I (house decision on the order)
  GEN-7: E-FA2 §7, Individual Account Reserve"""


def test_a_deposit(written: list[OutputRecord]) -> None:
    found = explained(written, "confirmations", "bob-d1")
    assert "Received\n  10000.00\n" in found
    assert "  F1 (fund)\n    500.000000 units × 10.000000 (index of 2021-01-04) = 5000.00 dollars\n" in found
    assert "debits 10000.00 = credits 10000.00   (GEN-7)" in found


def test_a_transfer(written: list[OutputRecord]) -> None:
    found = explained(written, "confirmations", "bob-t1")
    assert "-1.000000 units × 10.000000 (index of 2021-01-27) = -10.00 dollars" in found
    assert "free transfers left this year 11" in found


def test_a_rejection_with_numbers_clauses_and_the_next_possible_date(written: list[OutputRecord]) -> None:
    found = explained(written, "rejections", "cem-t1")
    assert found.startswith("REJECTION C1|cem|3: request cem-t1 (transfer-requests); nothing moved\n")
    assert "1. LOCKED_IN in from[0]: a guaranteed term may not be left in its deposit period" in found
    assert "     locked in 2503.12\n" in found
    assert "     GAA-4: GAA, Transfers (deposit period and 90 days after)\n" in found
    assert "The request as made would succeed from 2021-04-16 on." in found


def test_what_waits(written: list[OutputRecord]) -> None:
    found = explained(written, "acknowledgements", "dee-w1")
    assert found.startswith("ACKNOWLEDGEMENT: request dee-w1 (withdrawal-requests) waits for the close of 2021-02-10\n")


@pytest.mark.parametrize("request_id", ["ann-w1", "cem-t1"])
def test_an_outcome_in_a_file(written: list[OutputRecord], tmp_path: Path, request_id: str) -> None:
    topic = "rejections" if request_id == "cem-t1" else "confirmations"
    record = record_of(written, topic, request_id)
    for content in (record.value or b"", record_line(record)):
        file = tmp_path / "outcome.json"
        file.write_bytes(content)
        done = annuity_ledger("explain", "--file", file)
        assert done.code == 0, done.err
        assert done.out == explained(written, topic, request_id) + "\n"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"kind":"rejection"}', "\x00"])
def test_a_file_that_holds_no_outcome(tmp_path: Path, content: str) -> None:
    file = tmp_path / "outcome.json"
    file.write_text(content)
    done = annuity_ledger("explain", "--file", file)
    assert done.code == 1
    assert str(file) in done.err
    assert done.err.count("\n") == 1


def test_final_answers_go_before_acknowledgements_and_repeats_are_counted(written: list[OutputRecord]) -> None:
    kinds = (("acknowledgements", ()), ("confirmations", ()), ("confirmations", (("repeat", b"true"),)))
    records = [
        InputRecord(topic, 0, 0, b"C1|ann", record_of(written, topic, "ann-w1").value, headers, 0)
        for topic, headers in kinds
    ]
    found = answers_in(records, "ann-w1")
    assert [answer.outcome_id for answer in found.shown] == ["C1|ann|4"]
    assert found.repeats == 1
    assert [answer.kind for answer in answers_in(records[:1], "ann-w1").shown] == ["acknowledgement"]
    assert answers_in(records, "other").shown == ()


def test_one_line_each(written: list[OutputRecord]) -> None:
    told = [one_line(record).plain for record in written if record.topic not in LOGS]
    assert told.count("acknowledgements C1|ann ann-w1: waits for the close of 2021-01-27") == 1
    assert "confirmations    C1|ann #4 2021-01-27 ann-w1: withdrawal paid 2000.00 (MVA -99.08): GAA/3 -2099.08" in told
    assert "confirmations    C1|bob #3 2021-01-27 bob-t1: transfer: F1 -10.00, FA2 +10.00" in told
    assert (
        "rejections       C1|cem #3 2021-01-27 cem-t1: LOCKED_IN in from[0] (GAA-4); possible from 2021-04-16" in told
    )
    assert "dead-letters     C1|dee NOT_JSON deposit-requests/0/7: '{broken'" in told
    assert "day-closes       partition 0: 2021-01-04 closed, 6 participants settled" in told
    assert any(line.startswith("alarms           NOT_A_BUSINESS_DAY fund-values offset 10: ") for line in told)
    assert any("#2 2021-01-04 bob-d1: deposit of 10000.00: F1 +5000.00, FA2 +2500.00, GAA/3" in line for line in told)


def test_a_repeat_says_so(written: list[OutputRecord]) -> None:
    first = record_of(written, "confirmations", "bob-t1")
    again = OutputRecord(first.topic, 0, first.key, first.value, (*first.headers, ("repeat", b"true")))
    assert one_line(again).plain == one_line(first).plain + " [repeat]"
