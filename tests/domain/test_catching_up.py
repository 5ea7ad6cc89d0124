"""The service stands still for two weeks, and then fourteen closes arrive at once: everybody gets what they would have.

What waits for a close comes out the same, byte for byte. What a ledger that is up to date decides at once, on the day
itself, waits for its day's close in one that is not: that is acknowledged first, which is not looked at here.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.domain.market import Market
from services.domain.settling import settle_all
from services.domain.state import Participant
from services.domain.steps import Step
from services.runtime.records import OutputRecord
from tests.domain.books import Book, Json, deposit, shares, transfer, withdrawal
from tests.domain.crashing import Worker
from tests.domain.fortnight import CLOSES, book_before, close, closing, logged
from tests.domain.fortnight_asked import Asked, asked, eve, taken_in
from tests.domain.gaa import leg
from tests.domain.lives import Ledger, as_input, books, by_participant
from tests.strategies import Line

TWO_FUNDS = shares(F1="50", F2="50")
ASKED: tuple[tuple[str, str, Json], ...] = (
    ("2022-01-05", "deposit-requests", deposit("d1", "2022-01-05", "100.00", allocation=TWO_FUNDS)),
    ("2022-01-06", "transfer-requests", transfer("t1", "2022-01-06", [leg("F1", percent="50")], shares(F3="100"))),
    ("2022-01-10", "deposit-requests", deposit("d2", "2022-01-10", "100.00", allocation=TWO_FUNDS)),
    ("2022-01-11", "withdrawal-requests", withdrawal("w1", "2022-01-11", amount="70.00") | {"from": [leg("F1")]}),
    ("2022-01-20", "withdrawal-requests", withdrawal("w2", "2022-01-20", amount="100.00") | {"from": [leg("GAA", 3)]}),
    ("2022-01-21", "transfer-requests", transfer("t2", "2022-01-21", [leg("GAA", 1, all=True)], TWO_FUNDS)),
)
BY = dict(zip(("d1", "t1", "d2", "w1", "w2", "t2"), ("P1", "P2", "P1", "P3", "P2", "P2"), strict=True))
ARRIVED: tuple[Line, ...] = tuple(
    (topic, message | {"participant_id": BY[message["request_id"]]}) for _, topic, message in ASKED
)
Told = list[tuple[str, str]]


def day_by_day() -> Book:
    """Every request on its day, every close on its evening."""
    book = book_before()
    for day in CLOSES:
        for (on, _, _), (topic, message) in zip(ASKED, ARRIVED, strict=True):
            if on == day:
                book.publish(topic, message)
        close(book, day)
    return book


def at_once() -> Book:
    """All requests, then everything that closes take, but for one price of the first day; then that one."""
    book = book_before()
    for topic, message in ARRIVED:
        book.publish(topic, message)
    (last, *others), *later = [closing(day) for day in CLOSES]
    before = len(book.outcomes)
    for topic, message in [*others, *(line for day in later for line in day)]:
        book.publish(topic, message)
    assert len(book.outcomes) == before, "nothing is closed while anything of the first day is missing"
    book.publish(*last)
    return book


def by_topic(records: Iterable[OutputRecord]) -> dict[tuple[str, str], list[tuple[object, ...]]]:
    """What was written to each participant on each topic, in order, to the byte."""
    found: dict[tuple[str, str], list[tuple[object, ...]]] = defaultdict(list)
    for key, written in by_participant(records).items():
        for topic, *rest in written:
            found[str(topic), key].append(tuple(rest))
    return found


def caught_up(book: Book) -> Ledger:
    """A ledger that was down: it folds the two weeks of the log in one batch, before it settles anything."""
    ledger, before = Ledger(), len(logged()[0])
    for record in book.log[:before]:
        ledger.fold(record)
        ledger.settle()
    ledger.written += ledger.logic.process([as_input(at, record) for at, record in enumerate(book.log[before:])])
    ledger.written += ledger.logic.last()
    assert ledger.logic.note()["to_settle"] == len(EXPECTED)
    ledger.settle()
    return ledger


def told(book: Book, name: str) -> Told:
    """(trade date, what) of every numbered outcome of the fortnight."""
    messages = [o.message for o in book.outcomes if o.key == f"C1|{name}" and o.topic in {"confirmations", "notices"}]
    dated = [(message.get("trade_date") or message["date"], message["kind"]) for message in messages]
    return dated[-len(EXPECTED[name]) :]


EXPECTED: dict[str, Told] = {
    "P1": [
        ("2022-01-04", "maintenance_fee"),
        ("2022-01-05", "deposit"),
        ("2022-01-07", "installment_paid"),
        ("2022-01-10", "deposit"),
        ("2022-01-13", "reinvested"),  # on the 12th itself an election still counts until midnight
        ("2022-01-14", "maturity_approaching"),
    ],
    "P2": [
        ("2022-01-04", "maintenance_fee"),
        ("2022-01-06", "transfer"),
        ("2022-01-13", "reinvested"),
        ("2022-01-14", "maturity_approaching"),
        ("2022-01-13", "rate_lock_ended"),  # of its last day, told at the close after it
        ("2022-01-20", "withdrawal"),
        ("2022-01-21", "transfer"),
    ],
    "P3": [
        ("2022-01-04", "maintenance_fee"),
        ("2022-01-05", "income_payment"),
        ("2022-01-11", "withdrawal"),
        ("2022-01-12", "maturity_transfer"),
        ("2022-01-14", "maturity_approaching"),
    ],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_fourteen_closes_at_once_bring_what_their_days_would_have(name: str) -> None:
    book = at_once()
    assert told(book, name) == EXPECTED[name]
    assert book.participant(name) == day_by_day().participant(name)


def test_fourteen_closes_at_once_bring_the_same_bytes() -> None:
    """Whether the close before is settled when the next one comes, or none is until all have come."""
    wanted = by_topic(day_by_day().service.written)
    book = at_once()
    assert by_topic(book.service.written) == wanted
    assert by_topic(caught_up(book).written) == wanted


def test_a_ledger_that_was_down_catches_up_on_a_log_that_went_on() -> None:
    book = day_by_day()
    ledger = caught_up(book)
    assert by_participant(ledger.written) == by_participant(book.service.written)
    assert dict(ledger.partition.tables["participants"].items()) == books(book)


@cache
def markets() -> tuple[Market, ...]:
    """As each of the fourteen closes leaves it."""
    ledger, found = Ledger(), []
    before, closes = logged()
    for record in before:
        ledger.fold(record)
    for record in closes:
        ledger.fold(record)
        found.append(ledger.logic._market)
    return tuple(found)


def settled(participant: Participant, upon: list[bool]) -> Step:
    """Settled upon some of the closes, and upon the last."""
    step = Step(participant)
    for market, looked_at in zip(markets(), [*upon, True], strict=True):
        if looked_at:
            step = step.then(settle_all(market, step.participant))
    return step


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked(), st.lists(st.booleans(), min_size=len(CLOSES) - 1, max_size=len(CLOSES) - 1))
def test_a_participant_is_settled_upon_any_of_the_closes_alike(requests: Asked, upon: list[bool]) -> None:
    """With whatever waits on the eve: the same outcomes, answers and books, of the same days."""
    worker = Worker([as_input(0, entry) for _, line in requests for entry in taken_in(line)], eve()).finish()
    for participant in dict(worker.tables["participants"].items()).values():
        every = settled(participant, [True] * (len(CLOSES) - 1))
        assert settled(participant, upon) == every
        assert settled(participant, [False] * (len(CLOSES) - 1)) == every
        assert every.settled == tuple(sorted(set(every.settled))), "each close once, the oldest first"
