"""A processor's life on a real broker: fence, restore, read on; and what ends it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import structlog
from confluent_kafka import TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from services.runtime.errors import (
    LogicError,
    OutputRefusedError,
    PartitionCountError,
    PositionOutOfRangeError,
    UndecodableStateError,
    WorkerError,
)
from services.runtime.processor import Processor
from services.runtime.progress import encode_progress
from services.runtime.reading import end_offsets
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition, ServiceSpec
from services.runtime.settings import Settings
from tests.runtime.counting import SPEC, Counting, encode
from tests.runtime.harness import (
    PATIENCE_S,
    assert_counted_exactly,
    processed,
    publish,
    publish_in_transaction,
    read,
    read_progress,
    until,
)


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
    processor.start()
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


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    """What is logged meanwhile."""
    with structlog.testing.capture_logs() as captured:
        yield captured


async def test_the_second_owner_fences_the_first_which_drops_its_memory(counting: Settings, logs: list[Any]) -> None:
    first, second = Lives(), Lives()
    async with running(counting, first.spec) as old:
        publish(counting, "numbers", [(0, "a", "1"), (0, "b", "2")])
        await processed(counting, 2)
        async with running(counting, second.spec):
            await until(lambda: bool(second.made))
            publish(counting, "numbers", [(0, "a", "10"), (0, "b", "20")])
            await until(lambda: any(line["event"] == "fenced" for line in logs))
            await until(lambda: old.processor.positions == {})
            await old.processor.stop(10)
            publish(counting, "numbers", [(0, "a", "100")])
            await processed(counting, 5)
    assert await assert_counted_exactly(counting) == {"a": (3, 111), "b": (2, 22)}
    assert len(first.made) == 1


async def test_a_processor_that_was_fenced_starts_anew_while_it_is_still_owned(
    counting: Settings, logs: list[Any]
) -> None:
    owner = Lives()
    async with running(counting, owner.spec):
        publish(counting, "numbers", [(0, "a", "1")])
        await processed(counting, 1)
        async with running(counting) as intruder:
            await until(lambda: bool(intruder.processor.positions))
        publish(counting, "numbers", [(0, "a", "10")])
        await processed(counting, 2)
    assert any(line["event"] == "fenced" for line in logs)
    assert len(owner.made) == 2
    assert await assert_counted_exactly(counting) == {"a": (2, 11)}


async def test_a_transaction_left_open_by_a_dead_owner_is_aborted_and_done_again(counting: Settings) -> None:
    publish(counting, "numbers", [(0, "a", "1")])
    stray = OutputRecord("counts", 0, b"a", b"stray")
    with pytest.raises(RuntimeError, match="dies"):
        publish_in_transaction(counting, _then_die([stray]), writer="count-0")
    async with running(counting):
        await processed(counting, 1)
        assert await assert_counted_exactly(counting) == {"a": (1, 1)}


def _then_die(records: Sequence[OutputRecord]) -> Iterator[OutputRecord]:
    yield from records
    raise RuntimeError("dies in the middle of a transaction")


async def test_restored_state_is_what_was_committed_tombstones_included(counting: Settings) -> None:
    class Forgetting(Counting):
        def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
            outputs = super().process(records)
            for record in records:
                if record.value == b"0":
                    self.totals.delete((record.key or b"").decode())
            return outputs

    before, after = Lives(Forgetting), Lives(Forgetting)
    async with running(counting, before.spec):
        publish(counting, "numbers", [(0, "a", "1"), (0, "b", "2"), (0, "c", "3")])
        await processed(counting, 3)
        publish(counting, "numbers", [(0, "b", "0"), (0, "c", "30")])
        await processed(counting, 5)
    async with running(counting, after.spec) as again:
        await until(lambda: bool(again.processor.positions))
        assert dict(after.made[0].totals.items()) == {"a": (1, 1), "c": (2, 33)}
        assert again.processor.positions == {"numbers": 5}


async def test_a_bug_ends_the_processor_with_nothing_committed(counting: Settings) -> None:
    publish(counting, "numbers", [(0, "a", "1"), (0, "a", "2"), (0, "a", "bug"), (0, "a", "4")])
    async with running(counting) as process:
        fault = await process.fault()
    assert isinstance(fault, LogicError)
    assert "count failed at numbers-0 offset 2: ZeroDivisionError: a bug" in str(fault)
    assert await read_progress(counting) == {}
    assert await read(counting, "counts") == []


async def test_logic_that_cannot_start_ends_the_processor(counting: Settings) -> None:
    class Unready(Counting):
        def restored(self) -> None:
            raise KeyError("index")

    async with running(counting, Lives(Unready).spec) as process:
        fault = await process.fault()
    assert isinstance(fault, LogicError)
    assert "count could not take up partition 0" in str(fault)


@pytest.mark.parametrize("refuser", ["client", "broker"])
async def test_an_output_that_is_refused_ends_the_processor_with_nothing_committed(
    counting: Settings, refuser: str
) -> None:
    class Verbose(Counting):
        def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
            outputs = list(super().process(records))
            if any(record.value == b"666" for record in records):
                outputs.append(OutputRecord("counts", 0, b"large", bytes(3_000_000 if refuser == "client" else 50_000)))
            return outputs

    if refuser == "broker":
        _limit_messages(counting, "counts", 20_000)
    async with running(counting, Lives(Verbose).spec) as process:
        publish(counting, "numbers", [(0, "a", "1")])
        await processed(counting, 1)
        publish(counting, "numbers", [(0, "a", "666")])
        fault = await process.fault()
    assert isinstance(fault, OutputRefusedError)
    assert "MSG_SIZE_TOO_LARGE" in str(fault)
    assert (await read_progress(counting))[0].positions == {"numbers": 1}
    assert [record.value for record in await read(counting, "counts")] == [b"1 1 1"]
    assert [record.value for record in await read(counting, "count-totals")] == [encode((1, 1))]


async def test_a_state_record_that_does_not_decode_is_fatal_and_names_its_key(counting: Settings) -> None:
    state = [("fine", encode((1, 1))), ("broken|key", b"{}")]
    publish_in_transaction(counting, [OutputRecord("count-totals", 0, key.encode(), value) for key, value in state])
    async with running(counting) as process:
        fault = await process.fault()
    assert isinstance(fault, UndecodableStateError)
    assert "count-totals-0 offset 1 key 'broken|key'" in str(fault)


async def test_progress_of_another_partition_count_is_fatal(counting: Settings) -> None:
    _write_progress(counting, encode_progress(12, {"numbers": 0}, {}))
    await _assert_fault(counting, PartitionCountError, "written with 12 partitions and now to be read with 4")


async def test_progress_that_cannot_be_read_is_fatal(counting: Settings) -> None:
    _write_progress(counting, b'{"version": 2, "partitions": 4, "positions": {}}')
    await _assert_fault(counting, UndecodableStateError, "count-progress-0 offset 0 key '0': progress of version 2")


async def test_a_position_below_the_log_is_fatal(counting: Settings) -> None:
    publish(counting, "numbers", [(0, "a", str(n)) for n in range(10)])
    _write_progress(counting, encode_progress(4, {"numbers": 4}, {}))
    _delete_records(counting, "numbers", 6)
    await _assert_fault(counting, PositionOutOfRangeError, "numbers-0: to be read on from 4, but the log begins at 6")


async def test_a_position_beyond_the_log_is_fatal(counting: Settings) -> None:
    publish(counting, "numbers", [(0, "a", str(n)) for n in range(10)])
    _write_progress(counting, encode_progress(4, {"numbers": 11}, {}))
    await _assert_fault(counting, PositionOutOfRangeError, "numbers-0: to be read on from 11, but the log ends at 10")


async def test_a_log_that_was_never_read_is_read_from_where_it_begins(counting: Settings) -> None:
    publish(counting, "numbers", [(0, "a", str(n)) for n in range(10)])
    _delete_records(counting, "numbers", 6)
    async with running(counting):
        await processed(counting, 10)
        assert await assert_counted_exactly(counting) == {"a": (4, 6 + 7 + 8 + 9)}


async def test_records_deleted_before_they_could_be_read_on_are_fatal(counting: Settings) -> None:
    class Late(Counting):
        def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
            publish(counting, "numbers", [(0, "a", str(n)) for n in range(5)])
            _delete_records(counting, "numbers", 4)  # nothing is fetched meanwhile: this keeps the loop waiting
            return super().process(records)

    publish(counting, "numbers", [(0, "a", "1")])
    async with running(counting, Lives(Late).spec) as process:
        fault = await process.fault()
    assert isinstance(fault, PositionOutOfRangeError)
    assert "records were deleted before they were read" in str(fault)


async def test_progress_passes_markers_and_aborted_records_when_nothing_else_comes(counting: Settings) -> None:
    numbers = [OutputRecord("numbers", 0, b"a", str(n).encode()) for n in range(3)]
    publish_in_transaction(counting, numbers)
    async with running(counting):
        await _progress_reaches_the_end(counting)
        with pytest.raises(RuntimeError, match="dies"):
            publish_in_transaction(counting, _then_die(numbers))
        publish_in_transaction(counting, [])  # fences the dead one, which aborts what it left
        await _progress_reaches_the_end(counting)
        assert await assert_counted_exactly(counting) == {"a": (3, 3)}
    assert (await end_offsets(counting.cluster, "numbers", prefix=counting.topic_prefix))[0] > 3


async def _progress_reaches_the_end(settings: Settings) -> None:
    end = (await end_offsets(settings.cluster, "numbers", prefix=settings.topic_prefix))[0]
    await processed(settings, end)


async def _assert_fault(settings: Settings, kind: type[WorkerError], message: str) -> None:
    async with running(settings) as process:
        fault = await process.fault()
    assert isinstance(fault, kind)
    assert message in str(fault)


def _write_progress(settings: Settings, value: bytes) -> None:
    publish(settings, "count-progress", [(0, "0", value.decode())])


def _delete_records(settings: Settings, topic: str, before: int) -> None:
    admin = AdminClient({"bootstrap.servers": settings.cluster})
    for deleted in admin.delete_records([TopicPartition(settings.topic_prefix + topic, 0, before)]).values():
        deleted.result()


def _limit_messages(settings: Settings, topic: str, size: int) -> None:
    admin = AdminClient({"bootstrap.servers": settings.cluster})
    change = ConfigEntry("max.message.bytes", str(size), incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, settings.topic_prefix + topic, incremental_configs=[change])
    for altered in admin.incremental_alter_configs([resource]).values():
        altered.result()
