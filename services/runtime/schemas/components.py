"""The parts of all messages in one name space: what a type is called in the AsyncAPI document.

A type may be in messages of both roles, and looks different to those who send it and those who read it; the second is
then named apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.runtime.schemas.json_schema import json_schema
from services.runtime.schemas.messages import PublishedMessage, Role

Json = dict[str, Any]
TO_COMPONENTS = "#/components/schemas/"
_TO_PARTS = "#/$defs/"
_APART = "Written"


def components(messages: Iterable[PublishedMessage]) -> dict[str, Json]:
    """Every type by its name, messages among them, referring to one another in `components.schemas`."""
    types: dict[Role, dict[str, Json]] = {Role.RECEIVED: {}, Role.WRITTEN: {}}
    for message in messages:
        for name, schema in _parts(message):
            known = types[message.role].setdefault(name, schema)
            assert known == schema, f"two types are called {name}"
    apart = _differing(types[Role.RECEIVED], types[Role.WRITTEN])
    named = {name: _refer(schema, frozenset()) for name, schema in types[Role.RECEIVED].items()}
    for name, schema in types[Role.WRITTEN].items():
        named[name + _APART if name in apart else name] = _refer(schema, apart)
    return dict(sorted(named.items()))


def component_of(message: PublishedMessage, named: Mapping[str, Json]) -> str:
    """What a message's own type is called among the components."""
    apart = message.name + _APART
    return apart if message.role is Role.WRITTEN and apart in named else message.name


def _parts(message: PublishedMessage) -> Iterator[tuple[str, Json]]:
    schema = json_schema(message)
    yield from schema.pop("$defs", {}).items()
    yield message.name, {name: value for name, value in schema.items() if name not in ("$schema", "$id")}


def _differing(received: Mapping[str, Json], written: Mapping[str, Json]) -> frozenset[str]:
    """Names that mean one thing here and another there, by themselves or by what they refer to."""
    shared = received.keys() & written.keys()
    found = {name for name in shared if received[name] != written[name]}
    while more := {name for name in shared - found if found.intersection(_referred(written[name]))}:
        found |= more
    return frozenset(found)


def _referred(schema: Any) -> Iterator[str]:  # noqa: ANN401 -- JSON
    if isinstance(schema, list):
        for part in schema:
            yield from _referred(part)
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].removeprefix(_TO_PARTS)
        for part in schema.values():
            yield from _referred(part)


def _refer(schema: Any, apart: frozenset[str]) -> Any:  # noqa: ANN401 -- JSON
    """The same with references to components; draft 7, which AsyncAPI takes, reads nothing beside a reference."""
    if isinstance(schema, list):
        return [_refer(part, apart) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" not in schema:
        return {name: _refer(part, apart) for name, part in schema.items()}
    name = schema["$ref"].removeprefix(_TO_PARTS)
    reference = {"$ref": TO_COMPONENTS + (name + _APART if name in apart else name)}
    beside = {name: part for name, part in schema.items() if name != "$ref"}
    return {"allOf": [reference], **beside} if beside else reference
