"""The wheel installed into an empty environment, and used there as by somebody who has nothing else of this repository
but the examples.
"""

import json
import os
import shutil
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.packaging.locked import locked
from tests.packaging.wheel import ROOT, asked_for, built

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WHERE = "import contracts_schema.testing, services; print(contracts_schema.testing.__file__); print(services.__file__)"


@dataclass(frozen=True)
class Environment:
    """An environment, and a folder to work in that has the examples and nothing else of this repository."""

    python: Path
    folder: Path

    def run(self, *command: object) -> str:
        """What a command prints, which must succeed. No path leads back to the repository."""
        kept = {name: value for name, value in os.environ.items() if name not in LEADING_BACK}
        arguments = [str(self.python.parent / str(command[0])), *map(str, command[1:])]
        done = subprocess.run(arguments, cwd=self.folder, env=kept, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


LEADING_BACK = {"PYTHONPATH", "VIRTUAL_ENV", "KAFKA_BOOTSTRAP_SERVERS", "ANNUITY_LEDGER_TESTING"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel with what tests need, and pytest as a team would have it: each by its digest in the lock."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=True)
    here = Environment(folder / "venv" / "bin" / "python", folder / "work")
    here.folder.mkdir()
    wheel = built(folder)
    wanted = folder / "wanted.lock"
    wanted.write_text(locked([*asked_for(wheel, "testing", "examples"), "pytest"]), encoding="utf-8")
    quietly = ("--quiet", "--disable-pip-version-check", "--only-binary", ":all:")
    here.run("pip", "install", *quietly, "--require-hashes", "--requirement", wanted)
    here.run("pip", "install", *quietly, "--no-index", f"{wheel}[testing,examples]")
    shutil.copytree(
        ROOT / "deploy" / "examples", here.folder / "deploy" / "examples", ignore=shutil.ignore_patterns("__pycache__")
    )
    return here


def test_it_is_what_is_imported(installed: Environment) -> None:
    for line in installed.run("python", "-c", WHERE).splitlines():
        assert Path(line).is_relative_to(installed.folder.parent / "venv"), line


def test_what_is_installed_is_whole(installed: Environment) -> None:
    assert installed.run("pip", "check").strip() == "No broken requirements found."


def test_the_command_line_is_there(installed: Environment) -> None:
    assert "replay" in installed.run("annuity-ledger", "--help")
    first = README.index("```jsonl\n") + len("```jsonl\n")
    (installed.folder / "input.jsonl").write_text(README[first : README.index("```", first)], encoding="utf-8")
    installed.run("annuity-ledger", "replay", "input.jsonl", "--out", "replayed")
    confirmed = (installed.folder / "replayed" / "confirmations.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["value"]["request_id"] for line in confirmed] == ["open-1", "PAY-2024-03-1"]


def test_the_examples_tests_pass_there(installed: Environment) -> None:
    command = ("-m", "pytest", "-q", "--import-mode=importlib", "-p", "no:cacheprovider", "deploy/examples")
    said = installed.run("python", *command)
    assert "10 passed" in said, said
