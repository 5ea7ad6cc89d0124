"""The part of the lock that something needs: every package that it asks for, and that those ask for, by digest."""

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.wheel import ROOT

ENTRY = re.compile(r"^([a-zA-Z0-9._-]+)==(?:.*\n)(?:[ \t]+.*\n)*", re.MULTILINE)


def locked(wanted: Iterable[str]) -> str:
    """The lines of the lock for some requirements. Raises `KeyError` for a package that is not in it."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries: dict[str, str] = {canonicalize_name(found[1]): found[0] for found in ENTRY.finditer(text)}
    return "".join(entries[name] for name in sorted(closure(wanted)))


def closure(wanted: Iterable[str]) -> set[str]:
    """The names of all packages needed here, by the metadata of what is installed in this environment."""
    found: set[tuple[str, str]] = set()
    left = [pair for line in wanted for pair in _named(Requirement(line))]
    while left:
        name, extra = left.pop()
        if (name, extra) not in found:
            found.add((name, extra))
            left += [pair for line in requires(name) or () for pair in _asked(Requirement(line), extra)]
    return {name for name, _ in found}


def _asked(requirement: Requirement, extra: str) -> Iterator[tuple[str, str]]:
    if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
        yield from _named(requirement)


def _named(requirement: Requirement) -> Iterator[tuple[str, str]]:
    """A package by itself, and with each of the extras that are asked for."""
    name = canonicalize_name(requirement.name)
    yield from ((name, extra) for extra in ("", *sorted(requirement.extras)))
