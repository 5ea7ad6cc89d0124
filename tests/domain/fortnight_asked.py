"""Requests of all kinds in the fortnight, and the log that intake makes of them."""

import json
from datetime import datetime
from functools import cache

from hypothesis import strategies as st

from services.intake import INTAKE
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition, PartitionLogic
from services.runtime.settings import Settings
from tests import strategies
from tests.domain.crashing import Changelogs, Worker
from tests.domain.fortnight import CLOSES, logged
from tests.domain.lives import as_input
from tests.strategies import Line

Asked = list[tuple[int, Line]]
"""Requests, each before one of the fourteen closes."""


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """Requests of all kinds, each before one of the fourteen closes, whatever day it was received on."""
    found = draw(st.lists(st.tuples(st.integers(0, len(CLOSES) - 1), strategies.requests), min_size=5, max_size=30))
    return [(at, _in_the_fortnight(line)) for at, line in found]


def _in_the_fortnight(line: Line) -> Line:
    """A request of one of the strategies' eight days as one of the fourteen's."""
    topic, message = line
    text = json.dumps(message)
    for at, day in enumerate(strategies.DAYS):
        text = text.replace(day, CLOSES[at * (len(CLOSES) - 1) // (len(strategies.DAYS) - 1)])
    return topic, json.loads(text)


def log_of(requests: Asked) -> list[InputRecord]:
    """The log of the fourteen closes with requests between them."""
    log: list[OutputRecord] = []
    for at, closed in enumerate(logged()[1]):
        log += [entry for before, line in requests if before == at for entry in taken_in(line)]
        log.append(closed)
    return [as_input(at, record) for at, record in enumerate(log)]


def taken_in(line: Line) -> list[OutputRecord]:
    """What intake makes of a request that is recorded when it says that it was received."""
    topic, message = line
    at = int(datetime.fromisoformat(message["received_at"]).timestamp() * 1000)
    record = InputRecord(topic, 0, 0, None, json.dumps(message).encode(), (), at)
    return [written for written in _intake().process([record]) if written.topic == "ledger-log"]


@cache
def _intake() -> PartitionLogic:
    return INTAKE.start(Partition(0, 1, {}, Settings(partitions=1)))


@cache
def eve() -> Changelogs:
    """What the changelogs hold on the eve of the fourteen closes."""
    return Worker([as_input(at, record) for at, record in enumerate(logged()[0])]).finish().changelogs
