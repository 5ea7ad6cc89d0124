"""Dead letters redriven, each once for ever: the record published again and its mark are one transaction.

It goes as in a processor. The transactional id is of the partition of dead letters; fencing shuts out whoever was at it
before and settles what they left, and only then are the marks read. So what the marks do not say was not redriven, and
of two who redrive at the same time the one that was fenced can write no more: it fences in its turn, reads the marks
anew and finds what the other did. Killed at any point, a redrive has happened with its mark or not at all.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Self

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from contracts_schema.redrives import DeadLetterRedriven
from contracts_schema.topics import MAX_MESSAGE_BYTES
from services.runtime.cli.letters import Found, letters_at
from services.runtime.cli.redrive_marks import Marks, marks_about
from services.runtime.cli.redrive_orders import AT_ONCE, Order, Told, judged, portions
from services.runtime.cli.redrives import Redrive
from services.runtime.connecting import allowed, for_librdkafka
from services.runtime.dead_letters import DeadLetter
from services.runtime.records import OutputRecord
from services.runtime.settings import Settings

_FENCE_S = 30.0
_ABORT_S = 5.0
_LIVES = 8
_PAUSE_S = 0.5

_SILENT = logging.Logger(__name__, logging.CRITICAL + 1)  # noqa: LOG001 -- nobody else is to have it
"""What goes wrong is told; the client would call it fatal that somebody else redrives."""

Attempted = dict[str, DeadLetterRedriven]
"""Marks that were to be committed, by their originals: found later, they say that a commit went through after all."""


def redriven(settings: Settings, number: int, found: Sequence[Found], order: Order) -> Iterator[Told]:
    """Redrive dead letters of a partition, in order; what became of them is told as it is committed.

    Begins anew where another redrive fences this one, or the broker fails. Raises `KafkaException` where that does not
    help; then what was not told was not redriven, or a second redrive finds that it was. Raises `NotAllowedError`.
    """
    left, lives, attempted = list(found), 0, Attempted()
    while left:
        lives += 1
        try:
            for told in _life(settings, number, left, order, attempted):
                yield from told
                left, lives = left[AT_ONCE:], 0
        except KafkaException:
            if lives == _LIVES:
                raise
            time.sleep(random.uniform(_PAUSE_S, _PAUSE_S * (1 + lives)))  # noqa: S311 -- that two part, no secret


def _life(
    settings: Settings, number: int, left: Sequence[Found], order: Order, attempted: Attempted
) -> Iterator[list[Told]]:
    with allowed("redrive dead letters"), RedriveWriter(settings, number) as writer:
        marks = asyncio.run(marks_about(settings, number, [one.original for one in left]))
        for some in portions(left):
            letters = asyncio.run(letters_at(settings, number, [one.place.offset for one in some]))
            yield _committed(writer, letters, marks, order, attempted)


def _committed(
    writer: "RedriveWriter", letters: Sequence[DeadLetter], marks: Marks, order: Order, attempted: Attempted
) -> list[Told]:
    now, told, redrives = datetime.now(UTC), dict[str, Told](), list[Redrive]()
    for letter in letters:
        original = str(letter.original)
        redrive, told[original] = judged(letter, marks, order, now)
        if redrive is not None:
            redrives.append(redrive)
        elif original in attempted and marks.redriven.get(original) == attempted[original]:
            told[original] = Told(told[original].letter, attempted[original])
    if redrives:
        written = writer.write(redrives)
        attempted.update((mark.original, mark) for mark in written)
        writer.commit()
        told |= {m.original: Told(told[m.original].letter, m, remark=told[m.original].remark) for m in written}
    return list(told.values())


class RedriveWriter:
    """Writes redrives of one partition of dead letters. As a context manager it has fenced whoever was at it before; an
    exit aborts what was not committed.

    Its methods block, and raise `KafkaException`, after which it is fit for nothing.
    """

    def __init__(self, settings: Settings, number: int) -> None:
        self._prefix, self._patience_s = settings.topic_prefix, settings.transaction_timeout_ms / 1000
        self._open = False
        self._producer = Producer(
            for_librdkafka(settings)
            | {
                "transactional.id": f"{settings.topic_prefix}redrive-{number}",
                "transaction.timeout.ms": settings.transaction_timeout_ms,
                "message.timeout.ms": settings.transaction_timeout_ms,
                "message.max.bytes": MAX_MESSAGE_BYTES,
            },
            logger=_SILENT,
        )

    def write(self, redrives: Sequence[Redrive]) -> list[DeadLetterRedriven]:
        """Write the records and, knowing their offsets, the marks; both count from `commit` on."""
        self._producer.begin_transaction()
        self._open = True
        offsets = self._delivered(redrive.record for redrive in redrives)
        placed = list(zip(redrives, offsets, strict=True))
        self._delivered(redrive.marking(offset) for redrive, offset in placed)
        return [redrive.mark(offset) for redrive, offset in placed]

    def commit(self) -> None:
        """Commit what was written. Returning means committed; raising means not known to be."""
        with _fatal_errors():
            self._producer.commit_transaction(self._patience_s)
        self._open = False

    def __enter__(self) -> Self:
        self._producer.init_transactions(_FENCE_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open:
            with contextlib.suppress(KafkaException):
                self._producer.abort_transaction(_ABORT_S)
        self._producer.purge()

    def _delivered(self, records: Iterable[OutputRecord]) -> list[int]:
        """The offsets at which the records are now, in their order."""
        offsets, failed, count = dict[int, int](), list[KafkaError](), 0
        for count, record in enumerate(records, start=1):
            headers: list[tuple[str, str | bytes | None]] = list(record.headers)
            self._producer.produce(
                self._prefix + record.topic,
                record.value,
                record.key,
                record.partition,
                on_delivery=partial(_note, offsets, failed, count),
                headers=headers,
            )
        with _fatal_errors():
            self._producer.flush(self._patience_s)
        if failed or len(offsets) < count:
            raise KafkaException(failed[0] if failed else KafkaError(KafkaError._TIMED_OUT))  # noqa: SLF001 -- public
        return [offsets[at] for at in sorted(offsets)]


def _note(offsets: dict[int, int], failed: list[KafkaError], at: int, error: KafkaError | None, sent: Message) -> None:
    if error is not None:
        failed.append(error)
    elif (offset := sent.offset()) is not None:
        offsets[at] = offset


@contextlib.contextmanager
def _fatal_errors() -> Iterator[None]:
    """Within it that the client can do no more (it was fenced) is a `KafkaException`. The client's own is in the way of
    the callbacks that it still calls, and Python says that this cannot be.
    """
    try:
        yield
    except SystemError as error:
        raise KafkaException(KafkaError(KafkaError._FATAL)) from error  # noqa: SLF001 -- public
