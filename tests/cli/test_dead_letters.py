"""Dead letters as they are read, judged, published again and shown; without a broker."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contracts_schema.headers import header
from contracts_schema.redrives import DeadLetterRedriven
from services.runtime.cli.letters import runs
from services.runtime.cli.redrive_marks import Marks
from services.runtime.cli.redrive_orders import Order, judged
from services.runtime.cli.redrives import Redrive
from services.runtime.cli.rereading import REPLACES, reread
from services.runtime.dead_letters import Place, cause_in, place_in, read_dead_letter
from services.runtime.records import InputRecord, OutputRecord
from tests.cli.letters import BAD, GOOD, came, letter, written

NOW = datetime(2021, 1, 5, 9, 30, tzinfo=UTC)
ORIGINAL = Place("deposit-requests", 3, 17)
MARK = DeadLetterRedriven(
    original="deposit-requests/3/17",
    dead_letter="dead-letters/3/5",
    redriven_as="deposit-requests/3/99",
    first="deposit-requests/3/17",
    mended=True,
    forced=False,
    redriven_by="ann",
    redriven_at=NOW,
)


def as_input(record: OutputRecord, offset: int) -> InputRecord:
    return InputRecord(record.topic, record.partition, offset, record.key, record.value, record.headers, 0)


def redrive(of: InputRecord, value: bytes | None = GOOD, first: Place | None = None) -> Redrive:
    return Redrive(letter(of), value, "ann", NOW, first)


@pytest.mark.parametrize("text", ["", "a", "a/1", "a/1/2/3", "/1/2", "a/-1/2", "a/1/x", "a/1/٣", "a//2", "a/1/ 2"])
def test_what_is_no_place(text: str) -> None:
    assert place_in(text) is None


def test_a_place_is_read_as_it_is_written() -> None:
    assert place_in("dead-letters/11/1234567") == Place("dead-letters", 11, 1_234_567)
    assert str(Place("dead-letters", 11, 1_234_567)) == "dead-letters/11/1234567"


def test_a_dead_letter_is_read_as_it_was_written() -> None:
    read = letter(came(BAD))
    assert (read.place, read.original) == (Place("dead-letters", 3, 5), ORIGINAL)
    assert (read.key, read.value, read.cause.sent) == (b"C1|P1", BAD, (("mine", b"1"),))
    assert (read.cause.reason, read.cause.detail) == ("NOT_JSON", "Expecting ',' delimiter")


def test_a_sender_cannot_say_where_a_dead_letter_came_from() -> None:
    false = (("dead-letter-offset", b"1"), ("dead-letter-reason", b"EMPTY"), ("mine", b"1"))
    read = letter(came(BAD, headers=false))
    assert (read.original, read.cause.reason, read.cause.sent) == (ORIGINAL, "NOT_JSON", false)
    last = (("mine", b"1"), ("dead-letter-topic", b"fund-values"))
    read = letter(came(BAD, headers=last))
    assert (read.original, read.cause.sent) == (ORIGINAL, last)


def test_how_many_bytes_there_were_of_one_that_was_cut() -> None:
    cut = (("dead-letter-cut-from", b"9000000"), ("dead-letter-sha256", b"ab"))
    cause = letter(came(b"[", headers=(("mine", b"1"), *cut))).cause
    assert (cause.cut_from, cause.sent) == (9_000_000, (("mine", b"1"),))
    assert letter(came(b"[", headers=cut[:1])).cause.cut_from is None


def test_what_is_no_dead_letter_of_the_service() -> None:
    assert cause_in(()) is None
    assert (
        cause_in((("dead-letter-topic", b"a"), ("dead-letter-partition", b"1"), ("dead-letter-offset", b"2"))) is None
    )
    assert read_dead_letter(came(BAD)) is None
    assert cause_in((*written(came(BAD)).headers[:-1], ("dead-letter-offset", b"\xff"))) is None


def test_a_redriven_record_is_the_original_with_where_it_is_from() -> None:
    record = redrive(came(BAD)).record
    assert (record.topic, record.partition, record.key, record.value) == ("deposit-requests", 3, b"C1|P1", GOOD)
    assert record.headers == (
        ("mine", b"1"),
        ("redriven-from", b"deposit-requests/3/17"),
        ("redriven-dead-letter", b"dead-letters/3/5"),
        ("redriven-first", b"deposit-requests/3/17"),
        ("redriven-by", b"ann"),
        ("redriven-at", b"2021-01-05T09:30:00+00:00"),
    )


def test_the_mark_names_original_dead_letter_and_redrive() -> None:
    marking = redrive(came(BAD)).marking(99)
    assert (marking.topic, marking.partition, marking.key) == ("dead-letters-redriven", 3, b"deposit-requests/3/17")
    assert DeadLetterRedriven.model_validate_json(marking.value or b"") == MARK
    assert header(marking.headers, "ce_id") == b"dead_letter_redriven|deposit-requests/3/17"
    assert header(marking.headers, "ce_time") == b"2021-01-05T09:30:00+00:00"
    assert redrive(came(BAD), BAD).mark(99).mended is False


def test_a_redrive_that_is_a_dead_letter_again_leads_to_its_first() -> None:
    again = as_input(redrive(came(BAD), b"{").record, 99)
    first = Marks(came_of={MARK.redriven_as: MARK}).first_of(Place("deposit-requests", 3, 99))
    assert first == ORIGINAL
    record = redrive(again, GOOD, first).record
    assert record.headers[:3] == (
        ("mine", b"1"),
        ("redriven-from", b"deposit-requests/3/99"),
        ("redriven-dead-letter", b"dead-letters/3/5"),
    )
    assert header(record.headers, "redriven-first") == b"deposit-requests/3/17"
    assert len(record.headers) == 6, "those of the first redrive are replaced"


def test_headers_of_a_redrive_that_never_was_are_the_senders() -> None:
    false = (("redriven-first", b"deposit-requests/0/0"),)
    assert Marks().first_of(ORIGINAL) is None
    record = redrive(came(BAD, headers=false)).record
    assert record.headers[:2] == (*false, ("redriven-from", b"deposit-requests/3/17"))
    assert record.headers[3] == ("redriven-first", b"deposit-requests/3/17")


def test_what_can_be_read_now() -> None:
    assert reread(ORIGINAL, GOOD, NOW).unreadable is None
    assert reread(ORIGINAL, GOOD, NOW).remark is None
    still = reread(ORIGINAL, BAD, NOW).unreadable
    assert still is not None
    assert still.startswith("NOT_JSON: ")
    assert reread(ORIGINAL, None, NOW).unreadable == "EMPTY: the record has no value"
    assert reread(Place("confirmations", 0, 1), GOOD, NOW).unreadable == "no service reads confirmations"


def test_what_can_be_read_and_would_be_rejected_is_told() -> None:
    free = GOOD.replace(b'"100.00"', b'"-1.00"')
    assert reread(ORIGINAL, free, NOW).remark == (
        "it can be read, and would be rejected: AMOUNT_NOT_POSITIVE in amount"
    )


def test_reference_data_is_read_as_reference_reads_it() -> None:
    where = Place("fund-values", 0, 4)
    value = b'{"fund": "F1", "charge_class": "A", "valuation_date": "2021-01-04", "unit_value": "10.000000"}'
    assert reread(where, value, NOW).remark == REPLACES
    unreadable = reread(where, b"{bad", NOW).unreadable
    assert unreadable is not None
    assert unreadable.startswith("MALFORMED: ")


def test_a_dead_letter_may_be_redriven_mended_or_if_it_can_be_read_now() -> None:
    written_again, told = judged(letter(came(BAD)), Marks(), Order("ann", GOOD), NOW)
    assert written_again == redrive(came(BAD))
    assert (told.refused, told.remark) == (None, None)
    as_it_was, _ = judged(letter(came(GOOD)), Marks(), Order("ann"), NOW)
    assert as_it_was is not None
    assert (as_it_was.value, as_it_was.mark(99).mended, as_it_was.forced) == (GOOD, False, False)


def test_what_still_cannot_be_read_is_refused_unless_it_is_forced() -> None:
    nothing, told = judged(letter(came(BAD)), Marks(), Order("ann"), NOW)
    assert nothing is None
    assert told.refused is not None
    assert told.refused.startswith("it still could not be read: NOT_JSON: ")
    forced, told = judged(letter(came(BAD)), Marks(), Order("ann", force=True), NOW)
    assert forced is not None
    assert forced.mark(99).forced is True
    assert told.refused is None


def test_what_was_redriven_is_refused_with_who_and_when_even_if_it_is_forced() -> None:
    marks = Marks(redriven={MARK.original: MARK})
    for order in (Order("bob"), Order("bob", GOOD, force=True)):
        nothing, told = judged(letter(came(BAD)), marks, order, NOW)
        assert nothing is None
        assert told.refused == "it was redriven by ann at 2021-01-05 09:30:00Z as deposit-requests/3/99"


def test_what_was_cut_goes_with_other_bytes_only() -> None:
    whole = letter(came(GOOD))
    cut = replace(whole, cause=replace(whole.cause, cut_from=70_000))
    nothing, told = judged(cut, Marks(), Order("ann", force=True), NOW)
    assert nothing is None
    assert told.refused == "only the first of its 70000 bytes were kept: give the right ones with --value"
    assert judged(cut, Marks(), Order("ann", GOOD), NOW)[0] is not None


def test_what_a_service_wrote_goes_as_it_was_or_not_at_all() -> None:
    total = InputRecord("contract-totals", 0, 3, None, b"{", (), 0)
    nothing, told = judged(letter(total), Marks(), Order("ann", b"{}", force=True), NOW)
    assert nothing is None
    assert told.refused == "contract-totals is written by ledger only: not with other bytes"
    assert judged(letter(total), Marks(), Order("ann", force=True), NOW)[0] is not None


def test_offsets_that_lie_near_one_another_are_read_in_one_go() -> None:
    assert runs([5000, 1, 3, 1003]) == [[1, 3, 1003], [5000]]
    assert runs([]) == []
