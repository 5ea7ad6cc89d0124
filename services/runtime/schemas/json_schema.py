"""JSON Schema (draft 2020-12) of a message, as its other side needs it.

Of a message that others send it says what is taken. Of one that we write it says what is there to be read: a field that
always has a value is required, null never comes, and unknown fields are allowed, for later releases add some.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from services.runtime.schemas.messages import PublishedMessage, Role

Json = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
OPEN_VALUES = "x-extensible-enum"
"""In place of `enum` where later releases may write other values, which a reader is to pass over."""
_OPEN_FIELDS = ("kind", "code")
_OPEN_TYPES = ("Imbalance",)
_WRAPPERS = ("default", "function-before", "function-after", "function-wrap")


def json_schema(message: PublishedMessage) -> Json:
    """The schema of a message; its parts are in `$defs`."""
    if message.role is Role.RECEIVED:
        schema = message.model.model_json_schema(schema_generator=_Taken)
    else:
        schema = message.model.model_json_schema(schema_generator=_Told, mode="serialization")
        _open(schema)
    _tidy(schema)
    about = {"$schema": DIALECT, "$id": f"urn:annuity-ledger:{message.slug}", "title": message.name}
    return about | {name: value for name, value in schema.items() if name not in about}


class _Taken(GenerateJsonSchema):
    """Of what others send."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401 -- pydantic's own
        """No: titles of fields would be their names over again."""
        del schema
        return False


class _Told(_Taken):
    """Of what is written by `Message.written`: fields without a value are left out."""

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ANN401, FBT001 -- pydantic's own
        """Whether it always has a value."""
        del total
        return not _may_be_none(field["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """What it is when it is there."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """No default: what it stands for is written."""
        return self.generate_inner(schema["schema"])


def _may_be_none(schema: CoreSchema) -> bool:
    inner: Any = schema
    while inner["type"] in _WRAPPERS:
        inner = inner["schema"]
    return bool(inner["type"] == "nullable")


def _open(root: Json) -> None:
    """Leave room for what later releases may add: fields anywhere, and new kinds and codes."""
    types = root.get("$defs", {})
    for schema in (root, *types.values()):
        if schema.get("additionalProperties") is False:
            del schema["additionalProperties"]
        for name in _OPEN_FIELDS:
            field = schema.get("properties", {}).get(name, {})
            _open_values(types[field["$ref"].rpartition("/")[2]] if "$ref" in field else field)
    for name in _OPEN_TYPES:
        _open_values(types.get(name, {}))


def _open_values(schema: Json) -> None:
    if "enum" in schema:
        schema[OPEN_VALUES] = schema.pop("enum")


def _tidy(schema: Any) -> None:  # noqa: ANN401 -- JSON
    """Descriptions without the line breaks of the code, and no `discriminator`, which is OpenAPI's."""
    if isinstance(schema, list):
        for part in schema:
            _tidy(part)
    if isinstance(schema, dict):
        if isinstance(schema.get("discriminator"), dict) and "oneOf" in schema:
            del schema["discriminator"]
        if isinstance(schema.get("description"), str):
            schema["description"] = re.sub(r"(?<!\n)\n(?!\n)", " ", schema["description"])
        for part in schema.values():
            _tidy(part)
