"""The service folded in the test's own process, by what `annuity-ledger replay` is made of: no broker, no Docker, no
clock. The same calls give the same bytes every time.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from contracts_schema.headers import Headers
from contracts_schema.testing.calls import AnnuityLedger
from contracts_schema.testing.failing import Answer
from contracts_schema.testing.given import GivenSettings
from contracts_schema.testing.producing import InProcessProducer
from contracts_schema.topics import TOPICS
from services.domain.closing import Reference
from services.reference.rows import reference_of
from services.runtime.cli.messages import PUBLISHABLE, Item, Message
from services.runtime.cli.replaying import InProcess
from services.runtime.cli.stamping import stamped
from services.runtime.records import InputRecord, OutputRecord


class AnnuityLedgerInProcess(AnnuityLedger):
    """The whole service in this process. A record takes its full effect before the next is taken in.

    A request is stamped as recorded at its own `received_at`; where it has none that can be read, when the one before
    it was. So every sender is punctual: that a broker stamps later, and that only a trusted sender's `received_at`
    counts then, shows on a broker alone. Any day may close, those to come too.
    """

    def __init__(self, trusted_submitters: Sequence[str] = ()) -> None:
        settings = GivenSettings(trusted_submitters=tuple(trusted_submitters))
        self._service = InProcess(settings=settings)
        self._items: deque[Item] = deque()
        self._stamped = stamped(self._arriving())
        self._written: dict[str, list[OutputRecord]] = defaultdict(list)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """There is nothing to end."""

    def producer(self) -> InProcessProducer:
        """A producer whose records are taken in at once."""
        return InProcessProducer(self._produced)

    def _produced(self, topic: str, value: bytes | None, key: bytes | None, headers: Headers) -> None:
        if topic not in PUBLISHABLE:
            raise ValueError(f"nobody but the service writes to {topic}")
        self._take(replace(self._stamp(Message(f"produced to {topic}", topic, None, value)), key=key, headers=headers))

    def _send(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._take(self._stamp(message))

    def _stamp(self, message: Message) -> InputRecord:
        self._items.append(message)
        record = next(self._stamped)
        if not isinstance(record, InputRecord):
            raise ValueError(f"{record.place}: {record.reason}")  # noqa: TRY004 -- what is wrong is what it says
        return record

    def _take(self, record: InputRecord) -> None:
        self._service.take(record)
        for written in self._service.drained():
            self._written[written.topic].append(written)

    def _arriving(self) -> Iterator[Item]:
        """Messages as they are published: `stamped` asks for the next when there is one."""
        while True:
            yield self._items.popleft()

    def _read(self, topics: Sequence[str]) -> Sequence[OutputRecord]:
        if unknown := [topic for topic in topics if topic not in TOPICS]:
            raise ValueError(f"there is no topic {', '.join(unknown)} to be read")
        return [record for topic in topics for record in self._written[topic]]

    def _reference(self) -> Reference:
        return reference_of(self._service.reference_partition.tables["state"].items())

    def _latest_day(self) -> date:
        return date.max

    def _wait_for(self, found: Callable[[], Answer | None], timeout_s: int) -> Answer | None:  # noqa: ARG002 -- all is there
        return found()
