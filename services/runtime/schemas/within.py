"""Whether everything that one JSON Schema allows is allowed by another, and where it is not.

It knows the schemas that are published here: what a keyword unknown to it limits is not seen. Where it cannot tell, two
different patterns say, it says no.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from contracts_schema.types import DECIMAL_LIMITS

Json = dict[str, Any]
LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
EXACT = ("pattern", "format", "not", "multipleOf", "uniqueItems")
_SAID_BY_DECIMAL = ("pattern", "format", "not")


class Cause(Enum):
    """In what way the outer schema does not allow what the inner does."""

    REQUIRED = "a field that may be left out may not"
    UNKNOWN = "fields of other names are refused"
    TYPE = "values of another type"
    VALUE = "other values"
    KIND = "another kind of object"
    LIMIT = "values beyond a limit"


@dataclass(frozen=True, slots=True)
class Gap:
    """One way in which the outer schema allows less: the field, and what of it is not allowed. Of a limit the keyword
    and its two values.
    """

    field: str
    cause: Cause
    what: str = ""
    inner: object = None
    outer: object = None


@dataclass(frozen=True, slots=True)
class Node:
    """A schema, the document that it is in, and where in a message its values are."""

    schema: Json
    root: Json
    field: str = ""

    def at(self, schema: Any, field: str) -> Node:  # noqa: ANN401 -- JSON
        """Another schema of the document, its references followed."""
        beside: Json = {}
        while isinstance(schema, dict) and "$ref" in schema:
            beside = {name: value for name, value in schema.items() if name != "$ref"} | beside
            schema = _pointed(self.root, schema["$ref"])
        return Node(dict(schema) | beside if isinstance(schema, dict) else {}, self.root, field)

    def inside(self, name: str) -> Node:
        """Of a field of the object."""
        return self.at(self.schema["properties"][name], f"{self.field}.{name}" if self.field else name)

    @property
    def properties(self) -> Json:
        """The object's fields."""
        found: Json = self.schema.get("properties", {})
        return found


def top(document: Json) -> Node:
    """The schema of a whole message."""
    return Node(document, document)


def gaps(inner: Node, outer: Node) -> Iterator[Gap]:
    """Every way in which the outer schema does not allow what the inner one does; none where it allows it all."""
    inners, outers = alternatives(inner), alternatives(outer)
    if len(inners) == len(outers) == 1:
        yield from _simple_gaps(inners[0], outers[0])
        return
    for one in inners:
        yield from _best(one, outers)


def alternatives(node: Node) -> list[Node]:
    """What a value may be: the parts of `oneOf` or `anyOf`, or the one thing it is."""
    parts = node.schema.get("oneOf") or node.schema.get("anyOf") or node.schema.get("allOf")
    if not parts:
        return [node]
    return [each for part in parts for each in alternatives(node.at(part, node.field))]


def kind_of(node: Node) -> tuple[str, str] | None:
    """The field and value by which an object is told apart from the others it may be, with its place."""
    for name, schema in node.properties.items():
        if isinstance(schema, dict) and isinstance(schema.get("const"), str):
            return name, schema["const"]
    return None


def _pointed(root: Json, pointer: str) -> Any:  # noqa: ANN401 -- JSON
    found: Any = root
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _best(one: Node, outers: list[Node]) -> Iterator[Gap]:
    """The gaps to the alternative that is nearest: of the same kind, or the same type."""
    kind = kind_of(one)
    if kind is not None and any(kind_of(other) is not None for other in outers):
        same = [other for other in outers if kind_of(other) == kind]
        if not same:
            yield Gap(one.field, Cause.KIND, kind[1])
            return
        inside = f"{one.field}<{kind[1]}>"
        yield from gaps(Node(one.schema, one.root, inside), same[0])
        return
    found = [[*gaps(one, other)] for other in outers]
    if all(found):
        near = [each for each, other in zip(found, outers, strict=True) if _types(one) & _types(other)]
        yield from near[0] if near else [Gap(one.field, Cause.TYPE, " or ".join(sorted(_types(one))))]


def _simple_gaps(inner: Node, outer: Node) -> Iterator[Gap]:
    other = _types(inner) - _types(outer)
    if other:
        yield Gap(inner.field, Cause.TYPE, " or ".join(sorted(other)))
        return
    yield from _value_gaps(inner, outer)
    yield from _limit_gaps(inner, outer)
    yield from _object_gaps(inner, outer)
    if "items" in outer.schema:
        within = inner.at(inner.schema.get("items", {}), f"{inner.field}[]")
        yield from gaps(within, outer.at(outer.schema["items"], ""))


ANY = frozenset({"string", "integer", "number", "boolean", "array", "object", "null"})


def _types(node: Node) -> frozenset[str]:
    schema = node.schema
    if "type" in schema:
        named = schema["type"]
        types = frozenset([named] if isinstance(named, str) else named)
        return types | {"integer"} if "number" in types else types
    values = _values(schema)
    if values is None:
        return ANY
    return frozenset(
        "boolean" if isinstance(v, bool) else "string" if isinstance(v, str) else "integer" for v in values
    )


def _values(schema: Json) -> list[Any] | None:
    """The values that are allowed by name, or None where others are too."""
    if "const" in schema:
        return [schema["const"]]
    named: list[Any] | None = schema.get("enum")
    return named


def _value_gaps(inner: Node, outer: Node) -> Iterator[Gap]:
    allowed = _values(outer.schema)
    if allowed is None:
        return
    given = _values(inner.schema)
    if given is None:
        yield Gap(inner.field, Cause.VALUE, "any " + " or ".join(sorted(_types(inner))))
        return
    others = [str(value) for value in given if value not in allowed]
    if others:
        yield Gap(inner.field, Cause.VALUE, ", ".join(others))


def _limit_gaps(inner: Node, outer: Node) -> Iterator[Gap]:
    here, there = inner.schema, outer.schema
    for name in LEAST:
        if name in there and (name not in here or here[name] < there[name]):
            yield Gap(inner.field, Cause.LIMIT, name, here.get(name), there[name])
    for name in MOST:
        if name in there and (name not in here or here[name] > there[name]):
            yield Gap(inner.field, Cause.LIMIT, name, here.get(name), there[name])
    decimals = DECIMAL_LIMITS in here and DECIMAL_LIMITS in there
    for name in EXACT:
        if name in there and here.get(name) != there[name] and not (decimals and name in _SAID_BY_DECIMAL):
            yield Gap(inner.field, Cause.LIMIT, name, here.get(name), there[name])
    if decimals:
        for name, most in there[DECIMAL_LIMITS].items():
            if here[DECIMAL_LIMITS][name] > most:
                yield Gap(inner.field, Cause.LIMIT, name, here[DECIMAL_LIMITS][name], most)


def _object_gaps(inner: Node, outer: Node) -> Iterator[Gap]:
    always = set(inner.schema.get("required", ()))
    for name in outer.schema.get("required", ()):
        if name not in always:
            yield Gap(f"{inner.field}.{name}" if inner.field else name, Cause.REQUIRED)
    for name in inner.properties:
        if name in outer.properties:
            yield from gaps(inner.inside(name), outer.inside(name))
    # What is not named: a schema of its own, anything, or nothing.
    rest = outer.schema.get("additionalProperties", True)
    mine = inner.schema.get("additionalProperties", True)
    if rest is False and mine is not False and _types(inner) == {"object"}:
        yield Gap(inner.field, Cause.UNKNOWN)
    elif isinstance(rest, dict) and mine is not False:
        within = inner.at({} if mine is True else mine, f"{inner.field}{{}}")
        yield from gaps(within, outer.at(rest, ""))
