"""What a life finds of the ones before it: on disk, and in changelogs that must go together with the progress."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from services.runtime import rebuilding
from services.runtime.errors import ChangelogLostError, StoreBrokenError, StoreError
from services.runtime.reading import end_offsets
from services.runtime.settings import Settings
from services.runtime.stores.database import Database
from services.runtime.topics import create_topics
from tests.runtime.counting import TOPICS
from tests.runtime.harness import assert_counted_exactly, processed, publish, read_progress, until
from tests.runtime.processors import Running, delete_records, running


@pytest.fixture
def stored(counting: Settings, tmp_path: Path) -> Settings:
    """The installation, with its state on disk."""
    return counting.model_copy(update={"store": "rocksdb", "data_dir": tmp_path})


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    """What is logged meanwhile."""
    with structlog.testing.capture_logs() as captured:
        yield captured


def restored(logs: list[Any]) -> list[int]:
    """How many changelog records each life has read."""
    return [line["records"] for line in logs if line["event"] == "restored"]


@asynccontextmanager
async def life(settings: Settings, logs: list[Any], numbers: int = 0) -> AsyncIterator[Running]:
    """A life that counts so many numbers, of so many keys, in a transaction or more of its own."""
    before = sum(sum(p.positions.values()) for p in (await read_progress(settings)).values())
    lives = len(restored(logs))
    async with running(settings) as process:
        await until(lambda: len(restored(logs)) > lives)
        publish(settings, "numbers", [(0, f"k{n}", str(n)) for n in range(numbers)])
        await processed(settings, before + numbers)
        await until(lambda: process.processor.positions == {"numbers": before + numbers})
        yield process


async def test_a_restart_reads_nothing_that_is_on_disk(stored: Settings, logs: list[Any]) -> None:
    for numbers in (10, 5, 0):
        async with life(stored, logs, numbers):
            pass
    assert restored(logs) == [0, 0, 0]
    await assert_counted_exactly(stored)


async def test_a_restart_reads_only_what_others_have_written_since(
    stored: Settings, counting: Settings, logs: list[Any]
) -> None:
    async with life(stored, logs, 20):
        pass
    async with life(counting.model_copy(update={"store": "memory"}), logs, 7):
        pass
    async with life(stored, logs, 1):
        pass
    assert restored(logs)[0] == 0
    assert restored(logs)[1] >= 20
    assert restored(logs)[2] >= 7
    assert restored(logs)[1] + restored(logs)[2] < 2 * restored(logs)[1]
    await assert_counted_exactly(stored)


async def test_a_restore_says_how_far_it_is(
    counting: Settings, logs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "_SAY_S", 0)
    in_memory = counting.model_copy(update={"store": "memory"})
    for numbers in (10, 0):
        async with life(in_memory, logs, numbers):
            pass
    said = [line for line in logs if line["event"] == "restoring"]
    assert said[-1]["changelog"] == "count-totals"
    assert 10 <= said[-1]["passed"] <= said[-1]["offsets"]
    assert said[-1]["records_per_s"] > 0


async def test_an_installation_made_anew_under_the_same_name_finds_nothing_of_the_old_one(
    stored: Settings, logs: list[Any]
) -> None:
    async with life(stored, logs, 3):
        pass
    remake(stored, *TOPICS)
    async with life(stored, logs, 20):
        pass
    assert any(line.get("reason") == "it belongs to other topics" for line in logs)
    await assert_counted_exactly(stored)


async def test_two_owners_on_one_machine_have_a_database_each(
    stored: Settings, logs: list[Any], tmp_path: Path
) -> None:
    async with life(stored, logs, 5), life(stored, logs, 5):
        folder = tmp_path / f"{stored.topic_prefix}count" / "0"
        assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["0", "1"]
    await assert_counted_exactly(stored)


async def test_a_place_that_cannot_be_written_stops_the_worker(counting: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = counting.model_copy(update={"store": "rocksdb", "data_dir": tmp_path / "file"})
    async with running(settings) as process:
        assert isinstance(await process.fault(), StoreError)


async def test_progress_says_where_its_changelogs_end(counting: Settings, logs: list[Any]) -> None:
    for numbers in (10, 3):
        async with life(counting, logs, numbers):
            pass
    ends = await end_offsets(counting.cluster, "count-totals", prefix=counting.topic_prefix)
    assert (await read_progress(counting))[0].ends == {"count-totals": ends[0]}


async def test_a_changelog_whose_records_were_deleted_is_refused(counting: Settings, logs: list[Any]) -> None:
    async with life(counting, logs, 10):
        pass
    delete_compacted(counting, "count-totals", 3)
    await refused(counting, "count-totals-0 begins at offset 3 instead of 0")


async def test_a_changelog_that_was_made_anew_is_refused(counting: Settings, logs: list[Any]) -> None:
    async with life(counting, logs, 10):
        pass
    remake(counting, "count-totals")
    await refused(counting, "count-totals-0 ends at offset 0, but count-progress-0 says that it reached 1")


async def test_changelogs_without_their_progress_are_refused(counting: Settings, logs: list[Any]) -> None:
    async with life(counting, logs, 10):
        pass
    remake(counting, "count-progress")
    await refused(counting, "count-progress-0 says nothing, but there is state in the changelogs")


async def test_a_progress_that_was_emptied_is_refused(stored: Settings, logs: list[Any]) -> None:
    async with life(stored, logs, 10):
        pass
    ends = await end_offsets(stored.cluster, "count-progress", prefix=stored.topic_prefix)
    delete_compacted(stored, "count-progress", ends[0])
    await refused(stored, "count-progress-0 says nothing")


async def refused(settings: Settings, message: str) -> None:
    """A life ends for good, and says this and what to do."""
    async with running(settings) as process:
        fault = await process.fault()
    assert isinstance(fault, ChangelogLostError)
    assert message in str(fault)
    assert "from the same backup" in str(fault)


def remake(settings: Settings, *topics: str) -> None:
    """Delete topics and make them again."""
    admin = AdminClient({"bootstrap.servers": settings.cluster})
    for deleted in admin.delete_topics([settings.topic_prefix + name for name in topics]).values():
        deleted.result()
    create_topics(settings, {name: TOPICS[name] for name in topics})


def delete_compacted(settings: Settings, topic: str, before: int) -> None:
    """Delete records of a compacted topic: the broker lets nobody who does not first make it another kind of topic."""
    set_policy(settings, topic, "delete")
    delete_records(settings, topic, before)
    set_policy(settings, topic, "compact")


def set_policy(settings: Settings, topic: str, policy: str) -> None:
    """Set `cleanup.policy`."""
    change = ConfigEntry("cleanup.policy", policy, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, settings.topic_prefix + topic, incremental_configs=[change])
    admin = AdminClient({"bootstrap.servers": settings.cluster})
    for altered in admin.incremental_alter_configs([resource]).values():
        altered.result()


async def test_a_database_that_cannot_be_written_ends_the_life_and_not_the_worker(
    stored: Settings, logs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is committed, the database lacks it, and the next life reads it from the changelog."""
    async with life(stored, logs, 3) as process:
        with monkeypatch.context() as full_disk:
            full_disk.setattr(Database, "write", _no_space)
            publish(stored, "numbers", [(0, "a", "1"), (0, "b", "2")])
            await until(lambda: any(line["event"] == "store_broken" for line in logs))
        await until(lambda: process.processor.positions == {"numbers": 5})
    assert restored(logs)[0] == 0
    assert restored(logs)[-1] == 2
    await assert_counted_exactly(stored)


def _no_space(database: Database, _: object) -> None:
    raise StoreBrokenError(f"{database.folder}: IO error: No space left on device")
