"""A worker as a process: what ends it, and with which exit code and which words."""

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from confluent_kafka import Consumer, TopicPartition

from services.runtime.broker import EmbeddedBroker
from services.runtime.errors import MembershipLostError
from services.runtime.membership import Membership
from services.runtime.service import Partition, PartitionLogic
from services.runtime.settings import Settings
from services.runtime.topics import create_topics
from services.runtime.worker import serve
from tests.runtime.counting import SPEC, TOPICS
from tests.runtime.harness import (
    Publisher,
    Worker,
    assert_counted_exactly,
    processed,
    publish,
    read,
    read_progress,
    until,
)
from tests.runtime.two_services import BOTH


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
async def test_a_worker_asked_to_stop_drains_and_ends_well(
    counting: Settings, tmp_path: Path, asked: signal.Signals
) -> None:
    with Worker(counting, tmp_path / "log") as worker:
        await worker.logged("reading", times=4)
        publish(counting, "numbers", [(n % 4, "k", "1") for n in range(2_000)])
        await processed(counting, 1)
        worker.process.send_signal(asked)
        assert await worker.ended() == 0
        (stopped,) = worker.events("worker_stopped")
        assert stopped["reason"] == "asked to"
        assert worker.events("released")
    with Worker(counting, tmp_path / "next"):
        await processed(counting, 2_000)
        await assert_counted_exactly(counting)


async def test_a_bug_ends_the_worker_and_names_the_record(counting: Settings, tmp_path: Path) -> None:
    publish(counting, "numbers", [(1, "a", "1"), (1, "a", "bug"), (1, "a", "3")])
    with Worker(counting, tmp_path / "log") as worker:
        assert await worker.ended() == 1
        (stopped,) = worker.events("worker_stopped")
    assert stopped["fault"] == "LogicError"
    assert "numbers-1 offset 1: ZeroDivisionError" in stopped["reason"]
    assert "raise ZeroDivisionError" in stopped["exception"]
    assert 1 not in await read_progress(counting)
    assert await read(counting, "counts", 1) == []


async def test_a_worker_does_not_start_on_topics_that_differ(
    bootstrap_servers: str, topic_prefix: str, tmp_path: Path
) -> None:
    settings = Settings(bootstrap_servers=bootstrap_servers, topic_prefix=topic_prefix, partitions=4)
    await asyncio.to_thread(create_topics, settings, {"numbers": TOPICS["numbers"]})
    with Worker(settings, tmp_path / "log", ANNUITY_LEDGER_PARTITIONS="6") as worker:
        assert await worker.ended() == 1
        (stopped,) = worker.events("worker_stopped")
    assert stopped["fault"] == "TopicsDifferError"
    assert f"{topic_prefix}numbers: has 4 partitions instead of 6" in stopped["reason"]
    assert f"{topic_prefix}count-totals: is missing" in stopped["reason"]


async def test_several_services_run_in_one_worker(counting: Settings, tmp_path: Path) -> None:
    await asyncio.to_thread(create_topics, counting, BOTH)
    with Worker(counting, tmp_path / "log", module="tests.runtime.two_services") as worker:
        publish(counting, "numbers", [(n % 4, f"k{n % 7}", str(n)) for n in range(1_000)])
        await processed(counting, 1_000)
        await until(lambda: len(worker.events("reading", service="pass")) == 4)
        counted = await read(counting, "counts")
        deadline = asyncio.get_running_loop().time() + 20
        while len(passed := await read(counting, "passed")) < len(counted):
            assert asyncio.get_running_loop().time() < deadline
        assert [record.value for record in passed] == [record.value for record in counted]
        await assert_counted_exactly(counting)
        worker.process.terminate()
        assert await worker.ended() == 0


async def test_a_worker_outlives_its_broker(tmp_path: Path) -> None:
    with EmbeddedBroker() as broker:
        settings = Settings(bootstrap_servers=broker.bootstrap_servers, topic_prefix="o-", partitions=4)
        await asyncio.to_thread(create_topics, settings, TOPICS)
        publisher = Publisher(settings)
        with Worker(settings, tmp_path / "log", ANNUITY_LEDGER_BATCH_MAX_RECORDS="10") as worker:
            publisher.publish("numbers", [(n % 4, f"k{n % 9}", str(n)) for n in range(2_000)])
            await processed(settings, 1)
            broker.kill()
            await asyncio.to_thread(broker.restart)
            publisher.publish("numbers", [(n % 4, f"k{n % 9}", str(n)) for n in range(2_000)])
            await processed(settings, 4_000)
            await assert_counted_exactly(settings)
            worker.process.terminate()
            assert await worker.ended() == 0


async def test_without_a_broker_a_worker_waits_says_so_and_can_be_stopped(tmp_path: Path) -> None:
    nowhere = Settings(bootstrap_servers="127.0.0.1:1", topic_prefix="n-", partitions=4)
    with Worker(nowhere, tmp_path / "log") as worker:
        await worker.logged("broker_away")
        worker.process.terminate()
        assert await worker.ended() == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the thread of Faust's client
async def test_a_broker_that_dies_before_the_group_is_joined_is_waited_for() -> None:
    """A worker that has seen its topics joins next; between the two there is time for a broker to die."""
    assigned = asyncio.Event()

    async def take(_: frozenset[int]) -> None:
        assigned.set()

    async def drop() -> None:
        pass

    with EmbeddedBroker() as broker, structlog.testing.capture_logs() as logged:
        settings = Settings(bootstrap_servers=broker.bootstrap_servers, topic_prefix="j-", partitions=4)
        await asyncio.to_thread(create_topics, settings, TOPICS)
        broker.kill()
        member = asyncio.create_task(Membership("j-count", "j-numbers", settings, take, drop).run())
        await until(lambda: any(entry["event"] == "broker_away" for entry in logged))
        await asyncio.to_thread(broker.restart)
        await asyncio.wait_for(assigned.wait(), 60)
        member.cancel()
        await asyncio.gather(member, return_exceptions=True)


async def test_progress_is_mirrored_for_lag_tools(counting: Settings, tmp_path: Path) -> None:
    with Worker(counting, tmp_path / "log"):
        publish(counting, "numbers", [(n % 4, "k", "1") for n in range(40)])
        await processed(counting, 40)
        group = f"{counting.topic_prefix}count-progress"
        consumer = Consumer({"bootstrap.servers": counting.cluster, "group.id": group})
        partitions = [TopicPartition(f"{counting.topic_prefix}numbers", n) for n in range(4)]
        await until(lambda: [tp.offset for tp in consumer.committed(partitions, timeout=10)] == [10] * 4)
        consumer.close()


async def test_a_broken_membership_ends_the_service(counting: Settings) -> None:
    """An application of Faust's that crashed must not leave a worker that owns nothing and joins nothing."""
    assigned = asyncio.Event()

    async def take(_: frozenset[int]) -> None:
        assigned.set()

    async def drop() -> None:
        pass

    group, topic = f"{counting.topic_prefix}count", f"{counting.topic_prefix}numbers"
    membership = Membership(group, topic, counting, take, drop)
    member = asyncio.create_task(membership.run())
    await asyncio.wait_for(assigned.wait(), 30)
    await membership._app.crash(RuntimeError("broken"))
    with pytest.raises(MembershipLostError, match="broken"):
        await asyncio.wait_for(member, 30)


async def test_a_handler_that_fails_ends_the_service(counting: Settings) -> None:
    async def take(_: frozenset[int]) -> None:
        raise RuntimeError("cannot take them")

    async def drop() -> None:
        pass

    group, topic = f"{counting.topic_prefix}count", f"{counting.topic_prefix}numbers"
    with pytest.raises(MembershipLostError, match="cannot take them"):
        await asyncio.wait_for(Membership(group, topic, counting, take, drop).run(), 30)


async def test_one_service_that_cannot_go_on_stops_the_others(counting: Settings) -> None:
    def start(_: Partition) -> PartitionLogic:
        raise RuntimeError("not ready")

    await asyncio.to_thread(create_topics, counting, BOTH)
    broken = replace(SPEC, name="broken", start=start)
    with structlog.testing.capture_logs() as logs, pytest.raises(Exception, match="could not take up partition"):
        await asyncio.wait_for(serve([SPEC, broken], counting, asyncio.Event(), BOTH), 60)
    assert {line["service"] for line in logs if line["event"] == "released"} == {"count", "broken"}
