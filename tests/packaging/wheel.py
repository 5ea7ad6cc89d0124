"""The wheel, built from the repository as `pip wheel` would, with the build backend that is installed here."""

import email
import subprocess
import sys
import zipfile
from email.message import Message
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent.parent


def built(folder: Path) -> Path:
    """The wheel, in a folder."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def metadata_of(wheel: Path) -> Message:
    """What the wheel says of itself."""
    with zipfile.ZipFile(wheel) as file:
        (name,) = (name for name in file.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(file.read(name))


def asked_for(wheel: Path, *extras: str) -> list[str]:
    """What the wheel asks for, with extras of its own."""
    found = (Requirement(line) for line in metadata_of(wheel).get_all("Requires-Dist", []))
    return [str(one) for one in found if one.marker is None or any(one.marker.evaluate({"extra": e}) for e in extras)]
