"""What a test publishes, as the messages that go out: models of this package, plain objects, or raw bytes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from pydantic import BaseModel, ValidationError

from contracts_schema.topics import TOPICS
from services.runtime.cli.messages import PUBLISHABLE, Message, key_of

Publishable = BaseModel | Mapping[str, object] | bytes
"""A model must be one of its topic. An object goes as it is, so that a test may send what is wrong; decimals, dates and
times in it are written as strings. Bytes need not even be JSON.
"""


def message_of(topic: str, what: Publishable, key: str | None = None) -> Message:
    """The message for a topic that may be published to; its key is reckoned from its fields unless one is given.

    Raises `ValueError` for another topic, `TypeError` for a model that is not of the topic.
    """
    if topic not in PUBLISHABLE:
        raise ValueError(f"nobody but the service writes to {topic}; there are {', '.join(PUBLISHABLE)}")
    value = _bytes_of(topic, what)
    return Message(f"published to {topic}", topic, key_of(topic, value) if key is None else key, value)


def _bytes_of(topic: str, what: Publishable) -> bytes:
    if isinstance(what, bytes):
        return what
    if isinstance(what, Mapping):
        return msgspec.json.encode(dict(what))
    value = what.model_dump_json(by_alias=True, exclude_none=True).encode()
    model = TOPICS[topic].model
    assert model is not None, "what may be published has a model"
    try:
        model.model_validate_json(value)
    except ValidationError as error:
        raise TypeError(f"{topic} takes {model.__name__}, and this {type(what).__name__} is none: {error}") from None
    return value
