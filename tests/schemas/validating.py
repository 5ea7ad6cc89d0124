"""Records held against the published contract, as somebody who has nothing but the files would."""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from contracts_schema.headers import TRACEPARENT, TYPE_PREFIX
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.schemas.messages import slug_of
from services.runtime.schemas.published import DOCUMENT, SCHEMA, home

Json = dict[str, Any]
FORMATS = FormatChecker(formats=["date"])


def _is_a_time(value: object) -> bool:
    """As RFC 3339 has it, with an offset."""
    return not isinstance(value, str) or ("T" in value and datetime.fromisoformat(value).tzinfo is not None)


FORMATS.checks("date-time", raises=ValueError)(_is_a_time)


@cache
def document() -> Json:
    found: Json = json.loads((home() / DOCUMENT).read_bytes())
    return found


@cache
def validator(message: str) -> Draft202012Validator:
    """Of a message's value."""
    schema = json.loads((home() / (slug_of(message) + SCHEMA)).read_bytes())
    return Draft202012Validator(schema, format_checker=FORMATS)


@cache
def header_validator(message: str) -> Draft202012Validator:
    return Draft202012Validator(document()["components"]["messages"][message]["headers"], format_checker=FORMATS)


def departures(record: InputRecord | OutputRecord) -> list[str]:
    """In what a record of a topic is not as the documents say; nothing when all is well."""
    return [f"{record.topic}: {found}" for found in _departures(record)]


def _departures(record: InputRecord | OutputRecord) -> Iterator[str]:
    channel = document()["channels"][record.topic]
    headers = {name: value.decode() for name, value in record.headers}
    message = message_of(record.topic, headers)
    if message is None:
        yield f"no message has the type {headers.get('ce_type')}"
        return
    yield from (f"{message} header: {error.message}" for error in header_validator(message).iter_errors(headers))
    if message == "DeadLetter":
        return
    if len(headers) != len(record.headers):
        yield f"{message}: a header is there twice"
    value = json.loads(record.value or b"null")
    yield from (f"{message} {error.json_path}: {error.message}" for error in validator(message).iter_errors(value))
    yield from _unlike(value, headers, record.key, channel)


def message_of(topic: str, headers: Json) -> str | None:
    """Which message of the topic a record is, by its CloudEvents type; the only one where there is one."""
    names: list[str] = [*document()["channels"][topic]["messages"]]
    if len(names) == 1:
        return names[0]
    for name in names:
        type_ = document()["components"]["messages"][name]["headers"]["properties"]["ce_type"]
        if headers.get("ce_type") in (type_.get("x-extensible-enum") or [type_["const"]]):
            return name
    return None


def _unlike(value: Json, headers: Json, key: bytes | None, channel: Json) -> Iterator[str]:
    """Where the headers or the key say something else than the value."""
    kind = value.get("kind") or value.get("type")
    if headers.get("ce_type") != f"{TYPE_PREFIX}{kind}":
        yield f"ce_type {headers.get('ce_type')} of a {kind}"
    if "traceparent" in value and headers.get(TRACEPARENT) != value["traceparent"]:
        yield f"{TRACEPARENT} {headers.get(TRACEPARENT)} of {value['traceparent']}"
    of = value.get("request", value)
    fields = [str(of.get(name)) for name in channel["x-key"].split("|")]
    if key is None or key.decode() not in ("|".join(fields), kind):
        yield f"key {key!r} of {fields}"
