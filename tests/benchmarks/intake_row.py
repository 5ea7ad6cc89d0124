"""Row g: raw deposits on the request topics to entries on the ledger log, by intake's own worker."""

import json
from collections.abc import Iterator

from contracts_schema.topics import TOPICS
from services.runtime.partitioner import partition_of
from services.runtime.records import OutputRecord
from services.runtime.settings import Settings
from services.runtime.topics import create_topics
from tests.benchmarks.bench import PARTITIONS, Bench
from tests.benchmarks.committed import Committed, read_committed
from tests.benchmarks.figures import Figure, WrongResultError
from tests.benchmarks.filling import fill
from tests.benchmarks.ledger_log import fund_deposit

_RECORDS_OF_A_REQUEST = 8
_PEOPLE = 1_000


def intake(bench: Bench) -> Iterator[Figure]:
    """Deposits to three options, all in good order."""
    requests = max(bench.records // _RECORDS_OF_A_REQUEST, 2_000)
    settings = bench.settings("g")
    create_topics(settings, TOPICS)
    fill(settings, _deposits(requests))
    with bench.module("g", "services.runtime.cli", settings, "worker", "intake") as worker:
        span = Committed(settings, ["ledger-log"]).watch(worker, requests, 2.0)
    _check(settings, requests)
    yield Figure("g", f"requests to ledger log: our intake worker ({requests:,})", span.rate(requests), "requests/s")


def _deposits(requests: int) -> Iterator[OutputRecord]:
    for number in range(requests):
        message = fund_deposit(f"d{number}", "2021-01-05", number % _PEOPLE)
        key = f"C1|P{number % _PEOPLE}"
        yield OutputRecord(
            "deposit-requests", partition_of(key, PARTITIONS), key.encode(), json.dumps(message).encode()
        )


def _check(settings: Settings, requests: int) -> None:
    """Every request is on the log once, as it was sent, without defects, each participant's in order."""
    found: dict[str, list[int]] = {}
    for message in read_committed(settings, "ledger-log"):
        entry = json.loads(message.value() or b"")
        number = int(entry["request"]["request_id"][1:])
        if entry["defects"] or entry["request"] != fund_deposit(f"d{number}", "2021-01-05", number % _PEOPLE):
            raise WrongResultError(f"the entry of request {number} is not what was sent")
        found.setdefault(entry["request"]["participant_id"], []).append(number)
    wanted = {f"P{person}": list(range(person, requests, _PEOPLE)) for person in range(min(_PEOPLE, requests))}
    if found != wanted:
        raise WrongResultError("the log does not hold every request once, in order")
