"""Where in a JSON text each value stands, so that what is wrong with one can be told with its line and column."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

Path = tuple[int | str, ...]
"""Names of members and numbers of items, from the top."""

_SPACE = re.compile(r"[ \t\n\r]*")
_decoder = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both counted from 1; a column is a character."""

    line: int
    column: int


class NotJsonError(Exception):
    """The text is no JSON; says where it goes wrong."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place


@dataclass
class Document:
    """A JSON text: its value, where each part of it begins, and the members that are named again in one object."""

    text: str
    value: object
    _begins: dict[Path, int] = field(default_factory=dict)
    _repeated: list[tuple[Path, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Note where everything begins."""
        self._walk(0, ())

    def path_of(self, at: Path) -> Path:
        """The path of a value named with the kinds of unions among the names, as the models name it; what is not
        there is left out.
        """
        path: list[int | str] = []
        value, before = self.value, None
        for part in at:
            if isinstance(value, dict) and isinstance(before, int) and value.get("kind") == part:
                before = part
                continue
            before = part
            if _has(value, part):
                value = value[part]  # type: ignore[index]  # it has the part
                path.append(part)
        return tuple(path)

    def place_of(self, path: Path) -> Place:
        """Where the value under the path begins."""
        return _place(self.text, self._begins[path])

    def repeated(self) -> Iterator[tuple[Path, Place]]:
        """Members that an object names a second time, of which only the last would count."""
        return ((path, _place(self.text, at)) for path, at in self._repeated)

    def _walk(self, at: int, path: Path) -> int:
        """Note where a value and its parts begin; returns where it ends. Only for text that was read before."""
        at = self._skip(at)
        if path in self._begins:
            self._repeated.append((path, at))
        self._begins[path] = at
        if self.text[at] == "{":
            return self._members(at, path)
        if self.text[at] == "[":
            return self._items(at, path)
        return _decoder.raw_decode(self.text, at)[1]

    def _members(self, at: int, path: Path) -> int:
        at = self._skip(at + 1)
        while self.text[at] != "}":
            name, at = _decoder.raw_decode(self.text, at)
            at = self._skip(self._walk(self._skip(at) + 1, (*path, name)))
            if self.text[at] == ",":
                at = self._skip(at + 1)
        return at + 1

    def _items(self, at: int, path: Path) -> int:
        at, number = self._skip(at + 1), 0
        while self.text[at] != "]":
            at = self._skip(self._walk(at, (*path, number)))
            number += 1
            if self.text[at] == ",":
                at = self._skip(at + 1)
        return at + 1

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return at if found is None else found.end()


def read_document(data: bytes) -> Document:
    """The document that the bytes are; raises `NotJsonError`."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        raise NotJsonError("not UTF-8", _place(before, len(before))) from None
    try:
        return Document(text, json.loads(text))
    except json.JSONDecodeError as error:
        raise NotJsonError(f"no JSON: {error.msg}", Place(error.lineno, error.colno)) from None
    except RecursionError:
        raise NotJsonError("lists and objects lie too deep in one another", Place(1, 1)) from None


def _has(value: object, part: int | str) -> bool:
    if isinstance(value, dict):
        return part in value
    return isinstance(value, list) and isinstance(part, int) and part < len(value)


def _place(text: str, at: int) -> Place:
    return Place(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
