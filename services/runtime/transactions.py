"""The writing half of a processor: a librdkafka producer whose transactions are fenced by the processor's name.

Every method but the constructor blocks and is called from the processor's own thread, never from the event loop. A
method that raises leaves the writer fit for nothing but `close`; whoever starts anew fences what it left. That is
why a commit whose result is unknown needs no special care here: the next fence settles it, one way or the other,
before anything is read.
"""

import contextlib
from collections.abc import Iterable
from functools import partial

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from contracts_schema.topics import MAX_MESSAGE_BYTES
from services.runtime.connecting import DENIALS, client_log, denied, for_librdkafka
from services.runtime.errors import OutputRefusedError
from services.runtime.records import OutputRecord
from services.runtime.settings import Settings

_FENCE_S = 30.0
_ABORT_S = 5.0
_REFUSALS = frozenset(
    {
        KafkaError.MSG_SIZE_TOO_LARGE,
        KafkaError.RECORD_LIST_TOO_LARGE,
        KafkaError.INVALID_RECORD,
        KafkaError.INVALID_TRANSACTION_TIMEOUT,
        KafkaError._UNKNOWN_PARTITION,  # noqa: SLF001 -- public names of the client's own error codes
        KafkaError._INVALID_ARG,  # noqa: SLF001
    }
)
_Refused = tuple[KafkaError, str | None]
"""Why a record was not taken, and its topic."""
_FENCINGS = frozenset(
    {
        KafkaError._FENCED,  # noqa: SLF001
        KafkaError._FATAL,  # noqa: SLF001 -- what a woken client may call its fencing
        KafkaError.INVALID_PRODUCER_EPOCH,
        KafkaError.PRODUCER_FENCED,
    }
)


class FencedError(Exception):
    """Another owner of the same transactional id has started: this one may write nothing more."""


class TransactionalWriter:
    """Writes batches, each as one transaction. Records name topics without the installation's prefix."""

    def __init__(self, settings: Settings, transactional_id: str) -> None:
        self._id = transactional_id
        self._prefix = settings.topic_prefix
        self._commit_s = settings.transaction_timeout_ms / 1000
        self._refused: list[_Refused] = []
        self._topics: dict[str, str] = {}
        self._open = False
        self._producer = Producer(
            for_librdkafka(settings)
            | {
                "transactional.id": transactional_id,
                "transaction.timeout.ms": settings.transaction_timeout_ms,
                "message.timeout.ms": settings.transaction_timeout_ms,
                "message.max.bytes": MAX_MESSAGE_BYTES,
                "queue.buffering.max.messages": 1_000_000,
                "queue.buffering.max.kbytes": 1_048_576,
                "linger.ms": 50,  # a commit flushes: until then batches may fill
                "delivery.report.only.error": True,
                # Not a method: a producer kept alive by its own callback would go on, threads and all.
                "on_delivery": partial(_note_refusal, self._refused),
            },
            logger=client_log(),
        )

    def fence(self) -> None:
        """Shut out the previous owner of the transactional id and settle what it left: aborted, or committed if
        that had begun.
        """
        try:
            self._producer.init_transactions(_FENCE_S)
        except KafkaException as failure:
            raise self._named(failure) from failure

    def commit(self, records: Iterable[OutputRecord]) -> None:
        """Write the records as one transaction. Returning means committed; raising `FencedError` or
        `KafkaException` means not known to be.

        Raises `OutputRefusedError` or `NotAllowedError`, with nothing committed, where trying again would fail in the
        same way.
        """
        self._refused.clear()
        try:
            self._producer.begin_transaction()
            self._open = True
            self._produce(records)
            self._producer.commit_transaction(self._commit_s)
        except KafkaException as failure:
            self._abort()
            raise self._named(failure) from failure
        self._open = False

    def close(self) -> None:
        """Let go of connections and memory; a transaction left open is aborted."""
        if self._open:
            self._abort()
        self._producer.purge()
        del self._producer

    def _produce(self, records: Iterable[OutputRecord]) -> None:
        produce = self._producer.produce
        for record in records:
            topic = self._topics.get(record.topic) or self._named_topic(record.topic)
            headers: list[tuple[str, str | bytes | None]] | None = list(record.headers) if record.headers else None
            while True:
                try:
                    produce(topic, record.value, record.key, record.partition, headers=headers)
                    break
                except BufferError:
                    self._producer.poll(0.05)

    def _named_topic(self, name: str) -> str:
        return self._topics.setdefault(name, self._prefix + name)

    def _abort(self) -> None:
        """Free readers from waiting for the transaction's timeout; what cannot be aborted the next fence, or that
        timeout, aborts.
        """
        self._open = False
        with contextlib.suppress(KafkaException):
            self._producer.abort_transaction(_ABORT_S)

    def _named(self, failure: KafkaException) -> Exception:
        """The failure by its name, where it is not a mere failure."""
        error: KafkaError = failure.args[0]
        if error.code() in _FENCINGS:
            return FencedError(error.str())
        refused, topic = next(iter(self._refused), (error, None))
        if refused.code() in DENIALS:
            where = "the topics of its transaction" if topic is None else f"topic {topic}"
            return denied(f"write to {where} as transactional id {self._id}", refused.str())
        if refused.code() in _REFUSALS:
            return OutputRefusedError(
                f"{refused.name()}: {refused.str()}; the batch was not committed and would be refused again"
            )
        return failure


def _note_refusal(refused: list[_Refused], error: KafkaError | None, message: Message) -> None:
    if error is not None and error.code() in _REFUSALS | DENIALS:
        refused.append((error, message.topic()))
