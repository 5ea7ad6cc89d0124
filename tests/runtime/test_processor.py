"""A processor's life on a real broker: fence, restore, read on."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import structlog

from services.runtime.reading import end_offsets
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.settings import Settings
from tests.runtime.counting import Counting
from tests.runtime.harness import (
    assert_counted_exactly,
    processed,
    publish,
    publish_in_transaction,
    until,
)
from tests.runtime.processors import Lives, delete_records, running


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


async def test_a_log_that_was_never_read_is_read_from_where_it_begins(counting: Settings) -> None:
    publish(counting, "numbers", [(0, "a", str(n)) for n in range(10)])
    delete_records(counting, "numbers", 6)
    async with running(counting):
        await processed(counting, 10)
        assert await assert_counted_exactly(counting) == {"a": (4, 6 + 7 + 8 + 9)}


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
