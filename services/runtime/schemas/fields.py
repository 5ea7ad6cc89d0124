"""Schemas in words: the fields of an object, what each may be, and its limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contracts_schema.types import DECIMAL_LIMITS
from services.runtime.schemas.json_schema import OPEN_VALUES

Json = dict[str, Any]
_FORMATS = {"decimal": "decimal", "date": "date", "date-time": "time"}
_LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} of them",
    "maxItems": "at most {} of them",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a type's name, and the type that it links to; or a literal value."""

    text: str
    link: str | None = None
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object."""

    name: str
    type: list[Word]
    required: bool
    limits: str
    default: str | None
    about: str


def fields_of(schema: Json) -> list[Field]:
    """The fields of an object, in their order."""
    required = schema.get("required", ())
    return [_field(name, each, name in required) for name, each in schema.get("properties", {}).items()]


def name_of(schema: Json) -> str:
    """The type that a reference names; nothing for what is none."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def type_of(schema: Json) -> list[Word]:
    """What a value may be."""
    return [*_words(schema)]


def _field(name: str, schema: Json, required: bool) -> Field:  # noqa: FBT001 -- of a table
    default = schema.get("default")
    shown = None if default is None or isinstance(default, (dict, list)) else _json(default)
    about = schema.get("description", "")
    return Field(name, type_of(schema), required, ", ".join(_limits(schema)), shown, about)


def _words(schema: Json) -> Iterator[Word]:
    if "$ref" in schema:
        yield Word(name_of(schema), link=name_of(schema))
    elif parts := [p for key in ("oneOf", "anyOf", "allOf") for p in schema.get(key, ()) if p != {"type": "null"}]:
        yield from _words(parts[0])
        for part in parts[1:]:
            yield Word(" or ")
            yield from _words(part)
    elif _values(schema):
        yield from _literals(schema)
    elif schema.get("type") == "array":
        yield Word("list of ")
        yield from _words(schema.get("items", {}))
    elif schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        yield Word("map of names to ")
        yield from _words(schema["additionalProperties"])
    else:
        yield Word(_FORMATS.get(schema.get("format", ""), str(schema.get("type", "anything"))))


def _literals(schema: Json) -> Iterator[Word]:
    for at, value in enumerate(_values(schema)):
        if at:
            yield Word(" ")
        yield Word(_json(value), literal=True)
    if OPEN_VALUES in schema:
        yield Word(" and others to come")


def _values(schema: Json) -> list[Any]:
    if "const" in schema:
        return [schema["const"]]
    values: list[Any] = schema.get("enum") or schema.get(OPEN_VALUES) or []
    return values


def _limits(schema: Json) -> Iterator[str]:
    for part in schema.get("anyOf", ()):
        yield from _limits(part)
    if DECIMAL_LIMITS in schema:
        limits = schema[DECIMAL_LIMITS]
        digits = f"at most {limits['digits']} digits and" if limits["digits"] else "at most"
        yield f"{digits} {limits['places']} places"
    if {"minLength": 1, "maxLength": 128}.items() <= schema.items() and "pattern" in schema:
        yield "an identifier: 1 to 128 characters, no white space, no |"
        return
    for keyword, words in _LIMITS.items():
        if keyword in schema:
            yield words.format(schema[keyword])


def _json(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
