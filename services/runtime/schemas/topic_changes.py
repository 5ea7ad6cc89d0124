"""What of a change to the topics breaks those who write to them or read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.runtime.schemas.compatibility import Break

Json = dict[str, Any]
_FOREVER = -1


def topic_breaks(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Break]:
    """What is broken of topics that others know, by name: gone, keyed or shared out otherwise, kept for less long."""
    for name, before in old.items():
        if is_private(before):
            continue
        after = new.get(name)
        if after is None or is_private(after):
            yield Break(name, "", "is no topic of the contract any more")
            continue
        yield from (Break(name, what, why) for what, why in _differences(before, after))


def is_private(channel: Json) -> bool:
    """Whether it is a service's own state, which nobody else was promised anything about."""
    return {"name": "state"} in channel["tags"]


def _differences(before: Json, after: Json) -> Iterator[tuple[str, str]]:
    for what, name in (("key", "x-key"), ("partitions", "x-partitions")):
        if before[name] != after[name]:
            yield what, f"is {after[name]}, and was {before[name]}: what belongs together is no longer in one order"
    was, now = _config(before), _config(after)
    for name in ("cleanup.policy", "message.timestamp.type"):
        if was.get(name) != now.get(name):
            yield name, f"is {now.get(name)}, and was {was.get(name)}"
    for name in ("retention.ms", "max.message.bytes"):
        if _amount(now.get(name)) < _amount(was.get(name)):
            yield name, f"is less: {now.get(name)}, and was {was.get(name)}"


def _config(channel: Json) -> Json:
    config: Json = channel["bindings"]["kafka"]["topicConfiguration"]
    return config


def _amount(value: int | None) -> int:
    """How much it is; what is not limited is more than any."""
    return 1 << 62 if value is None or value == _FOREVER else value
