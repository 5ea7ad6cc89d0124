"""The checks on evidence that is whole, and on the same with one thing spoilt."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from contracts_schema.topics import OUTCOME_TOPICS, REQUEST_TOPICS
from services.runtime.cli.replaying import InProcess
from services.runtime.records import InputRecord
from tests.chaos import checking
from tests.chaos.evidence import Book, Evidence, replayed
from tests.chaos.findings import Findings
from tests.chaos.traffic import Message, Traffic, business_days, contract

LATER = int(datetime(2021, 3, 1, tzinfo=UTC).timestamp() * 1000)
Spoil = Callable[[Evidence], Evidence]


def _lived() -> tuple[Evidence, Traffic]:
    """A few people's days, folded in process: what a run without faults leaves."""
    traffic = Traffic(600, 8, business_days(5), Random(5))  # noqa: S311 -- a test's choices
    service = InProcess()
    requests: list[InputRecord] = []
    messages: list[Message] = [*contract(), *traffic.openings()]
    for at in range(5):
        messages += [*traffic.day(at), *traffic.market(at)]
    for offset, message in enumerate(messages):
        key = None if message.key is None else message.key.encode()
        record = InputRecord(message.topic, 0, offset, key, message.value, (), LATER)
        requests += [record] if message.topic in REQUEST_TOPICS else []
        service.take(record)
    written = [
        InputRecord(r.topic, r.partition, offset, r.key, r.value, r.headers, LATER)
        for offset, r in enumerate(service.drained())
    ]
    state = {
        table.spec.changelog: {key.encode(): table.spec.encode(row) for key, row in table.items()}
        for table in service.ledger_partition.tables.values()
    }
    log = [record for record in written if record.topic == "ledger-log"]
    outcomes = [record for record in written if record.topic in (*OUTCOME_TOPICS, "day-closes")]
    dead = [record for record in written if record.topic == "dead-letters"]
    return Evidence(requests, dead, [], [replayed(0, 1, log, outcomes, state)]), traffic


WHOLE, TRAFFIC = _lived()


def _check(evidence: Evidence) -> Findings:
    found = Findings()
    checking.check_carried(evidence, 600, TRAFFIC.poison, found)
    checking.check_answered(evidence, TRAFFIC.contents, TRAFFIC.repeats, found)
    checking.check_sequences(evidence, found)
    checking.check_days(evidence, [str(day) for day in TRAFFIC.days], found)
    checking.check_replay(evidence, found)
    return found


def test_what_is_whole_is_clean() -> None:
    assert _check(WHOLE).clean, _check(WHOLE).examples
    assert TRAFFIC.repeats > 0
    assert TRAFFIC.poison > 0


def test_what_comes_of_maturities_is_among_it() -> None:
    """Confirmations of these answer no request, and are nobody's answer too many."""
    (book,) = WHOLE.books
    kinds = Counter(json.loads(record.value or b"").get("kind") for record in book.outcomes)
    assert all(kinds[kind] for kind in ("reinvested", "maturity_elected", "maturity_payment", "maturity_approaching"))


def _book(change: Callable[[Book], Book]) -> Spoil:
    return lambda evidence: replace(evidence, books=[change(book) for book in evidence.books])


def _at(records: list[InputRecord], wanted: bytes) -> int:
    return next(at for at, record in enumerate(records) if wanted in (record.value or b""))


def _without(records: list[InputRecord], at: int) -> list[InputRecord]:
    return [*records[:at], *records[at + 1 :]]


def _twice(records: list[InputRecord], at: int) -> list[InputRecord]:
    return [*records[: at + 1], *records[at:]]


def _swapped(records: list[InputRecord]) -> list[InputRecord]:
    """One participant's first two confirmations the other way round."""
    key = next(r.key for r in records if r.topic == "confirmations")
    first, second = [at for at, r in enumerate(records) if r.key == key and r.topic == "confirmations"][:2]
    swapped = list(records)
    swapped[first], swapped[second] = records[second], records[first]
    return swapped


def _other_state(book: Book) -> Book:
    rows = dict(book.state["ledger-participants"])
    rows[next(iter(rows))] = b"\x01something else"
    return replace(book, state={**book.state, "ledger-participants": rows})


CONFIRMED, REQUESTED, CLOSED = b'"kind":"deposit"', b'"type":"request"', b'"type":"day_closed"'
SPOILT: dict[str, tuple[str, Spoil]] = {
    "an outcome is missing": (
        "lost",
        _book(lambda b: replace(b, outcomes=_without(b.outcomes, _at(b.outcomes, CONFIRMED)))),
    ),
    "an outcome is there twice": (
        "duplicated",
        _book(lambda b: replace(b, outcomes=_twice(b.outcomes, _at(b.outcomes, CONFIRMED)))),
    ),
    "two outcomes are swapped": ("disordered", _book(lambda b: replace(b, outcomes=_swapped(b.outcomes)))),
    "a request is not on the log": ("lost", _book(lambda b: replace(b, log=_without(b.log, _at(b.log, REQUESTED))))),
    "a request is on the log twice": (
        "duplicated",
        _book(lambda b: replace(b, log=_twice(b.log, _at(b.log, REQUESTED)))),
    ),
    "the log is turned round": ("disordered", _book(lambda b: replace(b, log=b.log[::-1]))),
    "a day is not closed": ("lost", _book(lambda b: replace(b, log=_without(b.log, _at(b.log, CLOSED))))),
    "a day is closed twice": ("duplicated", _book(lambda b: replace(b, log=_twice(b.log, _at(b.log, CLOSED))))),
    "a dead letter is missing": ("lost", lambda evidence: replace(evidence, dead=evidence.dead[1:])),
    "state is not what it was": ("diverged", _book(_other_state)),
    "the log cannot be replayed": ("diverged", _book(lambda b: replace(b, broke="at its end"))),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_spoilt_is_counted(name: str) -> None:
    counter, spoil = SPOILT[name]
    found = _check(spoil(WHOLE))
    assert found.counts[counter] > 0, found
    assert found.examples[counter]
