"""Dead letters: the bytes of what could not be read, for a person to look at and, mended, to publish again."""

from contracts_schema.alarms import DeadLetterReason
from contracts_schema.headers import DEAD_LETTER_PREFIX
from services.runtime.cutting import cut
from services.runtime.records import InputRecord, OutputRecord


def dead_letter(record: InputRecord, partition: int, reason: DeadLetterReason, detail: str) -> OutputRecord:
    """The record's key, bytes and headers as they came, and why and from where in headers of our own. Only what is too
    large to be written is cut.
    """
    record = cut(record)
    marks = {"reason": reason.value, "detail": detail, "topic": record.topic}
    marks |= {"partition": str(record.partition), "offset": str(record.offset)}
    ours = tuple((DEAD_LETTER_PREFIX + name, value.encode(errors="replace")) for name, value in marks.items())
    return OutputRecord("dead-letters", partition, record.key, record.value, (*record.headers, *ours))
