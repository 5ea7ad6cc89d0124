"""Examples of messages, from the files of `contracts_schema/examples`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """One record: its headers as text, and its value."""

    name: str
    key: str | None
    headers: dict[str, str]
    value: Json


def examples_of(slug: str) -> list[Example]:
    """The examples of a message, by its name in file names: `messages/deposit-request.json` and
    `messages/deposit-request.by-allocation.json`; of contract terms the example contracts too.
    """
    folder = files("contracts_schema") / "examples"
    found = [_record(file) for file in _sorted(folder / "messages") if file.name.split(".")[0] == slug]
    if slug == "contract-terms":
        found += [_terms(file) for file in _sorted(folder)]
    return found


def _sorted(folder: Traversable) -> Iterator[Traversable]:
    yield from sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name)


def _record(file: Traversable) -> Example:
    record = json.loads(file.read_bytes())
    name = file.name.removesuffix(".json").replace(".", ": ").replace("-", " ")
    return Example(name, record.get("key"), record.get("headers", {}), record["value"])


def _terms(file: Traversable) -> Example:
    value = json.loads(file.read_bytes())
    return Example(file.name.removesuffix(".json"), value["contract_id"], {}, value)
