"""Any field of any published message, changed in any way: seen where it breaks somebody, and only there."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from services.runtime.schemas.compatibility import schema_breaks
from services.runtime.schemas.examples import examples_of
from services.runtime.schemas.json_schema import json_schema
from services.runtime.schemas.messages import PublishedMessage, Role, published_messages

Json = dict[str, Any]
SCHEMAS = {message.name: json_schema(message) for message in published_messages()}
BY_NAME: dict[str, PublishedMessage] = {message.name: message for message in published_messages()}


@dataclass(frozen=True)
class Place:
    """A field of a message, or of a type in it (`in_type` None: of the message itself)."""

    message: str
    in_type: str | None
    field: str

    def within(self, schema: Json) -> Json:
        """The object that has the field."""
        found: Json = schema if self.in_type is None else schema["$defs"][self.in_type]
        return found


def _places() -> Iterator[Place]:
    for name, schema in SCHEMAS.items():
        for in_type, part in ((None, schema), *schema.get("$defs", {}).items()):
            if in_type != "UnbuiltTerms":
                yield from (Place(name, in_type, field) for field in part.get("properties", {}))


PLACES = st.sampled_from([*_places()])


def _changed(place: Place) -> tuple[Json, Json]:
    """The schema to be changed, and in it the object that has the field."""
    new = copy.deepcopy(SCHEMAS[place.message])
    return new, place.within(new)


def _breaks(place: Place, old: Json, new: Json) -> bool:
    return any(True for _ in schema_breaks(BY_NAME[place.message].role, old, new))


def _received(place: Place) -> bool:
    return BY_NAME[place.message].role is Role.RECEIVED


@given(PLACES)
def test_a_field_that_is_removed_breaks_everybody(place: Place) -> None:
    new, there = _changed(place)
    del there["properties"][place.field]
    there["required"] = [name for name in there.get("required", []) if name != place.field]
    assert _breaks(place, SCHEMAS[place.message], new)


@given(PLACES)
def test_a_field_that_must_be_given_breaks_senders_and_one_that_may_be_lacking_readers(place: Place) -> None:
    new, there = _changed(place)
    required = there.setdefault("required", [])
    if place.field in required:
        required.remove(place.field)
        assert _breaks(place, SCHEMAS[place.message], new) is not _received(place)
    else:
        required.append(place.field)
        assert _breaks(place, SCHEMAS[place.message], new) is _received(place)


@given(PLACES, st.booleans())
def test_a_field_that_is_added_breaks_senders_where_it_is_required(place: Place, required: bool) -> None:  # noqa: FBT001
    new, there = _changed(place)
    there["properties"]["brand_new"] = {"type": "string"}
    there["required"] = [*there.get("required", []), *["brand_new"][:required]]
    assert _breaks(place, SCHEMAS[place.message], new) is (required and _received(place))


@given(PLACES, st.data())
def test_what_is_narrowed_breaks_senders_and_what_is_widened_readers(place: Place, data: st.DataObject) -> None:
    new, there = _changed(place)
    options = [*_narrowings(there["properties"][place.field])]
    assume(options)
    narrowed = data.draw(st.sampled_from(options))
    there["properties"][place.field] = narrowed
    assert _breaks(place, SCHEMAS[place.message], new) is _received(place)
    assert _breaks(place, new, SCHEMAS[place.message]) is not _received(place)


def _narrowings(field: Json) -> Iterator[Json]:
    """The same field, allowed less."""
    if "const" in field:
        return
    if "enum" in field and len(field["enum"]) > 1:
        yield field | {"enum": field["enum"][1:]}
    if field.get("type") == "string" and "enum" not in field and "x-extensible-enum" not in field:
        yield field | {"maxLength": field.get("maxLength", 1000) - 1}
        yield field | {"const": "just this"}
    if field.get("type") == "integer":
        yield field | {"maximum": field.get("maximum", 1000) - 1}
    if field.get("type") == "array":
        yield field | {"minItems": field.get("minItems", 0) + 1}
    if field.get("x-decimal", {}).get("places"):
        yield field | {"x-decimal": field["x-decimal"] | {"places": field["x-decimal"]["places"] - 1}}


@given(PLACES, st.sampled_from(["drop", "require", "narrow", "close"]))
def test_what_breaks_no_sender_refuses_no_example(place: Place, how: str) -> None:
    assume(_received(place))
    new, there = _changed(place)
    field = there["properties"][place.field]
    if how == "drop":
        del there["properties"][place.field]
    if how == "require":
        there["required"] = [*there.get("required", []), place.field]
    if how == "narrow":
        there["properties"][place.field] = next(_narrowings(field), field)
    if how == "close":
        there["additionalProperties"] = False
    taken = Draft202012Validator(new)
    refused = [example for example in examples_of(BY_NAME[place.message].slug) if not taken.is_valid(example.value)]
    assert not refused or _breaks(place, SCHEMAS[place.message], new)
