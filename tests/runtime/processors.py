"""Processors in the test's own event loop, one partition at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from services.runtime.pace import Pace
from services.runtime.processor import Processor
from services.runtime.service import Partition, ServiceSpec
from services.runtime.settings import Settings
from tests.runtime.counting import SPEC, Counting
from tests.runtime.harness import PATIENCE_S


class Lives:
    """Makes the logic of a spec and keeps what it made: one for each life of a processor."""

    def __init__(self, start: Callable[[Partition], Counting] = Counting) -> None:
        self._start = start
        self.made: list[Counting] = []
        self.spec: ServiceSpec = replace(SPEC, start=self._make)

    def _make(self, partition: Partition) -> Counting:
        self.made.append(self._start(partition))
        return self.made[-1]


@asynccontextmanager
async def running(settings: Settings, spec: ServiceSpec = SPEC) -> AsyncIterator["Running"]:
    """A processor of partition 0, stopped in the end; what it could not recover from is in `fault`."""
    fault: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
    processor = Processor(spec, 0, 4, settings, fault.set_result)
    processor.start(Pace())
    try:
        yield Running(processor, fault)
    finally:
        await processor.stop(10)


class Running:
    """A processor and the future of its fault."""

    def __init__(self, processor: Processor, fault: "asyncio.Future[Exception]") -> None:
        self.processor = processor
        self._fault = fault

    async def fault(self) -> Exception:
        """Wait for what it cannot recover from."""
        return await asyncio.wait_for(asyncio.shield(self._fault), PATIENCE_S)


def delete_records(settings: Settings, topic: str, before: int) -> None:
    """Let the topic's partition 0 begin at this offset."""
    admin = AdminClient({"bootstrap.servers": settings.cluster})
    for deleted in admin.delete_records([TopicPartition(settings.topic_prefix + topic, 0, before)]).values():
        deleted.result()
