"""The partition processor: one partition number of one service, for as long as this worker owns it.

A life of it is: fence the previous owner, restore what was committed, read on, each batch a transaction. Whatever
goes wrong with the broker ends the life: everything in memory is dropped and the next life begins from what was
committed. So there is one way to recover, and it is the way every start takes. Only what no new life can mend (a
bug, unreadable state, positions that are not in the log) is reported to the worker, which stops.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from enum import Enum, auto
from typing import TypeVar

import structlog
from aiokafka.errors import KafkaError
from confluent_kafka import KafkaException

from services.runtime import metrics
from services.runtime.batches import BatchLoop
from services.runtime.connecting import allowed
from services.runtime.discretion import told
from services.runtime.errors import LogicError, StoreBrokenError
from services.runtime.health import Stage
from services.runtime.pace import Pace
from services.runtime.reader import PartitionReader
from services.runtime.records import OutputRecord
from services.runtime.restore import restore
from services.runtime.service import Partition, ServiceSpec
from services.runtime.settings import Settings
from services.runtime.stores import Store, open_store
from services.runtime.transactions import FencedError, TransactionalWriter

R = TypeVar("R")
_log = structlog.get_logger(__name__)
_BROKER_TROUBLE = (KafkaException, KafkaError, OSError, TimeoutError)
_FIRST_BACKOFF_S = 0.5
_LONGEST_BACKOFF_S = 10.0
_FENCED_BACKOFF_S = 2.0


class _End(Enum):
    """How a life ended."""

    STOPPED = auto()
    FENCED = auto()
    TROUBLED = auto()


class Processor:
    """Runs between `start` and `stop`; `failed` is called, once, with what no new life can mend."""

    def __init__(
        self,
        spec: ServiceSpec,
        number: int,
        count: int,
        settings: Settings,
        failed: Callable[[Exception], None],
    ) -> None:
        self._spec = spec
        self._number = number
        self._count = count
        self._settings = settings
        self._failed = failed
        self._pace = Pace()
        self._log = _log.bind(service=spec.name, partition=number)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"{spec.name}-{number}")
        self._task: asyncio.Task[None] | None = None
        self._loop: BatchLoop | None = None
        self._stopping = False

    @property
    def positions(self) -> dict[str, int]:
        """The next offset per input topic as last committed; empty until the first life has been restored."""
        return self._loop.positions if self._loop else {}

    @property
    def stage(self) -> Stage:
        """Where it stands; may be asked from any thread."""
        loop = self._loop
        if loop is None:
            return Stage.RECOVERING
        return Stage.SERVING if loop.caught_up else Stage.CATCHING_UP

    def start(self, pace: Pace) -> None:
        """Begin the first life, which keeps the pace of a worker's others; returns at once."""
        self._pace = pace
        self._task = asyncio.create_task(self._run(), name=f"{self._spec.name}-{self._number}")

    async def stop(self, timeout_s: float) -> None:
        """End, after the transaction in flight if there is one. What takes longer than the timeout is left behind:
        it can only be fenced.
        """
        self._stopping = True
        if self._task is None:
            return
        if self._loop is None or not self._loop.committing:
            self._task.cancel()
        _, late = await asyncio.wait([self._task], timeout=timeout_s)
        if late:
            self._task.cancel()
            self._log.warning("stop_timed_out", seconds=timeout_s)

    async def _run(self) -> None:
        try:
            await self._lives()
        except asyncio.CancelledError:
            if not self._stopping:
                raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, the worker must hear of it
            self._failed(error)
        finally:
            self._thread.shutdown(wait=False)

    async def _lives(self) -> None:
        """One life after another; nothing of one is kept while the next is waited for."""
        backoff_s = _FIRST_BACKOFF_S
        while not self._stopping:
            began = time.monotonic()
            end = await self._life()
            if time.monotonic() - began > _LONGEST_BACKOFF_S:
                backoff_s = _FIRST_BACKOFF_S
            if end is _End.FENCED:
                # Whoever lost the partition without noticing learns of it within a heartbeat,
                # and must not fence the new owner in return.
                await asyncio.sleep(_FENCED_BACKOFF_S)
            elif end is _End.TROUBLED:
                await asyncio.sleep(backoff_s)
                backoff_s = min(backoff_s * 2, _LONGEST_BACKOFF_S)

    async def _life(self) -> "_End":
        """One life and how it ended. Raises what no new life can mend."""
        try:
            await self._live()
        except FencedError as error:
            self._log.warning("fenced", reason=str(error))
            metrics.FENCINGS.labels(self._spec.name, self._number).inc()
            return _End.FENCED
        except StoreBrokenError as error:
            self._log.warning("store_broken", reason=str(error))
            return _End.TROUBLED
        except _BROKER_TROUBLE as error:
            self._log.warning("broker_trouble", reason=told(error))
            return _End.TROUBLED
        except asyncio.CancelledError:
            if self._stopping or self._is_being_cancelled():
                raise
            # Clients let the cancellation of their inner tasks out; a processor that took it for its own would be gone.
            self._log.warning("broker_trouble", reason="cancelled from within")
            return _End.TROUBLED
        return _End.STOPPED

    def _is_being_cancelled(self) -> bool:
        return self._task is not None and self._task.cancelling() > 0

    async def _live(self) -> None:
        metrics.LIVES.labels(self._spec.name, self._number).inc()
        writer = TransactionalWriter(self._settings, self._transactional_id())
        try:
            await self._blocking(writer.fence)
            reading = PartitionReader(self._settings, self._settings.topic_prefix, self._number)
            async with reading as reader, self._store() as store:
                with allowed(f"read the changelogs of {self._spec.name}"):
                    self._loop = await self._prepare(reader, writer, store)
                while not self._stopping:
                    with allowed(f"read the topics of {self._spec.name}"):
                        await self._loop.turn()
        finally:
            self._loop = None
            await asyncio.shield(self._blocking(writer.close))

    def _transactional_id(self) -> str:
        return f"{self._settings.topic_prefix}{self._spec.name}-{self._number}"

    @asynccontextmanager
    async def _store(self) -> AsyncIterator[Store]:
        """The life's store. It is closed even when nobody waits any more for its opening."""
        opening = asyncio.ensure_future(
            self._blocking(lambda: open_store(self._spec, self._number, self._count, self._settings))
        )
        try:
            yield await asyncio.shield(opening)
        finally:
            if opening.done():
                _close(opening)
            else:
                opening.add_done_callback(_close)

    async def _prepare(self, reader: PartitionReader, writer: TransactionalWriter, store: Store) -> BatchLoop:
        """From fenced to ready to read: state, logic, positions."""
        partition = Partition(self._number, self._count, store.tables, self._settings)
        positions, ends, state = await restore(self._spec, partition, store, reader)
        try:
            logic = self._spec.start(partition)
            logic.restored()
        except Exception as error:
            raise LogicError(f"{self._spec.name} could not take up partition {self._number}: {told(error)}") from error
        reader.read_from(positions)
        self._log.info("reading", positions=positions)

        async def commit(records: Sequence[OutputRecord]) -> None:
            await self._blocking(lambda: writer.commit(records))

        return BatchLoop(self._spec, partition, logic, reader, commit, positions, state, self._pace, ends)

    async def _blocking(self, step: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, step)


def _close(opening: "asyncio.Future[Store]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
