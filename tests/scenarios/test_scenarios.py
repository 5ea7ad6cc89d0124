"""Every scenario's input, as it stands in its folder, brings about what `expected.jsonl` beside it says."""

import json
from pathlib import Path

import pytest

from tests.cli.running import annuity_ledger
from tests.scenarios.replayed import differences, expected, outcomes
from tests.scenarios.story import FOLDER, text
from tests.scenarios.written import STORIES

NAMES = sorted(folder.name for folder in FOLDER.iterdir() if (folder / "input.jsonl").exists())


@pytest.mark.parametrize("name", NAMES)
def test_what_a_scenario_brings_about(name: str) -> None:
    wanted, found = expected(name), outcomes(name)
    assert [each["outcome"] for each in found] == [each["outcome"] for each in wanted]
    assert [line for one, other in zip(wanted, found, strict=True) for line in differences(one, other)] == []


def test_the_command_writes_what_is_compared_here(tmp_path: Path) -> None:
    done = annuity_ledger("replay", FOLDER / "appendix_one" / "input.jsonl", "--out", tmp_path)
    assert done.code == 0, done.err
    written = (tmp_path / "confirmations.jsonl").read_text(encoding="utf-8").splitlines()
    values = [{"outcome": "confirmations", **json.loads(line)["value"]} for line in written]
    assert values == [*outcomes("appendix_one")]


@pytest.mark.parametrize("name", NAMES)
def test_the_input_is_what_its_story_writes(name: str) -> None:
    assert (FOLDER / name / "input.jsonl").read_text(encoding="utf-8") == text(STORIES[name]())


def test_every_story_is_in_a_folder_with_its_arithmetic() -> None:
    assert sorted(STORIES) == NAMES
    assert [name for name in NAMES if not (FOLDER / name / "README.md").exists()] == []


def test_a_difference_is_found() -> None:
    """Another figure, a line too many and a rule that is not cited: whatever is expected must be there."""
    (deposit, *_, paid) = outcomes("appendix_one")
    assert list(differences({"paid": "2000.01"}, paid)) == [".paid: '2000.01' is expected, '2000.00' was found"]
    assert len(list(differences({"mva": {"lines": []}}, paid))) == 1
    assert list(differences({"rules": ["GAA-1", "MVA-9"]}, deposit)) == [".rules: MVA-9 is not cited"]
