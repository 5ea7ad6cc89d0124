"""Dead letters for tests."""

import json

from contracts_schema.alarms import DeadLetterReason
from contracts_schema.headers import Headers
from services.runtime.dead_letters import DeadLetter, Place, dead_letter, read_dead_letter
from services.runtime.records import InputRecord, OutputRecord
from tests.domain.books import deposit

GOOD = json.dumps(deposit("r1", "2021-01-04", "100.00")).encode()
BAD = GOOD[:-1]
"""The same without its last brace."""


def came(
    value: bytes | None, offset: int = 17, headers: Headers = (("mine", b"1"),), partition: int = 3
) -> InputRecord:
    """A record as intake reads it."""
    return InputRecord("deposit-requests", partition, offset, b"C1|P1", value, headers, 0)


def written(record: InputRecord, reason: DeadLetterReason = DeadLetterReason.NOT_JSON) -> OutputRecord:
    """The dead letter that it becomes."""
    return dead_letter(record, record.partition, reason, "Expecting ',' delimiter")


def letter(record: InputRecord, offset: int = 5) -> DeadLetter:
    """The dead letter that it becomes, read from an offset, written on 4 January 2021 at 16:00 UTC."""
    out = written(record)
    place = Place(out.topic, out.partition, offset)
    read = read_dead_letter(InputRecord(*place, out.key, out.value, out.headers, 1_609_776_000_123))
    assert read is not None
    return read
