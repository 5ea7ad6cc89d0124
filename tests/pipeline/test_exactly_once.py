"""The whole pipeline with two workers of each service, concurrent senders, and machines that die in mid-stream."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from random import Random

import pytest

from contracts_schema.headers import REPEAT, header
from contracts_schema.topics import REQUEST_TOPICS
from services.runtime.cli.comparing import compare_with_cluster
from tests.pipeline.installation import Installation, Line
from tests.pipeline.traffic import DAYS, Traffic, contract

PARTICIPANTS = 300
LEAST = {
    "deposit": 2500,
    "transfer": 10,
    "withdrawal": 10,
    "account_opened": 300,
    "allocation_changed": 20,
    "request_cancelled": 5,
}


@pytest.mark.timeout(280)
def test_every_request_has_one_answer_though_workers_die(
    bootstrap_servers: str, topic_prefix: str, tmp_path: Path
) -> None:
    traffic = Traffic(PARTICIPANTS, Random(7))  # noqa: S311 -- a test's choices
    with Installation(bootstrap_servers, topic_prefix, tmp_path) as service:
        workers = {name: [service.start(name), service.start(name)] for name in ("intake", "reference", "ledger")}
        service.send(contract())
        service.wait_logged("terms")
        sent = service.send(traffic.openings())
        sent += _send_in_order(service, traffic, DAYS[:6])
        sent += _send_at_once(service, traffic, DAYS[6:10])
        for name in ("intake", "ledger", "reference"):  # each has just been given work
            service.kill(workers[name][0])
            service.start(name)
        sent += _send_at_once(service, traffic, DAYS[10:])
        service.wait_read("intake", REQUEST_TOPICS)
        service.wait_closed(str(DAYS[-1]))
        service.wait_read("ledger", ["ledger-log"])

        assert sent >= 5_000
        _check_answers(service, traffic)
        _check_sequences(service)
        compared = asyncio.run(compare_with_cluster(service.settings))
        assert compared.holds, compared.examples
        assert compared.participants == PARTICIPANTS


def _send_in_order(service: Installation, traffic: Traffic, days: Sequence[date]) -> int:
    """Each day's deposits, then what depends on them, then what closes the day: what each does is then certain, on a
    slow machine and a fast one.
    """
    sent = 0
    for day in days:
        deposits, others = _by_topic(traffic.day(day))
        for lines in (deposits, others):
            sent += service.send(lines)
            service.wait_read("intake", REQUEST_TOPICS)
        service.send(traffic.market(day))
    return sent


def _send_at_once(service: Installation, traffic: Traffic, days: Sequence[date]) -> int:
    """Requests of all days from two senders at once, while a third closes the days."""
    deposits, others = _by_topic(line for day in days for line in traffic.day(day))
    market = [line for day in days for line in traffic.market(day)]
    with ThreadPoolExecutor(3) as senders:
        closing = senders.submit(service.send, market)
        sent = sum(senders.map(service.send, (deposits, others)))
        closing.result()
    return sent


def _by_topic(lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """Deposits, and all else."""
    split: tuple[list[Line], list[Line]] = ([], [])
    for line in lines:
        split[line[0] != "deposit-requests"].append(line)
    return split


def _check_answers(service: Installation, traffic: Traffic) -> None:
    """Exactly as many answers that are no repeats as requests with content of their own; every kind was seen."""
    confirmations, rejections = service.messages("confirmations"), service.messages("rejections")
    answered = [m for m in (*confirmations, *rejections) if "request_id" in m]  # a maturity is nobody's request
    answers = Counter((m["participant_id"], m["request_id"]) for m in answered)
    assert answers == traffic.answers
    kinds = Counter(m["kind"] for m in confirmations)
    for kind, least in LEAST.items():
        assert kinds[kind] >= least, kinds
    reasons = Counter(reason["code"] for m in rejections for reason in m["reasons"])
    assert reasons["AMOUNT_NOT_A_NUMBER"] >= 500
    assert reasons["DUPLICATE_REQUEST_ID"] >= 50
    assert reasons["LOCKED_IN"] >= 5
    assert len(service.read("dead-letters")) == traffic.dead
    marked = [
        record
        for topic in ("confirmations", "rejections", "acknowledgements")
        for record in service.read(topic)
        if header(record.headers, REPEAT) is not None
    ]
    assert len(marked) == traffic.repeats


def _check_sequences(service: Installation) -> None:
    """Each participant's counted outcomes are numbered 1, 2, 3, …; a repeat has the number of the first."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for topic in ("confirmations", "rejections", "notices"):
        for message in service.messages(topic):
            numbers[message["participant_id"]].append(message["sequence"])
    assert len(numbers) == PARTICIPANTS
    for participant, sequence in numbers.items():
        assert sorted(sequence) == list(range(1, len(sequence) + 1)), participant
