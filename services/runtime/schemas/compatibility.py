"""What of a change breaks those who send messages or read them.

Of a message that others send: whatever they may send today is taken tomorrow and means the same. Of a message that we
write: whatever comes tomorrow is what its readers were promised, but for what they pass over, unknown fields and new
kinds and codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.runtime.schemas.messages import Role
from services.runtime.schemas.within import Cause, Gap, Node, alternatives, gaps, kind_of, top

Json = dict[str, Any]
NOTHING = object()


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """One thing that a change breaks: in which message or topic, of which field, and why."""

    where: str
    field: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.field}: {self.why}" if self.field else f"{self.where}: {self.why}"


@dataclass(frozen=True, slots=True)
class Contract:
    """A message as it was published: who must not be surprised, its topic, and the schemas of value and headers."""

    role: Role
    topic: str
    schema: Json
    headers: Json


def breaks(old: Mapping[str, Contract], new: Mapping[str, Contract]) -> list[Break]:
    """Everything that the change from one set of messages, by name, to another breaks. A new message breaks nothing."""
    found: list[Break] = []
    for name, before in old.items():
        after = new.get(name)
        if after is None:
            found.append(Break(name, "", f"is gone from {before.topic}"))
            continue
        if after.topic != before.topic:
            found.append(Break(name, "", f"is on {after.topic} instead of {before.topic}"))
        found += message_breaks(name, before, after)
    return sorted(set(found))


def message_breaks(name: str, before: Contract, after: Contract) -> Iterator[Break]:
    """What the change of one message breaks, its headers included."""
    for prefix, old, new in (("", before.schema, after.schema), ("header ", before.headers, after.headers)):
        for one in schema_breaks(before.role, old, new):
            yield Break(name, prefix + one.field if one.field else prefix.strip(), one.why)


def schema_breaks(role: Role, old: Json, new: Json) -> Iterator[Break]:
    """What the change of a schema breaks; `where` is empty."""
    return (found for found in _schema_breaks(role, old, new) if UNBUILT not in found.field.split(".")[:-1])


UNBUILT = "unbuilt"
"""Terms in it are of rules that are not built: a contract that sets one is refused, and it goes when they are."""


def _schema_breaks(role: Role, old: Json, new: Json) -> Iterator[Break]:
    gone = [*removed(top(old), top(new))]
    what = "what is sent in it means nothing any more" if role is Role.RECEIVED else "its readers have it no longer"
    yield from (Break("", field, f"is removed: {what}") for field in gone)
    if role is Role.RECEIVED:
        yield from (Break("", gap.field, _refused(gap)) for gap in gaps(top(old), top(new)))
        yield from _other_defaults(top(old), top(new))
    else:
        found = [gap for gap in gaps(top(new), top(old)) if gap.cause not in _PASSED_OVER and gap.field not in gone]
        yield from (Break("", gap.field, _unexpected(gap)) for gap in found)


_PASSED_OVER = (Cause.KIND, Cause.UNKNOWN)
"""What readers are told to pass over: objects of a kind that they do not know, and fields."""


def removed(old: Node, new: Node) -> Iterator[str]:
    """Fields that were there and are not, however deep."""
    for before, after in _pairs(old, new):
        for name in before.properties:
            if name not in after.properties:
                yield before.inside(name).field
            else:
                yield from removed(before.inside(name), after.inside(name))
        if "items" in before.schema and "items" in after.schema:
            items = before.at(before.schema["items"], f"{before.field}[]")
            yield from removed(items, after.at(after.schema["items"], ""))


def _other_defaults(old: Node, new: Node) -> Iterator[Break]:
    """Fields that mean something else now when they are left out."""
    for before, after in _pairs(old, new):
        for name in before.properties.keys() & after.properties.keys():
            one, other = before.inside(name), after.inside(name)
            was, now = one.schema.get("default", NOTHING), other.schema.get("default", NOTHING)
            objects = isinstance(was, dict) and isinstance(now, dict)  # their fields are looked at one by one
            if was != now and not objects and name not in after.schema.get("required", ()):
                yield Break("", one.field, f"means {_told(now)} when it is left out, and meant {_told(was)}")
            yield from _other_defaults(one, other)
        if "items" in before.schema and "items" in after.schema:
            items = before.at(before.schema["items"], f"{before.field}[]")
            yield from _other_defaults(items, after.at(after.schema["items"], ""))


def _pairs(old: Node, new: Node) -> Iterator[tuple[Node, Node]]:
    """What a value may be, beside the same after the change: by kind, or the only object or list that it may be."""
    ones, others = alternatives(old), alternatives(new)
    if len(ones) == len(others) == 1:
        yield ones[0], others[0]
        return
    for one in ones:
        kind = kind_of(one)
        same = [
            other for other in others if kind_of(other) == kind and other.schema.get("type") == one.schema.get("type")
        ]
        if len(same) == 1:
            inside = one.field if kind is None else f"{one.field}<{kind[1]}>"
            yield Node(one.schema, one.root, inside), same[0]


def _refused(gap: Gap) -> str:
    """What is wrong for senders: the old schema is the inner one."""
    match gap.cause:
        case Cause.REQUIRED:
            return "is required now: what is sent without it is refused"
        case Cause.UNKNOWN:
            return "takes no unknown fields any more"
        case Cause.LIMIT:
            return f"takes less: {gap.what} is {_told(gap.outer)}, and was {_told(gap.inner)}"
        case Cause.TYPE | Cause.VALUE | Cause.KIND:
            return f"takes no longer: {gap.what}"


def _unexpected(gap: Gap) -> str:
    """What is wrong for readers: the new schema is the inner one."""
    if gap.cause is Cause.REQUIRED:
        return "may be left out now: its readers count on it"
    if gap.cause is Cause.LIMIT:
        return f"may be more: {gap.what} is {_told(gap.inner)}, and was {_told(gap.outer)}"
    return f"may be what it never was: {gap.what}"


def _told(value: object) -> str:
    return "nothing" if value is NOTHING or value is None else str(value)
