"""The service as people run it: containers, a plain sender, a plain reader, and containers that die.

The tests share a stack, and are independent of each other: each has participants of its own.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.containers.composing import PARTITIONS, Composed, Line
from tests.containers.engine import Json, asked, docker, said, state, wait
from tests.domain import books

pytestmark = [pytest.mark.containers, pytest.mark.timeout(400)]
CLOSED, TODAY, TOMORROW = books.NEW_YEAR, "2021-01-05", "2021-01-06"
PEOPLE, ROUNDS, PER_SECOND = 40, 50, 100


@pytest.fixture(scope="module")
def contract(stack: Composed) -> Composed:
    """The stack, with a contract of a fund and Fixed Account 2, and a first day that has closed."""
    lines: list[Line] = [
        ("contract-terms", books.terms(books.fund("F1"), books.fixed_account_2())),
        ("credited-rates", books.declared("0.02")),
        ("credited-rates", books.one_year_minimum("0.01")),
        ("fund-values", books.fund_value("F1", CLOSED)),
    ]
    assert stack.send(lines) == {"sent": 4, "undelivered": 0, "failed": []}
    stack.read("day-closes", "", PARTITIONS)
    return stack


def opened(stack: Composed, prefix: str) -> list[Line]:
    """Accounts for everybody, there and confirmed; what comes in goes to Fixed Account 2."""
    names = [f"{prefix}{n}" for n in range(PEOPLE)]
    to = books.shares(FA2="100")
    lines: list[Line] = [
        ("account-instructions", books.opening("open", TOMORROW, participant_id=person, allocation=to))
        for person in names
    ]
    stack.send(lines)
    stack.read("confirmations", f"C1|{prefix}", PEOPLE, quiet=0)
    return lines


def deposits(prefix: str) -> list[Line]:
    """Many deposits of ten dollars for everybody: wholly to Fixed Account 2, so that each is decided when it comes."""
    return [
        ("deposit-requests", books.deposit(f"d{count}", TOMORROW, "10.00", participant_id=f"{prefix}{n}"))
        for count in range(ROUNDS)
        for n in range(PEOPLE)
    ]


def confirmed(stack: Composed, prefix: str, count: int) -> list[Json]:
    """The confirmations of these participants: at least so many; an answer given again is not among them."""
    records = stack.read("confirmations", f"C1|{prefix}", count)
    return [one["value"] for one in records if "repeat" not in one["headers"]]


def assert_once_each(values: list[Json], lines: list[Line]) -> None:
    """Exactly one confirmation for each request, numbered without gaps for each participant."""
    wanted = Counter((value["participant_id"], value["request_id"]) for _, value in lines)
    assert Counter((value["participant_id"], value["request_id"]) for value in values) == wanted
    numbers = defaultdict(list)
    for value in values:
        numbers[value["participant_id"]].append(value["sequence"])
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


@contextmanager
def sending(stack: Composed, lines: list[Line]) -> Iterator["Future[Json]"]:
    """Within it requests flow, for some twenty seconds; all have been delivered when it ends."""
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(stack.send, lines, PER_SECOND)
        yield sent
        assert sent.result()["sent"] == len(lines)


def flowing(stack: Composed, prefix: str, sent: "Future[Json]") -> None:
    """Wait until answers come while requests are still being sent."""
    stack.read("confirmations", f"C1|{prefix}", PEOPLE * 2, quiet=0)
    assert not sent.done(), "all was sent before anything could be hurt"


def owner(stack: Composed) -> str:
    """A worker of the ledger that owns partitions."""
    for name in stack.containers("ledger"):
        _, told = asked(name, "ready")
        if told["services"]["ledger"]["partitions"]:
            return name
    raise AssertionError(stack.logs())


def test_a_plain_sender_is_answered(contract: Composed) -> None:
    """A deposit waits for its day's price, and buys at that: $100.00 at $12.50 are 8 units (DEP-4)."""
    opening = books.opening("open", TODAY, participant_id="plain", allocation=books.shares(F1="100"))
    contract.send([("account-instructions", opening)])
    assert [one["kind"] for one in confirmed(contract, "plain", 1)] == ["account_opened"]
    deposit = books.deposit("d", TODAY, "100.00", participant_id="plain")
    contract.send([("deposit-requests", deposit)])
    acknowledged = contract.read("acknowledgements", "C1|plain", 1)
    assert acknowledged[0]["value"]["request_id"] == "d"
    contract.send([("fund-values", books.fund_value("F1", TODAY, "12.500000"))])
    _, bought = confirmed(contract, "plain", 2)
    (leg,) = bought["legs"]
    assert (leg["units"], leg["index"], leg["dollars"]) == ("8.000000", "12.500000", "100.00")


def test_nothing_is_lost_and_nothing_twice_though_workers_are_killed(contract: Composed) -> None:
    opening, paying = opened(contract, "killed"), deposits("killed")
    with sending(contract, paying) as sent:
        flowing(contract, "killed", sent)
        victims = [owner(contract), *contract.containers("intake")]
        for victim in victims:
            docker("kill", "--signal", "KILL", victim)
            assert state(victim)["ExitCode"] == 137
        docker("start", *victims)
    assert_once_each(confirmed(contract, "killed", len(opening + paying)), opening + paying)
    wait(lambda: contract.healthy("ledger", 2) and contract.healthy("intake"), "the killed to be ready again")


def test_a_worker_asked_to_stop_drains_and_ends_well(contract: Composed) -> None:
    opening, paying = opened(contract, "stopped"), deposits("stopped")
    with sending(contract, paying) as sent:
        flowing(contract, "stopped", sent)
        leaving = owner(contract)
        docker("stop", "--time", "25", leaving)
        ended = state(leaving)
        assert (ended["ExitCode"], ended["OOMKilled"]) == (0, False)
        last = json.loads(said(leaving).splitlines()[-1])
        assert (last["event"], last["reason"]) == ("worker_stopped", "asked to")
        docker("start", leaving)
    assert_once_each(confirmed(contract, "stopped", len(opening + paying)), opening + paying)
    wait(lambda: contract.healthy("ledger", 2), "the one that drained to be ready again")


@pytest.mark.parametrize(
    ("topic", "service", "stage"),
    [
        ("reference-state", "reference", "recovering"),
        ("fund-values", "reference", "catching_up"),
    ],
)
def test_a_worker_that_is_not_there_yet_says_so(contract: Composed, topic: str, service: str, stage: str) -> None:
    """Alive all the time, ready only when it has restored its state and read what there was."""
    (worker,) = contract.containers(service)
    docker("stop", worker)
    with contract.holding(topic):
        docker("start", worker)
        hindrance = [f"{service} 0: {stage}"]
        wait(lambda: asked(worker, "ready")[1].get("waiting_for") == hindrance, f"{service} to be {stage}")
        assert asked(worker, "health")[0]
        assert not asked(worker, "ready")[0]
    wait(lambda: asked(worker, "ready")[0], f"{service} to be ready")
