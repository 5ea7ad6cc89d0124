"""The wheel, built from the repository as `pip wheel` would, with the build backend that is installed here."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def built(folder: Path) -> Path:
    """The wheel, in a folder."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel
