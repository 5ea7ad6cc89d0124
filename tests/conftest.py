"""What every test may ask for."""

import os
import re
import uuid
from collections.abc import Iterator

import pytest
from hypothesis import settings

from services.runtime.broker import kafka
from services.runtime.settings import Settings

# How long an example takes says more about the machine than about the code.
settings.register_profile("everywhere", deadline=None)
settings.load_profile("everywhere")


@pytest.fixture(scope="session", autouse=True)
def _state_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What workers keep on disk goes where tests may write, whoever starts them."""
    os.environ["ANNUITY_LEDGER_DATA_DIR"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session")
def bootstrap_servers() -> Iterator[str]:
    """A real Kafka: the one in KAFKA_BOOTSTRAP_SERVERS, else the embedded one, started when first asked for."""
    with kafka(Settings()) as servers:
        yield servers


@pytest.fixture
def topic_prefix(request: pytest.FixtureRequest) -> str:
    """A prefix that no other test has, nor an earlier run on the same cluster: what it names needs no cleaning away."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", request.node.name).strip("-")[:40]
    return f"{name}-{uuid.uuid4().hex[:8]}-"
