"""JSON Schema of a record's headers: CloudEvents 1.0 in Kafka's binary mode, the trace, and our own marks."""

from __future__ import annotations

from typing import Any

from contracts_schema.alarms import DeadLetterReason
from contracts_schema.headers import DEAD_LETTER_PREFIX, REPEAT, SOURCE, TRACEPARENT, TYPE_PREFIX
from contracts_schema.topics import REQUEST_TOPICS
from services.runtime.schemas.json_schema import OPEN_VALUES
from services.runtime.schemas.messages import ANSWERS, TRACED, PublishedMessage, Role

Json = dict[str, Any]
_TRACE: Json = {"type": "string", "description": "W3C trace context of the request, copied as it came"}
_REPEAT: Json = {
    "const": "true",
    "description": "the request came again: this is its first answer once more, with the same ce_id",
}


def headers_of(message: PublishedMessage) -> Json:
    """The headers of a message's records; others may be there too, and mean nothing."""
    if message.role is Role.RECEIVED:
        return _sent() if message.topic.name in REQUEST_TOPICS else {"type": "object"}
    properties = _event(message)
    required = [*properties]
    if message.model in TRACED:
        properties[TRACEPARENT] = _TRACE | {"description": "the request's own, where it had one"}
    if message.model in ANSWERS:
        properties[REPEAT] = _REPEAT
    return {"type": "object", "properties": properties, "required": required}


def dead_letter_headers() -> Json:
    """What a dead letter has beside the headers of the record that could not be read."""
    number = {"type": "string", "pattern": "^[0-9]+$"}
    ours = {
        "reason": {"type": "string", OPEN_VALUES: [*DeadLetterReason], "description": "why it could not be read"},
        "detail": {"type": "string", "description": "the same in words"},
        "topic": {"type": "string", "description": "the topic it was read from"},
        "partition": number | {"description": "and the partition"},
        "offset": number | {"description": "and the offset"},
    }
    properties = {DEAD_LETTER_PREFIX + name: schema for name, schema in ours.items()}
    return {"type": "object", "properties": properties, "required": [*properties]}


def _sent() -> Json:
    return {"type": "object", "properties": {TRACEPARENT: _TRACE}}


def _event(message: PublishedMessage) -> Json:
    return {
        "ce_specversion": {"const": "1.0", "description": "CloudEvents, in the binary mode of its Kafka binding"},
        "ce_id": {"type": "string", "minLength": 1, "description": "unique for what happened; a repeat has it again"},
        "ce_source": {"const": SOURCE},
        "ce_type": _type(message),
        "ce_subject": {"type": "string", "minLength": 1, "description": "whom or what it is about"},
        "ce_time": {
            "type": "string",
            "format": "date-time",
            "description": "business time: the close that decided, or the receipt; never a machine's clock",
        },
        "content-type": {"const": "application/json"},
    }


def _type(message: PublishedMessage) -> Json:
    types = [TYPE_PREFIX + kind for kind in message.kinds]
    about = {"description": f"{TYPE_PREFIX}… and what the value says it is"}
    return {"const": types[0]} | about if len(types) == 1 else {"type": "string", OPEN_VALUES: types} | about
