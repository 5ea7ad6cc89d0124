"""What is in the wheel."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.wheel import ROOT, built, metadata_of


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(built(tmp_path_factory.mktemp("wheel"))) as wheel:
        yield wheel


def test_everything_of_both_packages_is_in_it_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    packages = ("services", "contracts_schema")
    files = (path.relative_to(ROOT) for package in packages for path in (ROOT / package).rglob("*") if path.is_file())
    wanted = {str(path) for path in files if "__pycache__" not in path.parts}
    there = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert there == wanted
    data = {"contracts_schema/py.typed", "services/py.typed", "services/runtime/broker/jars.lock"}
    assert data | {"contracts_schema/testing/README.md", "contracts_schema/examples/README.md"} <= there


def test_its_metadata_name_command_extras_and_licence(wheel: zipfile.ZipFile) -> None:
    said = {Path(name).name: wheel.read(name).decode() for name in wheel.namelist() if ".dist-info/" in name}
    metadata = metadata_of(Path(str(wheel.filename)))
    assert said["entry_points.txt"].strip() == "[console_scripts]\nannuity-ledger = services.runtime.cli:main"
    assert "testing" in metadata.get_all("Provides-Extra", [])
    assert any("testcontainers" in one and "testing" in one for one in metadata.get_all("Requires-Dist", []))
    assert (metadata["License-Expression"], "LICENSE" in said) == ("Apache-2.0", True)
