"""`jars.lock`: the embedded broker's jars with their SHA-256 digests and sizes. `make lock` writes it anew
(`relock.py`).

Resolution happens there, when the file is made, and not on users' machines: these get the same bytes every time and
read no POM.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

KAFKA_VERSION = "4.1.1"


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock file."""

    sha256: str
    size: int
    coordinate: str

    @property
    def filename(self) -> str:
        """The name that Maven gives the file."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"

    def matches(self, path: Path) -> bool:
        """Whether the file at `path` is this jar, byte for byte. False when there is no such file."""
        if not path.is_file() or path.stat().st_size != self.size:
            return False
        return sha256_of(path) == self.sha256


def locked_jars() -> tuple[Jar, ...]:
    """All jars of the lock file, in class path order."""
    text = resources.files(__package__).joinpath("jars.lock").read_text(encoding="ascii")
    return tuple(_parse(text))


def _parse(text: str) -> Iterator[Jar]:
    for line in text.splitlines():
        if line and not line.startswith("#"):
            sha256, size, coordinate = line.split()
            yield Jar(sha256, int(size), coordinate)


def sha256_of(path: Path) -> str:
    """The SHA-256 digest of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
