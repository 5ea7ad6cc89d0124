"""Topics are made as the table says, and a start is refused where they are not so."""

import asyncio
import time
from dataclasses import replace

import pytest
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from contracts_schema.topics import TOPICS as ALL
from contracts_schema.topics import Partitions, Topic
from services.runtime.errors import TopicsDifferError
from services.runtime.settings import Settings
from services.runtime.topics import (
    check_co_partitioned,
    create_topics,
    expected_config,
    list_differences,
    verify_topics,
    wait_for_topics,
)
from tests.runtime.counting import SPEC
from tests.runtime.counting import TOPICS as COUNTING

KEPT = Topic("kept", "key", None, "a test", Partitions.PER_PARTICIPANT, 86_400_000, False, "LogAppendTime", "")
STATE = Topic("state", "key", None, "a test", Partitions.ONE, None, True, "CreateTime", "")
TOPICS = {topic.name: topic for topic in (KEPT, STATE)}


@pytest.fixture
def settings(bootstrap_servers: str, topic_prefix: str) -> Settings:
    """An installation without topics."""
    return Settings(bootstrap_servers=bootstrap_servers, topic_prefix=topic_prefix, partitions=3)


def test_every_topic_of_the_product_is_made_as_the_table_says(settings: Settings) -> None:
    assert create_topics(settings, ALL) == list(ALL)
    verify_topics(settings, ALL)
    assert create_topics(settings, ALL) == []


def test_missing_topics_are_named_with_the_command_that_makes_them(settings: Settings) -> None:
    create_topics(settings, {"kept": KEPT})
    with pytest.raises(TopicsDifferError) as refused:
        verify_topics(settings, TOPICS)
    assert f"{settings.topic_prefix}state: is missing" in str(refused.value)
    assert "annuity-ledger topics" in str(refused.value)
    assert f"{settings.topic_prefix}kept" not in str(refused.value)


def test_another_number_of_partitions_is_refused(settings: Settings) -> None:
    create_topics(settings.model_copy(update={"partitions": 5}), {"kept": KEPT})
    _make(settings, "state", 2, expected_config(STATE))
    differences = list_differences(settings, TOPICS)
    assert [(d.topic, d.what) for d in differences] == [
        (f"{settings.topic_prefix}kept", "has 5 partitions instead of 3"),
        (f"{settings.topic_prefix}state", "has 2 partitions instead of 1"),
    ]
    assert "ANNUITY_LEDGER_PARTITIONS=5" in differences[0].remedy


@pytest.mark.parametrize(
    ("topic", "key", "value", "expected"),
    [
        ("kept", "retention.ms", "3600000", "86400000"),
        ("kept", "retention.bytes", "1000000", "-1"),
        ("kept", "max.message.bytes", "1048588", "8388608"),
        ("kept", "cleanup.policy", "compact", "delete"),
        ("kept", "message.timestamp.type", "CreateTime", "LogAppendTime"),
        ("state", "cleanup.policy", "delete", "compact"),
        ("state", "cleanup.policy", "compact,delete", "compact"),
        ("state", "message.timestamp.type", "LogAppendTime", "CreateTime"),
        ("state", "delete.retention.ms", "3600000", "86400000"),
        ("state", "segment.bytes", "1073741824", "67108864"),
    ],
)
def test_another_configuration_is_refused(settings: Settings, topic: str, key: str, value: str, expected: str) -> None:
    create_topics(settings, TOPICS)
    _alter(settings, topic, key, value)
    (difference,) = list_differences(settings, TOPICS)
    assert difference.topic == settings.topic_prefix + topic
    assert difference.what == f"has {key}={value} instead of {expected}"
    assert f"--add-config {key}={expected}" in difference.remedy


def test_a_service_needs_topics_with_equally_many_partitions() -> None:
    check_co_partitioned(SPEC, COUNTING)
    uneven = COUNTING | {"count-totals": replace(COUNTING["count-totals"], partitions=Partitions.ONE)}
    with pytest.raises(TopicsDifferError, match=r"numbers \(per participant\).*count-totals \(one\)"):
        check_co_partitioned(SPEC, uneven)


def test_a_service_names_only_topics_that_there_are_and_shares_out_one_that_it_reads() -> None:
    with pytest.raises(TopicsDifferError, match="does not have: numbers"):
        check_co_partitioned(SPEC, {name: topic for name, topic in COUNTING.items() if name != "numbers"})
    with pytest.raises(TopicsDifferError, match="counts, which it does not read"):
        check_co_partitioned(replace(SPEC, membership="counts"), COUNTING)


async def test_waiting_for_a_broker_that_is_away_ends_when_asked(settings: Settings) -> None:
    stop = asyncio.Event()
    nowhere = settings.model_copy(update={"bootstrap_servers": "127.0.0.1:1"})
    waiting = asyncio.create_task(wait_for_topics(nowhere, TOPICS, stop))
    stop.set()
    await asyncio.wait_for(waiting, 30)


def _make(settings: Settings, name: str, partitions: int, config: dict[str, str]) -> None:
    admin = AdminClient({"bootstrap.servers": settings.cluster})
    for made in admin.create_topics([NewTopic(settings.topic_prefix + name, partitions, 1, config=config)]).values():
        made.result()
    deadline = time.monotonic() + 20
    while settings.topic_prefix + name not in admin.list_topics().topics:  # brokers learn of it a little later
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _alter(settings: Settings, name: str, key: str, value: str) -> None:
    admin = AdminClient({"bootstrap.servers": settings.cluster})
    change = ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, settings.topic_prefix + name, incremental_configs=[change])
    for altered in admin.incremental_alter_configs([resource]).values():
        altered.result()
    deadline = time.monotonic() + 20
    while _described(admin, settings.topic_prefix + name)[key].value != value:  # brokers learn of it a little later
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _described(admin: AdminClient, name: str) -> dict[str, ConfigEntry]:
    (answer,) = admin.describe_configs([ConfigResource(ResourceType.TOPIC, name)]).values()
    described: dict[str, ConfigEntry] = answer.result()
    return described
