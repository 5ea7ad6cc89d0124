"""One point of row m, as a process of its own: `python -m tests.benchmarks.growing PARTICIPANTS REPEATS`.

The ledger's logic on one partition, with tables in memory and so many participants in them, each with positions in
two funds and Fixed Account 2, decoded from bytes as after a restore; the answers they were given before are left out.
A thousand different participants each send a deposit to three options: taken in, acknowledged, settled at the day's
close, and everything that changed encoded for the changelogs. Broker and reading are not in it. Prints the median
microseconds of CPU per request.
"""

import random
import sys
import time
from collections.abc import Iterator
from statistics import median

from contracts_schema.values import changed
from services.ledger.logic import PARTICIPANTS
from services.runtime.collecting import collect_seldom
from services.runtime.records import InputRecord
from tests.benchmarks.figures import WrongResultError
from tests.benchmarks.ledger_log import DAYS, Folding, Pen, as_input, fund_deposit

_REQUESTS = 1_000
_BATCH = 500


def main() -> None:
    """Fill, measure, print."""
    collect_seldom()
    participants, repeats = int(sys.argv[1]), int(sys.argv[2])
    pen, folding = Pen(1), Folding()
    pen.contract()
    pen.close(DAYS[0])
    pen.request("deposit-requests", fund_deposit("first", DAYS[1], 0))
    pen.close(DAYS[1])
    for _ in folding.fold(list(_drained(pen))):
        pass
    _populate(folding, participants)
    print(median(_day(pen, folding, participants, day) for day in DAYS[2 : 2 + repeats]) * 1e6)  # noqa: T201


def _populate(folding: Folding, participants: int) -> None:
    """Everyone as the first one is."""
    table = folding.tables["participants"]
    template = table.get("C1|P0")
    assert template is not None
    for number in range(participants):
        person = changed(template, participant_id=f"P{number}")
        table.restore(person.key.encode(), PARTICIPANTS.encode(person))
    folding.logic.restored()


def _day(pen: Pen, folding: Folding, participants: int, day: str) -> float:
    """Seconds per request of a day's requests and its close."""
    for person in random.Random(day).sample(range(participants), _REQUESTS):  # noqa: S311 -- nothing secret
        pen.request("deposit-requests", fund_deposit(f"d{day}", day, person))
    requests = list(_drained(pen))
    pen.close(day)
    batches = [requests[at : at + _BATCH] for at in range(0, len(requests), _BATCH)]
    batches.append(list(_drained(pen)))
    began = time.process_time()
    written = [record for batch in batches for record in folding.fold(batch)]
    seconds = time.process_time() - began
    if sum(record.topic == "confirmations" for record in written) != _REQUESTS:
        raise WrongResultError("not every deposit was confirmed")
    return seconds / _REQUESTS


def _drained(pen: Pen) -> Iterator[InputRecord]:
    return (as_input(offset, record) for offset, record in enumerate(pen.drained()))


if __name__ == "__main__":
    main()
