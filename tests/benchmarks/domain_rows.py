"""Row e: the domain core alone, single thread, no broker: from a request that waits to its encoded outcome.

Each decision takes the waiting entry's bytes, validates, applies the rules and encodes the confirmation; e4 is the
part before, from the log's entry to the acknowledgement that it waits. Two hundred requests of different amounts, each
on the same books, again and again; every one of them must be confirmed. Seconds are of this process's CPU, so that a
busy machine blurs them less.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median

from contracts_schema.entries import RequestEntry
from contracts_schema.values import changed
from services.domain.decide import decide
from services.domain.market import Market
from services.domain.settling import settle_all
from services.domain.state import Answer, Participant
from services.domain.steps import Step
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, WrongResultError
from tests.domain import books
from tests.domain.gaa import LOTS, TRADE, flat, gaa_terms, held, leg

_VARIANTS = 200
_PASS_S = 1.0
_LIMITS = {"free_per_year": 12, "fee": "10.00"}
Decision = Callable[[], Step]


def domain(bench: Bench) -> Iterator[Figure]:
    """Decisions a second of three kinds, and of taking in a request that will wait."""
    yield _figure("e1", "domain core: deposit to three options", deposits(), bench.repeats)
    yield _figure(
        "e2",
        "domain core: transfer, a fund and Fixed Account 2 to two funds, limited and counted against the free ones",
        transfers(),
        bench.repeats,
    )
    yield _figure("e3", "domain core: withdrawal over four GAA lots", withdrawals(), bench.repeats)
    yield _figure("e4", "domain core: deposit taken in and acknowledged", acknowledgements(), bench.repeats)


def deposits() -> list[Decision]:
    """Deposits to two funds and Fixed Account 2."""
    book = held(F1="1000.00")
    for number in range(_VARIANTS):
        book.deposit(_deposit(number))
    return _settling(book, "deposit", legs=3)


def transfers() -> list[Decision]:
    """Transfers between funds and out of Fixed Account 2, within its limit and counted against the free ones."""
    book = held(gaa_terms(transfers=_LIMITS), F1="9000.00", FA2="9000.00")
    for number in range(_VARIANTS):
        legs = [leg("F1", amount=f"{100 + number}.37"), leg("FA2", percent="12.5")]
        book.transfer(books.transfer(f"t{number}", TRADE, legs, books.shares(F2="60", F3="40")))
    return _settling(book, "transfer", legs=4)


def withdrawals() -> list[Decision]:
    """Net withdrawals that are drawn from four lots with factors below, at and above 1."""
    book = held(None, **dict.fromkeys(("old_2", "old_3", "mid_5", "new_3"), "5000.00"))
    assert len(LOTS) > 4
    for number in range(_VARIANTS):
        book.withdraw(books.withdrawal(f"w{number}", TRADE, amount=f"{900 + number}.37", **{"from": [leg("GAA")]}))
    return _settling(book, "withdrawal", legs=4)


def acknowledgements() -> list[Decision]:
    """Deposits as the log has them, to a participant for whom nothing waits yet."""
    book = held(F1="1000.00")
    for number in range(_VARIANTS):
        book.deposit(_deposit(number))
    participant = _p1(book)
    waiting = [RequestEntry.model_validate_json(each.entry) for each in participant.waiting]
    assert len(waiting) == _VARIANTS
    idle = changed(participant, waiting=())
    return [partial(decide, _market(book), idle, _never_answered, entry) for entry in waiting]


def _never_answered(_: str) -> Answer | None:
    return None


def _deposit(number: int) -> books.Json:
    return books.deposit(f"d{number}", TRADE, f"{100 + number}.37", allocation=books.shares(F1="40", F2="30", FA2="30"))


def _settling(book: books.Book, kind: str, legs: int) -> list[Decision]:
    """Close the day of the requests that wait in a book; settling each of them alone is a decision."""
    participant = _p1(book)
    assert len(participant.waiting) == _VARIANTS
    book.close(TRADE, flat("6"))
    alone = [changed(participant, waiting=(waiting,)) for waiting in participant.waiting]
    decisions: list[Decision] = [partial(settle_all, _market(book), each) for each in alone]
    for decision in decisions:
        (emission,) = decision().emissions
        message = json.loads(emission.value)
        if emission.topic != "confirmations" or message["kind"] != kind or len(message["legs"]) != legs:
            raise WrongResultError(f"not a {kind} of {legs} legs: {message}")
    return decisions


def _p1(book: books.Book) -> Participant:
    participant = book.participant()
    assert participant is not None
    return participant


def _market(book: books.Book) -> Market:
    return book.service._ledger._market


def _figure(row: str, what: str, decisions: Sequence[Decision], repeats: int) -> Figure:
    return Figure(row, what, median(_rate(decisions) for _ in range(repeats)), "decisions/s")


def _rate(decisions: Sequence[Decision]) -> float:
    done, began = 0, time.process_time()
    while time.process_time() - began < _PASS_S:
        for decision in decisions:
            decision()
        done += len(decisions)
    return done / (time.process_time() - began)
