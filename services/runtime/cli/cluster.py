"""The cluster a command works on, looked at before anything is done, so that what is missing is said in one line."""

from collections.abc import Iterable

from confluent_kafka import KafkaException

from contracts_schema.topics import TOPICS
from services.runtime.cli.failures import NO_BROKER_NAMED, NoClusterError
from services.runtime.cli.messages import PUBLISHABLE
from services.runtime.errors import NotLetInError
from services.runtime.listing import listed_topics
from services.runtime.settings import Settings
from services.runtime.topics import partition_count

_TIMEOUT_S = 8.0


def named_cluster(settings: Settings) -> str:
    """The bootstrap servers; raises `NoClusterError` where none are named."""
    if settings.bootstrap_servers is None:
        raise NoClusterError(NO_BROKER_NAMED)
    return settings.bootstrap_servers


def answering_cluster(settings: Settings, topics: Iterable[str] = ()) -> str:
    """The bootstrap servers of a cluster that answers and has these topics with their partitions.

    Raises `NoClusterError` saying what to do. Topics are named without the installation's prefix.
    """
    servers = named_cluster(settings)
    found = partitions_there(settings)
    missing = [topic for topic in topics if settings.topic_prefix + topic not in found]
    if missing:
        raise NoClusterError(
            f"Topics are missing at {servers}: {', '.join(settings.topic_prefix + topic for topic in missing)}. "
            "If they are there, this principal may not see them; if not, make them with `annuity-ledger topics`."
        )
    for topic in topics:
        _check_count(topic, found[settings.topic_prefix + topic], settings)
    return servers


def writable_topics(settings: Settings) -> frozenset[str]:
    """The topics to publish to that there are, for this principal: one who sends requests need not know of the others.
    Raises `NoClusterError` as `answering_cluster` does, where there are none too.
    """
    found = partitions_there(settings)
    there = [topic for topic in PUBLISHABLE if settings.topic_prefix + topic in found]
    answering_cluster(settings, there or PUBLISHABLE)
    return frozenset(there)


def partitions_there(settings: Settings) -> dict[str, int]:
    """How many partitions each topic of the cluster has; raises `NoClusterError` where no broker answers or lets us
    in.
    """
    servers = named_cluster(settings)
    try:
        there = listed_topics(settings, _TIMEOUT_S)
    except NotLetInError as refused:
        raise NoClusterError(str(refused)) from None
    except KafkaException:
        raise NoClusterError(
            f"No broker answers at {servers}. Start it (`annuity-ledger broker` runs one in the foreground), or "
            "correct KAFKA_BOOTSTRAP_SERVERS."
        ) from None
    return {name: len(topic.partitions) for name, topic in there.items()}


def _check_count(topic: str, count: int, settings: Settings) -> None:
    expected = partition_count(TOPICS[topic], settings)
    if count != expected:
        raise NoClusterError(
            f"{settings.topic_prefix}{topic} has {count} partitions instead of {expected}: export "
            f"ANNUITY_LEDGER_PARTITIONS={count} if that is this installation's number; `annuity-ledger topics --check` "
            "lists every difference."
        )
