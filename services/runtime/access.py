"""What each service, and everybody around them, must be allowed to do on the cluster, and no more.

It follows from the table of topics (who writes), from what a service declares that it reads, and from the settings
(prefix). Reading and writing include describing. A cluster older than Kafka 2.8 would also want IdempotentWrite.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from contracts_schema.topics import OUTCOME_TOPICS, TOPICS, Topic
from services.runtime.service import ServiceSpec
from services.runtime.settings import Settings

Operation = Literal["Read", "Write", "Create", "Describe", "DescribeConfigs"]


@dataclass(frozen=True, slots=True)
class Acl:
    """One permission: operations on one resource, or on all whose names begin so. Names are as on the cluster."""

    resource: Literal["Topic", "Group", "TransactionalId"]
    name: str
    operations: tuple[Operation, ...]
    prefixed: bool = False

    def as_json(self, role: str, principal: str) -> dict[str, object]:
        """Plain fields."""
        return {"role": role, "principal": principal, **asdict(self)}

    def command(self, principal: str) -> str:
        """What Kafka's own tool takes."""
        option = {"Topic": "--topic", "Group": "--group", "TransactionalId": "--transactional-id"}[self.resource]
        operations = " ".join(f"--operation {operation}" for operation in self.operations)
        pattern = " --resource-pattern-type prefixed" if self.prefixed else ""
        return (
            'kafka-acls.sh --bootstrap-server "$KAFKA_BOOTSTRAP_SERVERS" --command-config admin.properties --add '
            f"--allow-principal '{principal}' {operations} {option} '{self.name}'{pattern}"
        )


def service_needs(spec: ServiceSpec, settings: Settings, topics: Mapping[str, Topic] = TOPICS) -> list[Acl]:
    """What a worker of this service needs: its topics as it uses them, its groups, its transactions."""
    reads = {*spec.inputs, spec.progress, *(table.changelog for table in spec.tables), *spec.consults}
    prefix = settings.topic_prefix

    def operations(topic: Topic) -> tuple[Operation, ...]:
        read: tuple[Operation, ...] = ("Read",) if topic.name in reads else ()
        write: tuple[Operation, ...] = ("Write",) if spec.name in _writers(topic) else ()
        return (*read, *write) or ("Describe",)

    used = service_topics([spec], topics)
    return [
        *(Acl("Topic", prefix + topic.name, (*operations(topic), "DescribeConfigs")) for topic in used.values()),
        Acl("Group", prefix + spec.name, ("Read",)),
        Acl("Group", f"{prefix}{spec.name}-progress", ("Read",)),
        Acl("TransactionalId", f"{prefix}{spec.name}-", ("Write",), prefixed=True),
    ]


def service_topics(specs: Iterable[ServiceSpec], topics: Mapping[str, Topic] = TOPICS) -> dict[str, Topic]:
    """The topics that these services read, write, keep state in or look at, in the table's order."""
    specs = list(specs)
    named = {
        name
        for spec in specs
        for name in (
            *(*spec.inputs, spec.progress, *spec.consults, *spec.measures),
            *(table.changelog for table in spec.tables),
        )
    }
    writing = {spec.name for spec in specs}
    return {name: topic for name, topic in topics.items() if name in named or writing & {*_writers(topic)}}


def people_needs(role: str, settings: Settings) -> list[Acl]:
    """What those around the services need; `PEOPLE` names them."""
    chosen, operations = PEOPLE[role]
    prefix = settings.topic_prefix
    found = [Acl("Topic", prefix + topic.name, operations) for topic in TOPICS.values() if chosen(topic)]
    if role == "readers":
        found.append(Acl("Group", f"{prefix}readers-", ("Read",), prefixed=True))
    if role == "redriving":
        found.append(Acl("Topic", f"{prefix}dead-letters", ("Read",)))
        found.append(Acl("TransactionalId", f"{prefix}redrive-", ("Write",), prefixed=True))
    return found


def _writers(topic: Topic) -> Sequence[str]:
    return topic.writer.split(", ")


def _written_by(writer: str) -> Callable[[Topic], bool]:
    return lambda topic: writer in _writers(topic)


def _told(topic: Topic) -> bool:
    return topic.name in (*OUTCOME_TOPICS, "account-values", "remittance-notices", "contract-notices", "unit-values")


def _any(_: Topic) -> bool:
    return True


PEOPLE: dict[str, tuple[Callable[[Topic], bool], tuple[Operation, ...]]] = {
    "senders": (_written_by("senders"), ("Write",)),
    "operations": (_written_by("operations"), ("Write",)),
    "readers": (_told, ("Read",)),
    "redriving": (_written_by("redriving"), ("Read", "Write")),
    "inspection": (_any, ("Read", "DescribeConfigs")),
    "setup": (_any, ("Create", "Describe", "DescribeConfigs")),
}
"""Payroll and recordkeeping; those who publish terms and prices; systems that read outcomes, in groups that begin with
`readers-`; those who publish dead letters again, beside being senders and operations; people at the command line, who
see everything and change nothing; and `annuity-ledger topics`.
"""
