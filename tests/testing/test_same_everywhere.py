"""The same story gives the same bytes in process and on a real broker."""

from pathlib import Path

import pytest

from contracts_schema.testing import AnnuityLedgerInProcess, AnnuityLedgerOnBroker, ExpectationFailedError
from tests.pipeline.installation import Installation
from tests.testing import stories


@pytest.mark.timeout(240)
def test_the_same_on_a_broker(bootstrap_servers: str, topic_prefix: str, tmp_path: Path) -> None:
    with Installation(bootstrap_servers, topic_prefix, tmp_path, partitions=2) as installation:
        installation.start("all")
        on_broker = AnnuityLedgerOnBroker(bootstrap_servers, topic_prefix=topic_prefix, partitions=2)
        with on_broker:
            _compared(on_broker)


def _compared(on_broker: AnnuityLedgerOnBroker) -> None:
    stories.told(on_broker)
    in_process = AnnuityLedgerInProcess()
    stories.told(in_process)
    expected = stories.written(in_process)
    assert {topic: len(found) for topic, found in expected.items()} == stories.COUNTS
    assert stories.written(on_broker) == expected
    for person in ("P1", "P2"):
        assert on_broker.account_values("C1", person) == in_process.account_values("C1", person)
    assert on_broker.await_confirmation("R-1") == in_process.await_confirmation("R-1")
    _and_the_same_failures(on_broker, in_process)


def _and_the_same_failures(on_broker: AnnuityLedgerOnBroker, in_process: AnnuityLedgerInProcess) -> None:
    for call in ("await_confirmation", "await_rejection"):
        said = []
        for ledger in (on_broker, in_process):
            with pytest.raises(ExpectationFailedError) as failed:
                getattr(ledger, call)("d2", timeout_s=1)
            said.append(str(failed.value))
        assert said[0] == said[1]
        assert "acknowledged" in said[0]
