"""What the scenarios bring about, in process, is as the documents say: every kind of outcome is in one of them."""

from collections import Counter

import pytest

from contracts_schema.topics import TOPICS
from services.runtime.cli.messages import read_jsonl
from services.runtime.cli.replaying import InProcess
from services.runtime.cli.stamping import stamped
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.schemas.messages import is_state
from tests.scenarios.story import FOLDER
from tests.schemas.validating import departures

MOST = 100
"""Records looked at of a topic in a scenario: some close days for ten years."""
SCENARIOS = sorted(path.parent.name for path in FOLDER.glob("*/input.jsonl"))


@pytest.mark.parametrize("name", SCENARIOS)
def test_its_records_are_as_the_documents_say(name: str) -> None:
    service = InProcess()
    written: list[OutputRecord] = []
    for line in stamped(read_jsonl(FOLDER / name / "input.jsonl")):
        assert isinstance(line, InputRecord)
        service.take(line)
        written += service.drained()
    looked_at: Counter[str] = Counter()
    for record in written:
        if not is_state(TOPICS[record.topic]) and looked_at[record.topic] < MOST:
            looked_at[record.topic] += 1
            assert departures(record) == []
    assert looked_at["ledger-log"] > 0
