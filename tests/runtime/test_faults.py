"""What ends a processor for good: nothing of the batch is committed, and what is said names the place."""

from collections.abc import Sequence

import pytest
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
from services.runtime.progress import encode_progress
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.settings import Settings
from tests.runtime.counting import Counting, encode
from tests.runtime.harness import (
    processed,
    publish,
    publish_in_transaction,
    read,
    read_progress,
)
from tests.runtime.processors import Lives, delete_records, running


async def test_a_bug_ends_the_processor_with_nothing_committed(counting: Settings) -> None:
    publish(counting, "numbers", [(0, "a", "1"), (0, "a", "2"), (0, "a", "bug"), (0, "a", "4")])
    async with running(counting) as process:
        fault = await process.fault()
    assert isinstance(fault, LogicError)
    assert "count failed at numbers-0 offset 2: ZeroDivisionError" in str(fault)
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
                outputs.append(OutputRecord("counts", 0, b"large", bytes(9_000_000 if refuser == "client" else 50_000)))
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


async def test_a_state_record_that_does_not_decode_is_fatal_and_names_its_place(counting: Settings) -> None:
    state = [("fine", encode((1, 1))), ("broken|key", b"{}")]
    publish_in_transaction(counting, [OutputRecord("count-totals", 0, key.encode(), value) for key, value in state])
    async with running(counting) as process:
        fault = await process.fault()
    assert isinstance(fault, UndecodableStateError)
    assert "count-totals-0 offset 1: UnknownVersionError: " in str(fault)
    assert "broken" not in str(fault)


async def test_progress_of_another_partition_count_is_fatal(counting: Settings) -> None:
    _write_progress(counting, encode_progress(12, {"numbers": 0}, {}))
    await _assert_fault(counting, PartitionCountError, "written with 12 partitions and now to be read with 4")


async def test_progress_that_cannot_be_read_is_fatal(counting: Settings) -> None:
    _write_progress(counting, b'{"version": 2, "partitions": 4, "positions": {}}')
    await _assert_fault(
        counting, UndecodableStateError, "count-progress-0 offset 0: NotStateError: progress of version 2"
    )


async def test_a_position_below_the_log_is_fatal(counting: Settings) -> None:
    publish(counting, "numbers", [(0, "a", str(n)) for n in range(10)])
    _write_progress(counting, encode_progress(4, {"numbers": 4}, {}))
    delete_records(counting, "numbers", 6)
    await _assert_fault(counting, PositionOutOfRangeError, "numbers-0: to be read on from 4, but the log begins at 6")


async def test_a_position_beyond_the_log_is_fatal(counting: Settings) -> None:
    publish(counting, "numbers", [(0, "a", str(n)) for n in range(10)])
    _write_progress(counting, encode_progress(4, {"numbers": 11}, {}))
    await _assert_fault(counting, PositionOutOfRangeError, "numbers-0: to be read on from 11, but the log ends at 10")


async def test_records_deleted_before_they_could_be_read_on_are_fatal(counting: Settings) -> None:
    class Late(Counting):
        def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
            publish(counting, "numbers", [(0, "a", str(n)) for n in range(5)])
            delete_records(counting, "numbers", 4)  # nothing is fetched meanwhile: this keeps the loop waiting
            return super().process(records)

    publish(counting, "numbers", [(0, "a", "1")])
    async with running(counting, Lives(Late).spec) as process:
        fault = await process.fault()
    assert isinstance(fault, PositionOutOfRangeError)
    assert "records were deleted before they were read" in str(fault)


async def _assert_fault(settings: Settings, kind: type[WorkerError], message: str) -> None:
    async with running(settings) as process:
        fault = await process.fault()
    assert isinstance(fault, kind)
    assert message in str(fault)


def _write_progress(settings: Settings, value: bytes) -> None:
    publish(settings, "count-progress", [(0, "0", value.decode())])


def _limit_messages(settings: Settings, topic: str, size: int) -> None:
    admin = AdminClient({"bootstrap.servers": settings.cluster})
    change = ConfigEntry("max.message.bytes", str(size), incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, settings.topic_prefix + topic, incremental_configs=[change])
    for altered in admin.incremental_alter_configs([resource]).values():
        altered.result()


async def test_an_output_of_some_megabytes_is_written(counting: Settings) -> None:
    """A confirmation over a thousand lots is no reason to stop."""

    class Verbose(Counting):
        def process(self, records: Sequence[InputRecord]) -> Sequence[OutputRecord]:
            return [*super().process(records), OutputRecord("counts", 0, b"large", bytes(3_000_000))]

    async with running(counting, Lives(Verbose).spec):
        publish(counting, "numbers", [(0, "a", "1")])
        await processed(counting, 1)
    assert [len(record.value or b"") for record in await read(counting, "counts")] == [5, 3_000_000]
