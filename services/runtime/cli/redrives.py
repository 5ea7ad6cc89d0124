"""A dead letter published again, and the mark of it. Pure.

The record goes where it came from: topic, partition, key and headers are the original's, the bytes too unless they were
mended. Headers of ours come last and say where it is from; those of an earlier redrive they replace.
"""

from dataclasses import dataclass
from datetime import datetime

from contracts_schema.headers import REDRIVEN_PREFIX, Headers, cloud_event
from contracts_schema.redrives import DeadLetterRedriven
from services.runtime.dead_letters import DeadLetter, Place, parted
from services.runtime.records import OutputRecord

MARKS_TOPIC = "dead-letters-redriven"
HEADERS = tuple(REDRIVEN_PREFIX + name for name in ("from", "dead-letter", "first", "by", "at"))


@dataclass(frozen=True, slots=True)
class Redrive:
    """A redrive that is to be written: with which bytes, by whom, when; and where the chain began, where the original
    was itself a redrive (None where it was not).
    """

    letter: DeadLetter
    value: bytes | None
    by: str
    at: datetime
    first: Place | None = None
    forced: bool = False

    @property
    def record(self) -> OutputRecord:
        """What is published again."""
        original = self.letter.original
        headers = (*self._headers_as_sent, *self._headers_of_ours)
        return OutputRecord(original.topic, original.partition, self.letter.key, self.value, headers)

    def mark(self, offset: int) -> DeadLetterRedriven:
        """What is written of it, once its offset is known."""
        original = self.letter.original
        return DeadLetterRedriven(
            original=str(original),
            dead_letter=str(self.letter.place),
            redriven_as=str(Place(original.topic, original.partition, offset)),
            first=str(self.first or original),
            mended=self.value != self.letter.value,
            forced=self.forced,
            redriven_by=self.by,
            redriven_at=self.at,
        )

    def marking(self, offset: int) -> OutputRecord:
        """The mark as a record; it lies in the partition that the dead letter lies in."""
        mark, number = self.mark(offset), self.letter.place.partition
        event_id = f"{mark.kind}|{mark.original}"
        headers = cloud_event(mark.kind, event_id, mark.original, mark.redriven_at.isoformat())
        return OutputRecord(MARKS_TOPIC, number, mark.original.encode(), mark.written(), headers)

    @property
    def _headers_as_sent(self) -> Headers:
        """Without those of the redrive that the original came of; any that its sender wrote stay."""
        sent = self.letter.cause.sent
        return sent if self.first is None else parted(sent, HEADERS)[0]

    @property
    def _headers_of_ours(self) -> Headers:
        original = self.letter.original
        told = (original, self.letter.place, self.first or original, self.by, self.at.isoformat())
        return tuple((name, str(value).encode()) for name, value in zip(HEADERS, told, strict=True))
