"""One AsyncAPI 3.0 document of every topic and message: where, keyed how, written and read by whom, and what is in it.

Send and receive are the service's: it receives what senders send.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contracts_schema.topics import OUTCOME_TOPICS, REFERENCE_TOPICS, REQUEST_TOPICS, TOPICS, Partitions, Topic
from services.runtime.schemas.components import TO_COMPONENTS, component_of, components
from services.runtime.schemas.examples import examples_of
from services.runtime.schemas.headers import dead_letter_headers, headers_of
from services.runtime.schemas.messages import OUTSIDERS, PublishedMessage, is_state, published_messages, writers_of
from services.runtime.settings import Settings
from services.runtime.topics import expected_config, partition_count

Json = dict[str, Any]
Readers = Mapping[str, Sequence[str]]
"""The services that read a topic, by its name."""

BINDING = "0.5.0"
DEAD_LETTER = "DeadLetter"
_NUMBERS = ("retention.ms", "retention.bytes", "delete.retention.ms", "max.message.bytes")
_ALSO_TOLD = ("account-values", "remittance-notices", "contract-notices", "unit-values", "alarms", "dead-letters")
_ABOUT = """\
Requests in, confirmations, rejections and notices out. Money, units and rates are strings: a JSON number cannot hold a
cent. Pass over what you do not know, fields, kinds and codes: later releases add some. What will never change, and how
you can see for yourself, is in the README beside this document."""


def asyncapi(readers: Readers) -> Json:
    """The document."""
    messages = published_messages()
    schemas = components(messages)
    return {
        "asyncapi": "3.0.0",
        "id": "urn:annuity-ledger",
        "info": {
            "title": "annuity-ledger",
            "version": "1",
            "description": _ABOUT.replace("\n", " "),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"kafka": _server()},
        "channels": {topic.name: _channel(topic, _on(topic, messages), readers) for topic in TOPICS.values()},
        "operations": _operations(messages, readers),
        "components": {
            "messages": {m.name: _message(m, schemas) for m in messages} | {DEAD_LETTER: _dead_letter()},
            "schemas": schemas,
        },
    }


def _server() -> Json:
    bootstrap = {"default": "localhost:9092", "description": "what KAFKA_BOOTSTRAP_SERVERS says"}
    return {"host": "{bootstrap}", "protocol": "kafka", "variables": {"bootstrap": bootstrap}}


def _on(topic: Topic, messages: Iterable[PublishedMessage]) -> list[str]:
    if topic.name == "dead-letters":
        return [DEAD_LETTER]
    return [message.name for message in messages if message.topic is topic]


def _channel(topic: Topic, messages: list[str], readers: Readers) -> Json:
    settings = Settings.model_construct()
    config: Json = {name: int(value) if name in _NUMBERS else value for name, value in expected_config(topic).items()}
    config["cleanup.policy"] = [config["cleanup.policy"]]
    return {
        "address": topic.name,
        "description": f"{topic.about[0].upper()}{topic.about[1:]}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "tags": [{"name": _group(topic)}],
        "bindings": {
            "kafka": {
                "partitions": partition_count(topic, settings),
                "topicConfiguration": config,
                "bindingVersion": BINDING,
            }
        },
        "x-key": topic.key,
        "x-partitions": "one" if topic.partitions is Partitions.ONE else "ANNUITY_LEDGER_PARTITIONS",
        "x-writers": [*writers_of(topic)],
        "x-readers": [*_readers(topic, readers)],
    }


def _group(topic: Topic) -> str:
    """What a topic is for: one of five words."""
    if is_state(topic):
        return "state"
    if topic.name in REQUEST_TOPICS:
        return "requests"
    if topic.name in REFERENCE_TOPICS:
        return "reference"
    return "outcomes" if topic.name in (*OUTCOME_TOPICS, *_ALSO_TOLD) else "log"


def _readers(topic: Topic, readers: Readers) -> Sequence[str]:
    if is_state(topic):
        return writers_of(topic)  # its own state, when it starts
    return readers.get(topic.name, ("consumers",))


def _operations(messages: Iterable[PublishedMessage], readers: Readers) -> Json:
    """What each service does with each topic that is in the contract."""
    operations: Json = {}
    for topic in TOPICS.values():
        on = _on(topic, messages)
        if is_state(topic):
            continue
        for service in [name for name in writers_of(topic) if name not in OUTSIDERS]:
            sends = [m.name for m in messages if m.topic is topic and service in m.writers] or on
            operations[f"{service}.send.{topic.name}"] = _operation("send", service, topic, sends)
        for service in readers.get(topic.name, ()):
            operations[f"{service}.receive.{topic.name}"] = _operation("receive", service, topic, on)
    return operations


def _operation(action: str, service: str, topic: Topic, messages: Iterable[str]) -> Json:
    channel = f"#/channels/{topic.name}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{name}"} for name in messages],
        "tags": [{"name": service}],
    }


def _message(message: PublishedMessage, schemas: Mapping[str, Json]) -> Json:
    component = component_of(message, schemas)
    about = schemas[component].get("description", message.topic.about)
    return {
        "name": message.name,
        "title": message.name,
        "summary": str(about).partition("\n\n")[0],
        "contentType": "application/json",
        "headers": headers_of(message),
        "payload": {"$ref": TO_COMPONENTS + component},
        "bindings": _keyed(message.key),
        "examples": [
            {
                "name": example.name,
                **({"headers": example.headers} if example.headers else {}),
                "payload": example.value,
            }
            for example in examples_of(message.slug)
        ],
        "x-role": message.role.value,
        "x-writers": [*message.writers],
    }


def _dead_letter() -> Json:
    return {
        "name": DEAD_LETTER,
        "title": DEAD_LETTER,
        "summary": "Bytes that could not be read, as they came: key, value and headers, and why in headers of our own.",
        "contentType": "application/octet-stream",
        "headers": dead_letter_headers(),
        "payload": {"description": "whatever was sent"},
        "bindings": _keyed("as received"),
        "x-role": "written",
        "x-writers": ["intake", "reference"],
    }


def _keyed(key: str) -> Json:
    return {"kafka": {"key": {"type": "string", "description": key}, "bindingVersion": BINDING}}
