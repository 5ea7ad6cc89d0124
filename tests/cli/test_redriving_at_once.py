"""Redriven once for ever, whoever else is at it and wherever a redrive is killed: real processes, a real Kafka."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from confluent_kafka import KafkaError, KafkaException

from contracts_schema.headers import header
from contracts_schema.topics import TOPICS
from services.runtime.cli.redriving import RedriveWriter
from services.runtime.reading import read_topic
from services.runtime.records import InputRecord
from services.runtime.settings import Settings
from services.runtime.topics import create_topics
from services.runtime.transactions import TransactionalWriter
from tests.cli.letters import GOOD, came, written
from tests.cli.running import annuity_ledger

ROOT = Path(__file__).parents[2]
LETTER = "dead-letters/1/0"


class Cluster:
    """An installation with one dead letter, whose bytes can be read by now."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self.settings = Settings(bootstrap_servers=bootstrap, topic_prefix=prefix, partitions=2)
        create_topics(self.settings, TOPICS)
        writer = TransactionalWriter(self.settings, f"{prefix}intake-1")
        writer.fence()
        writer.commit([written(came(GOOD, partition=1))])
        writer.close()

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to know."""
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.settings.cluster,
            "ANNUITY_LEDGER_TOPIC_PREFIX": self.settings.topic_prefix,
            "ANNUITY_LEDGER_PARTITIONS": "2",
        }

    def process(self, by: str, *module: str) -> "subprocess.Popen[str]":
        """A redrive of the dead letter in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", *module, "dead-letters", "redrive", LETTER, "--by", by],
            cwd=ROOT,
            env=os.environ | self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def stopped(self, where: str) -> "subprocess.Popen[str]":
        """Ann's, stopped on its way."""
        process = self.process("ann", "tests.cli.redrive_stopping", where)
        assert process.stdout is not None
        assert process.stdout.readline() == "stopped\n"
        return process

    def read(self, topic: str) -> list[InputRecord]:
        """Everything committed to a topic."""
        return asyncio.run(read_topic(self.settings.cluster, topic, prefix=self.settings.topic_prefix))

    def redriven_by(self) -> str:
        """Whose redrive there is: one, with its mark."""
        [record], [_] = self.read("deposit-requests"), self.read("dead-letters-redriven")
        assert record.value == GOOD
        return (header(record.headers, "redriven-by") or b"").decode()


@pytest.fixture
def cluster(bootstrap_servers: str, topic_prefix: str) -> Cluster:
    return Cluster(bootstrap_servers, topic_prefix)


def test_of_some_at_the_same_time_one_redrives(cluster: Cluster) -> None:
    names = ("ann", "bob", "cem")
    processes = [cluster.process(name, "services.runtime.cli") for name in names]
    ends = {
        name: (*process.communicate(timeout=120), process.returncode)
        for name, process in zip(names, processes, strict=True)
    }
    done = [name for name, (_, _, code) in ends.items() if code == 0]
    assert done == [cluster.redriven_by()]
    for name in set(names) - {*done}:
        assert f"not redriven: it was redriven by {done[0]} at " in ends[name][1]


@pytest.mark.parametrize("where", ["before writing", "before committing"])
def test_one_that_was_overtaken_writes_nothing(cluster: Cluster, where: str) -> None:
    slow = cluster.stopped(where)
    assert annuity_ledger("dead-letters", "redrive", LETTER, "--by", "bob", environment=cluster.environment).code == 0
    out, err = slow.communicate("\n", timeout=120)
    assert (slow.returncode, out) == (1, "")
    assert "not redriven: it was redriven by bob at " in err
    assert cluster.redriven_by() == "bob"


@pytest.mark.parametrize("where", ["before committing", "committed"])
def test_killed_it_has_happened_with_its_mark_or_not_at_all(cluster: Cluster, where: str) -> None:
    killed = cluster.stopped(where)
    killed.kill()
    killed.communicate()
    done = annuity_ledger("dead-letters", "redrive", LETTER, "--by", "bob", environment=cluster.environment)
    if where == "committed":
        assert "not redriven: it was redriven by ann at " in done.err
    assert (done.code, cluster.redriven_by()) == ((1, "ann") if where == "committed" else (0, "bob"))


def test_a_commit_of_which_nothing_was_heard_is_found(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    commit, tried = RedriveWriter.commit, list[bool]()

    def unheard(writer: RedriveWriter) -> None:
        tried.append(True)
        commit(writer)
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT))

    monkeypatch.setattr(RedriveWriter, "commit", unheard)
    done = annuity_ledger("dead-letters", "redrive", LETTER, "--by", "ann", environment=cluster.environment)
    assert (done.code, done.err, len(tried)) == (0, "redriven=1 refused=0\n", 1)
    assert cluster.redriven_by() == "ann"
