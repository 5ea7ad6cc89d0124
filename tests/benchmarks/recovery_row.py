"""Row r: how long a partition stands still when its worker is killed, and how fast state comes back.

Two ledger workers share a partition and a machine. The one that has it is killed; the time runs from then until a
request appended at that moment has its acknowledgement, visible to a read_committed consumer. Six seconds of it are the
session timeout. The state is in the changelogs beforehand: people with positions in three options, of whom one in ten
waits for a day to come, and the answers given to them.
"""

import json
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import Popen
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from contracts_schema.topics import TOPICS
from contracts_schema.values import changed
from services.domain.state import Answer, Participant, Waiting
from services.ledger.logic import MARKET, PARTICIPANTS, REQUESTS
from services.runtime.progress import encode_progress, progress_key
from services.runtime.records import OutputRecord
from services.runtime.settings import Settings
from services.runtime.tables import TableSpec
from services.runtime.topics import create_topics
from tests.benchmarks.bench import STATE, Bench
from tests.benchmarks.figures import Figure, WrongResultError
from tests.benchmarks.filling import fill
from tests.benchmarks.ledger_log import DAYS, Folding, Pen, as_input, fund_deposit
from tests.runtime import counting

_CHANGES = 200_000
_PEOPLE = 1_000_000
_COUNTS = 400_000
_PATIENCE_S = 300.0
_RECEIVED = datetime(2024, 3, 1, tzinfo=UTC)
Worker = Popen[bytes]


def recovery(bench: Bench) -> Iterator[Figure]:
    """From SIGKILL to service, then from nothing."""
    some, many = f"{_CHANGES:,} changelog records", f"{_PEOPLE:,} participants"
    for first, size, people, answers in ((1, some, _CHANGES // 10, 4), (5, many, _PEOPLE, 0)):
        state = _State(bench.settings("r", 1), people, answers)
        for at, store in enumerate(("rocksdb", "memory")):
            whole, again = _killed(bench, state, store)
            yield Figure(f"r{first + at}", f"served again after SIGKILL, {size}, {store}", again, "s")
            yield Figure(f"r{first + at + 2}", f"restored from nothing, {size}, {store}", whole, "s")
    for at, store in enumerate(("rocksdb", "memory")):
        yield Figure(f"r{9 + at}", f"restore of count and sum, {store}", _rate(bench, store), "records/s")


class _State:
    """An installation whose ledger has so many people in its one partition, each changed five times where they have
    answers and once where not.
    """

    def __init__(self, settings: Settings, people: int, answers: int) -> None:
        self.settings = settings
        create_topics(settings, TOPICS)
        self._pen, folding = Pen(1), Folding()
        self._pen.contract()
        self._pen.close(DAYS[0])
        self._pen.request("deposit-requests", fund_deposit("first", DAYS[1], 0))
        self._pen.close(DAYS[1])
        inputs = [as_input(offset, record) for offset, record in enumerate(self._pen.records)]
        for _ in folding.fold(inputs):
            pass
        fill(settings, self._pen.records)
        fill(settings, _changes(folding, people, answers))
        progress = encode_progress(1, {"ledger-log": len(inputs)}, {})
        fill(settings, [OutputRecord("ledger-progress", 0, progress_key(0), progress)])
        self._asked = 0

    def ask(self) -> str:
        """Append a request that is acknowledged; returns its id."""
        self._asked += 1
        self._pen.records = []
        self._pen.request("deposit-requests", fund_deposit(f"ask-{self._asked}", DAYS[2], -1))
        fill(self.settings, self._pen.records)
        return f"ask-{self._asked}"


def _changes(folding: Folding, people: int, answers: int) -> Iterator[OutputRecord]:
    """What the changelogs hold: the market, and everyone as the first one is."""
    for key, row in folding.tables["market"].items():
        yield _change(MARKET, key, row)
    person: Participant = dict(folding.tables["participants"].items())["C1|P0"]
    answer: Answer = next(answer for _, answer in folding.tables["requests"].items())
    for time_ in range(answers + 1):
        for number in range(people):
            yield _change(PARTICIPANTS, f"C1|P{number}", _one_of(person, number))
            if time_:
                yield _change(REQUESTS, f"C1|P{number}|{time_}", answer)


def _one_of(person: Participant, number: int) -> Participant:
    if number % 10:
        return changed(person, participant_id=f"P{number}")
    coming = Waiting(date(2090, 1, 1) + timedelta(number % 1_000), _RECEIVED, "later", b"{}")
    return changed(person, participant_id=f"P{number}", waiting=(coming,))


def _change(spec: TableSpec[Any], key: str, row: Any) -> OutputRecord:  # noqa: ANN401 -- a row of the table
    return OutputRecord(spec.changelog, 0, key.encode(), spec.encode(row))


def _killed(bench: Bench, state: _State, store: str) -> tuple[float, float]:
    """Seconds of the restore from nothing, and from the owner's death to the next acknowledgement."""
    shutil.rmtree(STATE, ignore_errors=True)
    acknowledged = _Acknowledged(state.settings)
    with ExitStack() as workers:
        first = workers.enter_context(_worker(bench, f"r-{store}-first", state.settings, store))
        acknowledged.wait(state.ask(), first)
        second = workers.enter_context(_worker(bench, f"r-{store}-second", state.settings, store))
        owner, heir = _owner(bench, store, first, second)
        acknowledged.wait(state.ask(), owner)
        owner.send_signal(signal.SIGKILL)
        began = time.perf_counter()
        acknowledged.wait(state.ask(), heir)
        return _restored(bench.logs / f"r-{store}-first.log")["seconds"], time.perf_counter() - began


def _rate(bench: Bench, store: str) -> float:
    """Records a second of a restore from nothing."""
    shutil.rmtree(STATE, ignore_errors=True)
    settings = bench.settings("r", 1)
    create_topics(settings, counting.TOPICS)
    fill(
        settings,
        (OutputRecord("count-totals", 0, b"key-%05d" % (n % 10_000), counting.encode((n, n))) for n in range(_COUNTS)),
    )
    progress = encode_progress(1, {"numbers": 0}, {})
    fill(settings, [OutputRecord("count-progress", 0, progress_key(0), progress)])
    log = bench.logs / f"r-{store}.log"
    with _worker(bench, f"r-{store}", settings, store, "tests.runtime.counting"):
        restored = _restored(log)
    if restored["records"] != _COUNTS:
        raise WrongResultError(f"{restored['records']} of {_COUNTS} restored")
    return float(restored["records"] / restored["seconds"])


def _worker(bench: Bench, name: str, settings: Settings, store: str, *module: str) -> AbstractContextManager[Worker]:
    """A worker process of the ledger, or of another module, that keeps its state there."""
    command = [sys.executable, "-m", *(module or ("services.runtime.cli", "worker", "ledger"))]
    return bench.process(name, command, settings, {"ANNUITY_LEDGER_STORE": store})


def _owner(bench: Bench, store: str, first: Worker, second: Worker) -> tuple[Worker, Worker]:
    """Who has the partition once both are members, and who has not."""
    logs = [bench.logs / f"r-{store}-{name}.log" for name in ("first", "second")]
    _wait_for(lambda: _events(logs[1], "assigned"))
    last = [_events(log, "assigned")[-1]["partitions"] for log in logs]
    return (first, second) if last[0] else (second, first)


def _restored(log: Path) -> Any:  # noqa: ANN401 -- a line of the log
    """What a worker has logged of its first restore."""
    return _wait_for(lambda: _events(log, "restored"))[0]


def _events(log: Path, event: str) -> list[Any]:
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{") and line.endswith("}")]
    return [line for line in lines if line["event"] == event]


def _wait_for(look: Callable[[], list[Any]]) -> list[Any]:
    deadline = time.monotonic() + _PATIENCE_S
    while not (found := look()):
        if time.monotonic() > deadline:
            raise WrongResultError("a worker does not come up")
        time.sleep(0.05)
    return found


class _Acknowledged:
    """Acknowledgements as they become visible."""

    def __init__(self, settings: Settings) -> None:
        self._consumer = Consumer(
            {
                "bootstrap.servers": settings.cluster,
                "group.id": "bench-recovery",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "fetch.wait.max.ms": 50,
            }
        )
        self._consumer.assign([TopicPartition(f"{settings.topic_prefix}acknowledgements", 0, 0)])

    def wait(self, request_id: str, worker: Worker) -> None:
        """Until the request's is there; raises `WrongResultError` when the worker ends or is too slow."""
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline and worker.poll() is None:
            message = self._consumer.poll(0.1)
            value = None if message is None or message.error() is not None else message.value()
            if value is not None and json.loads(value)["request_id"] == request_id:
                return
        raise WrongResultError(f"no acknowledgement of {request_id}")
