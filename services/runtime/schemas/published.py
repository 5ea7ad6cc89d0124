"""The published files: what the models make, what is in a folder, and what was published at a commit.

They are bytes by file name: `asyncapi.json`, a `….schema.json` for each message, and `index.html`. What else is in the
folder, its README, is written by hand.
"""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from services.runtime.schemas.asyncapi import Readers, asyncapi
from services.runtime.schemas.compatibility import Contract
from services.runtime.schemas.json_schema import json_schema
from services.runtime.schemas.messages import Role, published_messages, slug_of
from services.runtime.schemas.page import page

Json = dict[str, Any]
Files = Mapping[str, bytes]

DOCUMENT = "asyncapi.json"
PAGE = "index.html"
SCHEMA = ".schema.json"


class NotPublishedError(Exception):
    """There is nothing published where it was looked for; the message says why."""


def home() -> Path:
    """The folder that the files are published in: the package's own."""
    return Path(str(files("contracts_schema"))) / "published"


def made(readers: Readers) -> dict[str, bytes]:
    """The files as the models make them: the same models always make the same bytes."""
    document = asyncapi(readers)
    schemas = {message.slug + SCHEMA: _written(json_schema(message)) for message in published_messages()}
    return {DOCUMENT: _written(document), PAGE: page(document).encode(), **schemas}


def there(folder: Path) -> dict[str, bytes]:
    """The files of a folder; none where there is no such folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*")) if is_published(path.name)}


def at(reference: str) -> dict[str, bytes]:
    """What was published: in the folder of that name, or else at that commit, branch or tag of the repository.

    Raises `NotPublishedError` where there is neither.
    """
    folder = Path(reference)
    found = there(folder) if folder.is_dir() else _committed(reference)
    if DOCUMENT not in found:
        raise NotPublishedError(f"{reference} has no {DOCUMENT}: nothing was published there.")
    return found


def is_published(name: str) -> bool:
    """Whether a file of that name is one of these."""
    return name in (DOCUMENT, PAGE) or name.endswith(SCHEMA)


def write(folder: Path, contents: Files) -> list[str]:
    """Write what differs, remove what is published no longer; returns the names of those files."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = drift(there(folder), contents)
    for name in changed:
        if name in contents:
            (folder / name).write_bytes(contents[name])
        else:
            (folder / name).unlink()
    return changed


def drift(found: Files, contents: Files) -> list[str]:
    """The names of files that are not as they are made, are missing, or are made no longer."""
    return sorted(name for name in found.keys() | contents.keys() if found.get(name) != contents.get(name))


def channels(contents: Files) -> dict[str, Json]:
    """The topics of the document."""
    found: dict[str, Json] = json.loads(contents[DOCUMENT])["channels"]
    return found


def contracts(contents: Files) -> dict[str, Contract]:
    """Every message by its name; of bytes that could not be read only the headers are promised."""
    document = json.loads(contents[DOCUMENT])
    found = {}
    for topic, channel in document["channels"].items():
        for name in channel["messages"]:
            message, schema = document["components"]["messages"][name], contents.get(slug_of(name) + SCHEMA, b"{}")
            found[name] = Contract(Role(message["x-role"]), topic, json.loads(schema), message["headers"])
    return found


def _written(value: Json) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _committed(reference: str) -> dict[str, bytes]:
    command = ["git", "-C", str(home()), "archive", "--format=tar", "--end-of-options", reference, "."]
    try:
        archive = subprocess.run(command, capture_output=True, check=True)
    except FileNotFoundError:
        raise NotPublishedError(f"{reference} is no folder, and there is no git to look for it with.") from None
    except subprocess.CalledProcessError as error:
        raise NotPublishedError(f"{reference} is no folder, and git says: {error.stderr.decode().strip()}") from None
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        members = [member for member in tar if member.isfile() and is_published(Path(member.name).name)]
        return {Path(member.name).name: _content(tar, member) for member in members}


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    assert file is not None, "it is a file"
    return file.read()
