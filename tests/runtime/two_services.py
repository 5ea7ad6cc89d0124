"""Two services in one worker: what the first counts, the second counts again."""

import sys
from collections.abc import Sequence

from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition, ServiceSpec
from services.runtime.settings import Settings
from services.runtime.worker import run_worker
from tests.runtime.counting import SPEC, TOPICS, Counting, topic


class Passing(Counting):
    """Passes on what it reads, key and value unchanged; keeps no table."""

    def __init__(self, partition: Partition) -> None:
        self.number = partition.number
        self.commits = 0

    def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
        """One output per input."""
        return [OutputRecord("passed", self.number, record.key, record.value) for record in records]


PASS = ServiceSpec("pass", ("counts",), (), "pass-progress", "counts", Passing)
BOTH = TOPICS | {"passed": topic("passed"), "pass-progress": topic("pass-progress", compacted=True)}

if __name__ == "__main__":
    sys.exit(run_worker([SPEC, PASS], Settings(), BOTH))
