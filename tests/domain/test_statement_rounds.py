"""NTC-1 in the background: everybody is visited once a close brings notices, in slices, and after a crash again."""

import json
from datetime import date

import pytest

from services.ledger.logic import LedgerLogic
from services.runtime.records import OutputRecord
from tests.domain.books import Book, Json, business_days, declared, one_year_minimum
from tests.domain.books_statements import holding, put, stating
from tests.domain.lives import Ledger, by_participant
from tests.domain.test_statement_dates import version

PEOPLE = ("P1", "P2", "P3")


@pytest.fixture
def book() -> Book:
    """Three people of a contract that is given the statement date 15 January later; P3 puts 70.00 in on the 19th."""
    found = holding(version(1, "2021-01-01", None))
    for person in PEOPLE[1:]:
        put(found, "2021-01-04", person)
    found.close_through("2021-01-04", "2021-01-11")
    found.publish("contract-terms", version(2, "2021-01-13", "01-15"))
    found.close_through("2021-01-12", "2021-01-15")
    put(found, "2021-01-19", "P3", "70.00")
    found.close_through("2021-01-19", "2021-01-20")
    return found


def restarted(ledger: Ledger) -> None:
    """A new life of the partition, from what was committed."""
    for table in ledger.partition.tables.values():
        table.commit()
        for key, row in list(table.items()):
            table.restore(key.encode(), table.spec.encode(row))
    ledger.logic = LedgerLogic(ledger.partition)
    ledger.logic.restored()


def messages(records: list[OutputRecord], topic: str) -> list[Json]:
    return [json.loads(record.value or b"") for record in records if record.topic == topic]


def notices(records: list[OutputRecord]) -> list[tuple[str, str]]:
    """(participant, value) of every notice."""
    return [(each["participant_id"], each["statement"]["value"]) for each in messages(records, "notices")]


def fold_through(ledger: Ledger, book: Book, day: str) -> list[OutputRecord]:
    """Fold the log through a day's close; what follows it is returned."""
    log = book.log
    last = max(at for at, record in enumerate(log) if f'"date":"{day}"'.encode() in (record.value or b""))
    for record in log[: last + 1]:
        ledger.fold(record)
    return log[last + 1 :]


def test_ntc_1_a_slice_after_another_and_the_close_is_complete_after_the_last(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger()
    rest = fold_through(ledger, book, "2021-01-14")
    ledger.settle()
    ledger.written.clear()
    ledger.fold(next(record for record in rest if b'"date":"2021-01-15"' in (record.value or b"")))
    monkeypatch.setattr("services.ledger.logic.SLICE_SECONDS", -1.0)
    seen = []
    while ledger.logic.has_work():
        assert ledger.logic.note()["to_settle"] == 1
        ledger.written += ledger.logic.background(None)
        seen.append((notices(ledger.written), [each["date"] for each in messages(ledger.written, "day-closes")]))
    told = [(person, "600.00") for person in PEOPLE]
    assert seen == [
        (told[:1], []),
        (told[:2], []),
        (told[:3], []),
        (told[:3], ["2021-01-15"]),
    ]
    assert messages(ledger.written, "day-closes")[0]["settled"] == 3
    assert ledger.logic.note()["to_settle"] == 0


@pytest.mark.parametrize("slices", [0, 1, 2, 3, 4])
def test_ntc_1_a_new_life_goes_on_with_the_round(book: Book, monkeypatch: pytest.MonkeyPatch, slices: int) -> None:
    ledger = Ledger()
    rest = fold_through(ledger, book, "2021-01-15")
    with monkeypatch.context() as patch:
        patch.setattr("services.ledger.logic.SLICE_SECONDS", -1.0)
        for _ in range(slices):
            ledger.written += ledger.logic.background(None)
    restarted(ledger)
    ledger.settle()
    for record in rest:
        ledger.fold(record)
    ledger.settle()
    assert by_participant(ledger.written) == by_participant(book.service.written)
    assert sorted(notices(ledger.written)) == [(person, "600.00") for person in PEOPLE]


def test_ntc_1_who_is_touched_first_is_told_first_of_the_statement_dates_own_values(book: Book) -> None:
    """Nothing is settled until two closes after: P3's 70.00 of the 19th come after the notice of 600.00."""
    ledger = Ledger()
    for record in book.log:
        ledger.fold(record)
    assert notices(ledger.written) == [("P3", "600.00")]
    ledger.settle()
    assert by_participant(ledger.written) == by_participant(book.service.written)


def test_ntc_1_two_years_notices_at_once_after_a_long_time() -> None:
    """15 January 2022 is a Saturday. The rows say so too: a market restored from them knows both closes."""
    book = holding(stating())
    book.close_through("2021-01-04", "2022-01-18")
    ledger = Ledger()
    for record in book.log:
        ledger.fold(record)
    assert ledger.logic.note()["to_settle"] == 3
    restarted(ledger)
    ledger.settle()
    assert [each["statement"]["as_of"] for each in messages(ledger.written, "notices")] == ["2021-01-15", "2022-01-14"]
    assert by_participant(ledger.written) == by_participant(book.service.written)
    closes = ledger.logic._market.statements["C1"]
    assert [(close.day, close.dated) for close in closes] == [
        (date(2021, 1, 15), date(2021, 1, 15)),
        (date(2022, 1, 14), date(2022, 1, 15)),
    ]
    assert len(messages(ledger.written, "day-closes")) == len([*business_days("2021-01-04", "2022-01-18")])


def test_ntc_1_other_contracts_participants_are_not_visited() -> None:
    """C10 begins as C1 does; its date is the 19th."""
    book = holding(stating())
    other = stating("01-19") | {"contract_id": "C10"}
    book.publish("contract-terms", other)
    book.publish("credited-rates", declared("0.02", contract_id="C10"))
    book.publish("credited-rates", one_year_minimum("0.01", contract_id="C10"))
    put(book, "2021-01-04", "P9", contract_id="C10")
    outcomes = book.close_through("2021-01-04", "2021-01-20")
    told = [(o.key, o.message["statement"]["as_of"]) for o in outcomes if o.topic == "notices"]
    assert told == [("C1|P1", "2021-01-15"), ("C10|P9", "2021-01-19")]
    assert [
        each for each, _ in book.service.ledger_partition.tables["market"].items() if each.startswith("round|")
    ] == []
