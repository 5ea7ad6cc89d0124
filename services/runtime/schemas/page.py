"""The AsyncAPI document as a page to read: one file, which needs nothing else and no network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from contracts_schema.topics import DAY_MS
from services.runtime.schemas.fields import fields_of, name_of, type_of

Json = dict[str, Any]
GROUPS = {
    "requests": "Requests, as senders publish them",
    "reference": "What operations publish",
    "outcomes": "What is written for you to read",
    "log": "The book, and what services tell one another",
    "state": "The services' own state: no part of the contract",
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as the page shows it."""

    name: str
    channel: Json
    messages: list[Json]

    @property
    def partitions(self) -> str:
        """How many, and what that depends on."""
        count = self.channel["bindings"]["kafka"]["partitions"]
        return f"{count}" if self.channel["x-partitions"] == "one" else f"{count}, or as many as are set"

    @property
    def kept(self) -> str:
        """How long records are kept."""
        config = self.channel["bindings"]["kafka"]["topicConfiguration"]
        if config["cleanup.policy"] == ["compact"]:
            return "the last of each key"
        return "forever" if config["retention.ms"] < 0 else f"{config['retention.ms'] // DAY_MS} days"

    @property
    def stamped(self) -> str:
        """Whose clock the record's timestamp is of."""
        config = self.channel["bindings"]["kafka"]["topicConfiguration"]
        return "by the broker" if config["message.timestamp.type"] == "LogAppendTime" else "by its writer"


def page(document: Json) -> str:
    """The page."""
    environment = Environment(
        loader=PackageLoader("services.runtime.schemas", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"prose": prose, "pretty": _pretty, "spaced": _spaced}
    template = environment.get_template("page.html.j2")
    types, whole = document["components"]["schemas"], _whole(document)
    return (
        template.render(
            info=document["info"],
            groups=[(group, title, [*_topics(document, group)]) for group, title in GROUPS.items()],
            types={name: schema for name, schema in types.items() if name not in whole},
            anchor=lambda name: f"message-{whole[name]}" if name in whole else f"type-{name}",
            payload=lambda message: types.get(name_of(message["payload"]), {}),
            fields=fields_of,
            type_of=type_of,
        ).rstrip()
        + "\n"
    )


def prose(text: str) -> Markup:
    """Text of a docstring: paragraphs, and `names` as they stand in messages."""
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(paragraph)))))  # noqa: S704
        for paragraph in text.split("\n\n")
    )


def _topics(document: Json, group: str) -> Iterator[Topic]:
    messages: Mapping[str, Json] = document["components"]["messages"]
    for name, channel in document["channels"].items():
        if {"name": group} in channel["tags"]:
            yield Topic(name, channel, [messages[each] for each in channel["messages"]])


def _whole(document: Json) -> dict[str, str]:
    """Types that are messages, and their names as such: they are shown with their topic."""
    return {name_of(message["payload"]): name for name, message in document["components"]["messages"].items()}


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _spaced(names: list[str]) -> str:
    return ", ".join(names)
