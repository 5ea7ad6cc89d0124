"""The ledger for teams that test against the service, in containers: the same outcomes as in process, the examples'
tests, and what is said when a service has ended.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from testcontainers.core.config import ConnectionMode, testcontainers_config

from contracts_schema.testing import AnnuityLedgerContainer, AnnuityLedgerInProcess, ExpectationFailedError
from tests.domain import books
from tests.testing import stories

pytestmark = [pytest.mark.containers, pytest.mark.timeout(600)]
ROOT = Path(__file__).parent.parent.parent
# Nobody needs to clean up after a process that is watched, and what does so is an image more.
ENGINE = {"TESTCONTAINERS_RYUK_DISABLED": "true", "TESTCONTAINERS_CONNECTION_MODE": "docker_host"}


@pytest.fixture(scope="module")
def in_containers() -> Iterator[AnnuityLedgerContainer]:
    """A broker, and a container for each service."""
    # As ENGINE says it to the examples: this process has read its environment.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(testcontainers_config, "ryuk_disabled", True)
        patch.setattr(testcontainers_config, "connection_mode_override", ConnectionMode.docker_host)
        with AnnuityLedgerContainer() as ledger:
            yield ledger


def test_the_same_in_containers(in_containers: AnnuityLedgerContainer) -> None:
    in_process = AnnuityLedgerInProcess()
    for ledger in (in_containers, in_process):
        stories.told(ledger)
    assert stories.written(in_containers) == stories.written(in_process)
    assert in_containers.account_values("C1", "P1") == in_process.account_values("C1", "P1")


def test_a_service_that_has_ended_is_named(in_containers: AnnuityLedgerContainer) -> None:
    in_containers.container("ledger").get_wrapped_container().kill()
    with pytest.raises(ExpectationFailedError, match="The ledger service has ended"):
        in_containers.publish("deposit-requests", books.deposit("d9", "2021-01-11", "1.00"))


def test_the_examples_tests_pass_in_containers() -> None:
    environment = os.environ | ENGINE | {"ANNUITY_LEDGER_TESTING": "container"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "deploy/examples"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 passed" in done.stdout
