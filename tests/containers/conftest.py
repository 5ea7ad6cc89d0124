"""What the tests in containers share: one stack, brought up once."""

import uuid
from collections.abc import Iterator

import pytest

from tests.containers.composing import WORKERS, Composed
from tests.containers.engine import client, run, wait


@pytest.fixture(scope="session")
def engine() -> None:
    """A container engine. A test in containers never passes, and is never skipped, for want of one."""
    assert run(client(), "info").returncode == 0, (
        "No container engine answers: start one, or have deploy/containers/engine.sh do it."
    )


@pytest.fixture(scope="session")
def stack(engine: None) -> Iterator[Composed]:  # noqa: ARG001 -- it must be there
    """Kafka, its topics and the services, all ready; two workers of the ledger."""
    composed = Composed(f"ledger-{uuid.uuid4().hex[:6]}")
    try:
        composed.up("--scale", "ledger=2")
        wait(lambda: all(composed.healthy(*each) for each in WORKERS.items()), "all workers to be ready")
        yield composed
    finally:
        composed.down()
