"""The table of topics, and who may do what with them, to be read."""

from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table

from contracts_schema.topics import DAY_MS, Topic
from services.runtime.access import Acl
from services.runtime.settings import Settings
from services.runtime.topics import partition_count

COLUMNS = ("topic", "partitions", "retention", "compaction", "key", "writer", "holds")


def topic_table(settings: Settings, topics: Iterable[Topic]) -> Table:
    """One row a topic, as it must be in this installation."""
    table = Table(*COLUMNS)
    for topic in topics:
        table.add_row(
            settings.topic_prefix + topic.name,
            str(partition_count(topic, settings)),
            retention(topic),
            "last per key" if topic.compacted else "none",
            topic.key,
            topic.writer,
            topic.about,
        )
    return table


def acl_table(needs: Mapping[str, Sequence[Acl]], principals: Mapping[str, str]) -> Table:
    """One row a permission."""
    table = Table("for", "principal", "resource", "name", "may")
    for role, needed in needs.items():
        for acl in needed:
            name = f"{acl.name}…" if acl.prefixed else acl.name
            table.add_row(role, principals[role], acl.resource, name, ", ".join(acl.operations))
    return table


def retention(topic: Topic) -> str:
    """How long records are kept."""
    return "forever" if topic.retention_ms is None else f"{topic.retention_ms // DAY_MS} days"
