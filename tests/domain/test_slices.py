"""When things are settled does not matter, nor who does: slices of background work between any two records of the log,
transactions that end anywhere, crashes that lose what was not committed, and other workers that take over.
"""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.runtime.records import OutputRecord
from tests import strategies
from tests.domain.crashing import Worker
from tests.domain.fortnight_asked import Asked, asked, eve, log_of
from tests.domain.lives import as_input, by_participant, lived
from tests.strategies import Line

some = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ACTIONS = (*["read"] * 6, *["settle"] * 3, "commit", "commit", "crash", "rebalance")
actions = st.lists(st.sampled_from(ACTIONS), min_size=20, max_size=200)


def closes(records: list[OutputRecord]) -> list[bytes]:
    """What was told of each close when it was done: by how many it was settled."""
    return sorted(record.value or b"" for record in records if record.topic == "day-closes")


@some
@given(asked(), actions)
def test_slices_crashes_and_rebalances_between_any_two_records(requests: Asked, doing: list[str]) -> None:
    """Every participant gets the same outcomes, byte for byte, has the same books, and each close is told of once."""
    log = log_of(requests)
    calm = Worker(log, eve()).finish()
    worker = Worker(log, eve())
    for action in doing:
        getattr(worker, action)()
    worker.finish()
    assert by_participant(worker.written) == by_participant(calm.written)
    assert worker.changelogs == calm.changelogs
    assert closes(worker.written) == closes(calm.written)


@some
@given(strategies.histories(), actions)
def test_the_same_of_every_history(history: list[Line], doing: list[str]) -> None:
    """From an installation's first record on: terms, offerings and rates come between the requests too."""
    log = [as_input(at, record) for at, record in enumerate(lived(history).log)]
    calm, worker = Worker(log).finish(), Worker(log)
    for action in doing:
        getattr(worker, action)()
    assert by_participant(worker.finish().written) == by_participant(calm.written)
    assert worker.changelogs == calm.changelogs
