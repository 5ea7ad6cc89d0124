"""Ten years replayed, as a process of its own: `python -m tests.benchmarks.replaying PEOPLE`.

The ledger's logic on one partition, with tables in memory, folds the log as its worker does with a backlog, up to a
second's worth in a transaction, and settles what each close brings. As in `annuity-ledger replay` every record of the
outcomes, closes and account values is encoded, and nothing for changelogs. The log is written meanwhile, which is not
counted.
Prints as JSON the seconds of CPU that the fold took, how many records it read, what it wrote by topic, and the SHA-256
of every outcome in order.
"""

import hashlib
import json
import sys
import time
from collections import Counter

from contracts_schema.topics import OUTCOME_TOPICS
from services.runtime.collecting import collect_seldom
from services.runtime.records import OutputRecord
from tests.benchmarks.decade import written
from tests.benchmarks.ledger_log import Folding, as_input

_BATCH = 2000


def main() -> None:
    """Write, fold, print."""
    collect_seldom()
    replay = _Replay()
    batch: list[OutputRecord] = []
    for record in written(int(sys.argv[1])):
        batch.append(record)
        if len(batch) == _BATCH:
            replay.fold(batch)
            batch = []
    replay.fold(batch)
    print(json.dumps(replay.found()))  # noqa: T201


class _Replay:
    def __init__(self) -> None:
        self._folding = Folding(changelogs=False)
        self._digest = hashlib.sha256()
        self._written: Counter[str] = Counter()
        self._records = 0
        self._seconds = 0.0

    def fold(self, batch: list[OutputRecord]) -> None:
        """Fold records of the log."""
        inputs = [as_input(self._records + at, record) for at, record in enumerate(batch)]
        self._records += len(batch)
        began = time.process_time()
        out = list(self._folding.fold(inputs))
        self._seconds += time.process_time() - began
        for record in out:
            self._written[record.topic] += 1
            if record.topic in OUTCOME_TOPICS:
                self._digest.update(repr((record.topic, record.key, record.value, record.headers)).encode())

    def found(self) -> dict[str, object]:
        """What is printed."""
        return {
            "seconds": self._seconds,
            "records": self._records,
            "written": self._written,
            "digest": self._digest.hexdigest(),
        }


if __name__ == "__main__":
    main()
