"""Two workers, faults, and in the end every input counted exactly once."""

import asyncio
import signal
from pathlib import Path

from services.runtime.settings import Settings
from tests.runtime.harness import Publisher, Worker, assert_counted_exactly, processed, publish

KEYS = 40


def _numbers(first: int, count: int) -> list[tuple[int, str, str]]:
    return [(n % KEYS % 4, f"k{n % KEYS}", str(n)) for n in range(first, first + count)]


async def test_a_worker_killed_in_mid_stream_and_replaced_loses_and_repeats_nothing(
    counting: Settings, tmp_path: Path
) -> None:
    with Worker(counting, tmp_path / "first") as first, Worker(counting, tmp_path / "second") as second:
        await first.logged("reading")
        await second.logged("reading")
        publishing = asyncio.create_task(_publish_slowly(counting, 20_000))
        await processed(counting, 2_000)
        second.process.send_signal(signal.SIGKILL)
        with Worker(counting, tmp_path / "third") as third:
            await third.logged("reading")
            await publishing
            await processed(counting, 20_000)
            totals = await assert_counted_exactly(counting)
            assert len(totals) == KEYS
            assert sum(count for count, _ in totals.values()) == 20_000
            assert sum(total for _, total in totals.values()) == sum(range(20_000))


async def test_a_worker_that_was_stopped_past_its_session_cannot_write_when_it_wakes(
    counting: Settings, tmp_path: Path
) -> None:
    with Worker(counting, tmp_path / "zombie") as zombie, Worker(counting, tmp_path / "heir") as heir:
        await zombie.logged("reading")
        await heir.logged("reading")
        publishing = asyncio.create_task(_publish_slowly(counting, 15_000))
        await processed(counting, 1_000)
        zombie.process.send_signal(signal.SIGSTOP)
        await heir.logged("assigned", partitions=[0, 1, 2, 3])
        await publishing
        await processed(counting, 15_000)
        zombie.process.send_signal(signal.SIGCONT)
        await zombie.logged("released", times=1)
        publish(counting, "numbers", _numbers(15_000, 1_000))
        await processed(counting, 16_000)
        totals = await assert_counted_exactly(counting)
        assert sum(count for count, _ in totals.values()) == 16_000


async def test_a_worker_that_is_asked_to_stop_hands_over_at_once(counting: Settings, tmp_path: Path) -> None:
    patient = {"ANNUITY_LEDGER_SESSION_TIMEOUT_S": "20"}
    with (
        Worker(counting, tmp_path / "leaver", **patient) as leaver,
        Worker(counting, tmp_path / "stayer", **patient) as stayer,
    ):
        await leaver.logged("reading")
        await stayer.logged("reading")
        publish(counting, "numbers", _numbers(0, 3_000))
        leaver.process.terminate()
        async with asyncio.timeout(12):  # were it only missed, its last heartbeat alone would give it 13 seconds
            assert await leaver.ended() == 0
            await stayer.logged("assigned", partitions=[0, 1, 2, 3])
        await processed(counting, 3_000)
        await assert_counted_exactly(counting)


async def _publish_slowly(settings: Settings, count: int) -> None:
    publisher = Publisher(settings)
    for first in range(0, count, 250):
        await asyncio.to_thread(publisher.publish, "numbers", _numbers(first, 250))
        await asyncio.sleep(0.1)
