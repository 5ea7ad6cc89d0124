"""Topics on the broker: made as the table of topics says, and compared with it before a worker starts.

A topic with another number of partitions splits participants from their state; one with another retention loses the
book. So nothing is adapted to: a start is refused, with every difference and what to do about it.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType  # type: ignore[attr-defined]

from contracts_schema.topics import TOMBSTONES_MS, Partitions, Topic
from services.runtime.connecting import allowed
from services.runtime.errors import TopicsDifferError
from services.runtime.listing import listed_topics, new_admin
from services.runtime.service import ServiceSpec
from services.runtime.settings import Settings

_log = structlog.get_logger(__name__)
_SEGMENT_BYTES = 64 * 1024 * 1024
_TIMEOUT_S = 10.0
_MAKE = (
    "Make it with `annuity-ledger topics`; if it is there, this principal may not see it: `annuity-ledger topics acls`."
)
_LONGEST_BACKOFF_S = 10.0


def partition_count(topic: Topic, settings: Settings) -> int:
    """How many partitions the topic has in this installation."""
    return 1 if topic.partitions is Partitions.ONE else settings.partitions


def expected_config(topic: Topic) -> dict[str, str]:
    """The broker's settings that matter for the topic, as the broker writes them. A compacted topic keeps the last
    value of every key for ever, and says for a while that a key was removed. What is compacted is closed segments:
    they are small, lest a restore read the same keys again and again.
    """
    config = {"message.timestamp.type": topic.timestamp, "max.message.bytes": str(topic.max_bytes)}
    if topic.compacted:
        return config | {
            "cleanup.policy": "compact",
            "delete.retention.ms": str(TOMBSTONES_MS),
            "segment.bytes": str(_SEGMENT_BYTES),
        }
    retention_ms = -1 if topic.retention_ms is None else topic.retention_ms
    return config | {"cleanup.policy": "delete", "retention.ms": str(retention_ms), "retention.bytes": "-1"}


def create_topics(settings: Settings, topics: Mapping[str, Topic]) -> list[str]:
    """Make the topics that are missing; returns their names, without prefix. Topics that are there are left as they
    are. Blocks.

    They are there for everyone when this returns. Raises `KafkaException` when the broker is away or refuses, and
    `TimeoutError` when topics it has made do not appear.
    """
    there = listed_topics(settings, _TIMEOUT_S)
    missing = [topic for name, topic in topics.items() if settings.topic_prefix + name not in there]
    if missing:
        wanted = [
            NewTopic(
                settings.topic_prefix + topic.name,
                partition_count(topic, settings),
                settings.replication_factor,
                config=expected_config(topic),
            )
            for topic in missing
        ]
        admin = new_admin(settings)
        for future in admin.create_topics(wanted, operation_timeout=_TIMEOUT_S).values():
            future.result()
        _wait_until_listed(admin, {settings.topic_prefix + topic.name for topic in missing})
    return [topic.name for topic in missing]


def verify_topics(settings: Settings, topics: Mapping[str, Topic]) -> None:
    """Compare the topics on the broker with the table. Blocks.

    Raises `TopicsDifferError` naming every difference; `NotLetInError` and `NotAllowedError`; `KafkaException` when the
    broker cannot be asked.
    """
    differences = list_differences(settings, topics)
    if differences:
        lines = [f"  {d.topic}: {d.what}\n    {d.remedy}" for d in differences]
        raise TopicsDifferError("\n".join(["The topics on the broker are not what this installation needs.", *lines]))


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing about a topic (named with its prefix) that is not as the table says, and what to do about it."""

    topic: str
    what: str
    remedy: str


def list_differences(settings: Settings, topics: Mapping[str, Topic]) -> list[Difference]:
    """Every difference between broker and table, in the table's order. Blocks; raises `KafkaException` when the
    broker cannot be asked.
    """
    there = listed_topics(settings, _TIMEOUT_S)
    found: list[Difference] = []
    present: list[tuple[str, Topic]] = []
    for topic in topics.values():
        name = settings.topic_prefix + topic.name
        if name not in there:
            found.append(Difference(name, "is missing", _MAKE))
            continue
        present.append((name, topic))
        found += _partitions_differ(name, len(there[name].partitions), partition_count(topic, settings), topic)
    configs = _configs(new_admin(settings), [name for name, _ in present])
    for name, topic in present:
        found += _config_differs(name, configs[name], expected_config(topic))
    return found


async def wait_for_topics(settings: Settings, topics: Mapping[str, Topic], stop: asyncio.Event) -> None:
    """`verify_topics`, as soon as the broker can be asked: while it is away, wait with backoff and say so. Returns
    early when `stop` is set.
    """
    backoff_s = 0.5
    while not stop.is_set():
        try:
            await asyncio.to_thread(verify_topics, settings, topics)
        except KafkaException as error:
            _log.warning("broker_away", cluster=settings.cluster, reason=str(error), again_in_s=backoff_s)
        else:
            return
        await _sleep_unless(stop, backoff_s)
        backoff_s = min(backoff_s * 2, _LONGEST_BACKOFF_S)


def check_co_partitioned(spec: ServiceSpec, topics: Mapping[str, Topic]) -> None:
    """Raise `TopicsDifferError` unless all topics that a processor of this service reads or keeps state in have the
    same partitions in the table.
    """
    own = [*spec.inputs, spec.progress, *(table.changelog for table in spec.tables)]
    if absent := [name for name in own if name not in topics]:
        raise TopicsDifferError(f"{spec.name} names topics that the table of topics does not have: {', '.join(absent)}")
    if spec.membership not in spec.inputs:
        raise TopicsDifferError(f"{spec.name} shares out the partitions of {spec.membership}, which it does not read")
    if len({topics[name].partitions for name in own}) > 1:
        listed = ", ".join(f"{name} ({topics[name].partitions.value})" for name in own)
        raise TopicsDifferError(f"{spec.name} needs topics with equally many partitions, and has {listed}")


def _wait_until_listed(admin: AdminClient, names: set[str]) -> None:
    """The controller says a topic is made before brokers know of it: whoever looked at once would miss it."""
    deadline = time.monotonic() + _TIMEOUT_S
    while unseen := names - admin.list_topics(timeout=_TIMEOUT_S).topics.keys():
        if time.monotonic() > deadline:
            raise TimeoutError(f"made, but not listed by the broker: {', '.join(sorted(unseen))}")
        time.sleep(0.05)


def _partitions_differ(name: str, count: int, expected: int, topic: Topic) -> list[Difference]:
    if count == expected:
        return []
    if topic.partitions is Partitions.ONE:
        remedy = "Its order is one order: move what it holds to a topic with one partition."
    else:
        remedy = (
            f"The number of partitions is fixed for an installation's life: set ANNUITY_LEDGER_PARTITIONS={count} "
            f"if all topics have {count}, or give a new installation another ANNUITY_LEDGER_TOPIC_PREFIX."
        )
    return [Difference(name, f"has {count} partitions instead of {expected}", remedy)]


def _config_differs(name: str, actual: Mapping[str, str], expected: Mapping[str, str]) -> list[Difference]:
    return [
        Difference(
            name,
            f"has {key}={actual.get(key)} instead of {value}",
            f"Set it with `kafka-configs.sh --alter --entity-type topics --entity-name {name} "
            f"--add-config {key}={value}`.",
        )
        for key, value in expected.items()
        if not _suits(key, actual.get(key), value)
    ]


def _suits(key: str, actual: str | None, expected: str) -> bool:
    """A topic may take larger records than it must: those of earlier releases do."""
    larger = key == "max.message.bytes" and actual is not None and int(actual) > int(expected)
    return larger or actual == expected


def _configs(admin: AdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    resources = [ConfigResource(ResourceType.TOPIC, name) for name in names]
    answers = admin.describe_configs(resources, request_timeout=_TIMEOUT_S)
    described: dict[str, dict[str, str]] = {}
    for resource, answer in answers.items():
        with allowed(f"look at the configuration of topic {resource.name}"):
            described[resource.name] = {key: entry.value for key, entry in answer.result().items()}
    return described


async def _sleep_unless(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
