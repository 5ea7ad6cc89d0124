"""`annuity-ledger dead-letters` on a real Kafka: what intake could not read is listed, shown, mended and redriven."""

import asyncio
import io
import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from contracts_schema.alarms import DeadLetterReason
from contracts_schema.headers import header
from contracts_schema.topics import TOPICS
from services.runtime.reading import read_topic
from services.runtime.settings import Settings
from services.runtime.topics import create_topics
from services.runtime.transactions import TransactionalWriter
from tests.cli.letters import BAD, GOOD, came, written
from tests.cli.running import Done, annuity_ledger
from tests.pipeline.installation import Installation

COUNT = 150


def test_what_intake_could_not_read_is_mended_and_read(
    bootstrap_servers: str, topic_prefix: str, tmp_path: Path
) -> None:
    def run(*arguments: object) -> Done:
        return annuity_ledger("dead-letters", *arguments, environment=service.environment)

    def listed(*arguments: object) -> list[dict[str, Any]]:
        done = run("list", "--json", *arguments)
        assert done.code == 0, done.err
        return [json.loads(line) for line in done.out.splitlines()]

    with Installation(bootstrap_servers, topic_prefix, tmp_path, 2) as service:
        service.start("intake")
        service.send([("deposit-requests", BAD)])
        service.wait(lambda: len(service.read("dead-letters")) == 1, "the dead letter", 60)
        [letter] = listed("--not-redriven")
        name, number = letter["dead_letter"], letter["dead_letter"].split("/")[1]
        assert (letter["reason"], letter["key"], letter["bytes"]) == ("NOT_JSON", "?", len(BAD))
        assert letter["original"] == f"deposit-requests/{number}/0"

        raw = tmp_path / "raw"
        assert run("show", letter["original"], "--raw", raw).err == f"{len(BAD)} bytes written to {raw}.\n"
        assert raw.read_bytes() == BAD
        assert raw.stat().st_mode & 0o777 == 0o600
        assert run("show", name, "--raw", raw).code == 1, "nothing is written over"

        unreadable = run("redrive", name, "--by", "ann")
        assert (unreadable.code, unreadable.out) == (1, "")
        assert f"{name}: {letter['original']} not redriven: it still could not be read: NOT_JSON: " in unreadable.err
        forced = run("redrive", name, "--by", "ann", "--force")
        assert forced.code == 0, forced.err
        service.wait(lambda: len(service.read("dead-letters")) == 2, "the dead letter again", 60)
        [again] = listed("--not-redriven")
        assert f"which could not be read either: {again['dead_letter']}" in run("show", name).out

        raw.write_bytes(GOOD)
        call = ("redrive", again["dead_letter"], "--value", raw, "--by", "bob")
        rehearsed = run(*call, "--dry-run")
        assert rehearsed.out == f"{again['dead_letter']}: {again['original']} would be redriven\n"
        assert rehearsed.err == "would be redriven=1 refused=0\n"
        done = run(*call)
        assert (done.code, done.err) == (0, "redriven=1 refused=0\n")
        last = service.read("deposit-requests")[-1]
        assert done.out.endswith(f" redriven as deposit-requests/{number}/{last.offset}\n")
        assert (last.key, last.value, last.partition) == (b"?", GOOD, int(number))
        assert header(last.headers, "redriven-from") == again["original"].encode()
        assert header(last.headers, "redriven-first") == letter["original"].encode()
        service.wait_logged("request")
        assert [entry["source_offset"] for entry in service.messages("ledger-log")] == [last.offset]

        refused = run(*call, "--force")
        assert (refused.code, refused.out) == (1, "")
        assert " not redriven: it was redriven by bob at " in refused.err
        assert len(service.read("deposit-requests")) == 3
        assert listed("--not-redriven") == []
        shown = json.loads(run("show", again["dead_letter"], "--json").out)
        assert shown["redriven"]["redriven_by"] == "bob"
        assert shown["redriven"]["mended"] is True
        assert [mark["redriven_by"] for mark in shown["chain"]] == ["ann", "bob"]
        assert (
            f"chain        {letter['original']} was redriven by ann as {again['original']}"
            in run("show", again["original"]).out.splitlines()
        )


@pytest.fixture(scope="module")
def many(bootstrap_servers: str) -> dict[str, str]:
    """Two partitions with 150 dead letters each, of records that can be read now; in the first two others."""
    prefix = f"letters-{uuid.uuid4().hex[:8]}-"
    settings = Settings(bootstrap_servers=bootstrap_servers, topic_prefix=prefix, partitions=2)
    create_topics(settings, TOPICS)
    writer = TransactionalWriter(settings, f"{prefix}intake-0")
    writer.fence()
    for number in range(2):
        writer.commit(written(came(GOOD, offset, partition=number)) for offset in range(COUNT))
    writer.commit([written(came(None, 1000, partition=0), DeadLetterReason.EMPTY)])
    writer.commit([written(came(BAD, 1001, partition=0))])
    writer.close()
    return {
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers,
        "ANNUITY_LEDGER_TOPIC_PREFIX": prefix,
        "ANNUITY_LEDGER_PARTITIONS": "2",
    }


def test_the_newest_are_listed_last_and_all_partition_by_partition(many: dict[str, str]) -> None:
    def listed(*arguments: object) -> list[dict[str, Any]]:
        done = annuity_ledger("dead-letters", "list", "--json", *arguments, environment=many)
        assert done.code == 0, done.err
        return [json.loads(line) for line in done.out.splitlines()]

    newest = [row["original"] for row in listed("--newest", "100")]
    assert len(newest) == 100
    assert newest[-2:] == ["deposit-requests/0/1000", "deposit-requests/0/1001"]
    assert set(newest[:98]) <= {f"deposit-requests/1/{offset}" for offset in range(COUNT)}, "written before those"
    every = [row["original"] for row in listed("--all")]
    in_each = [f"deposit-requests/{number}/{offset}" for number in range(2) for offset in range(COUNT)]
    assert every == [*in_each[:COUNT], *newest[-2:], *in_each[COUNT:]]
    assert [row["original"] for row in listed("--reason", "EMPTY")] == ["deposit-requests/0/1000"]
    assert listed("--topic", "fund-values", "--all") == []
    moment = next(row["written_at"] for row in listed("--newest", "1"))
    assert len(listed("--all", "--since", moment)) >= 1
    assert listed("--since", "2199-01-01") == []
    assert len(listed("--newest", "1000", "--since", "2021-01-01")) == 2 * COUNT + 2


def test_a_list_can_be_read_and_redriven_whole(many: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    listed = annuity_ledger("dead-letters", "list", environment=many)
    head, *rows = listed.out.splitlines()
    assert head.startswith("dead letter            written ")
    assert len(rows) == 50
    assert listed.err == "The newest 50; --newest N or --all shows more.\n"
    ids = annuity_ledger("dead-letters", "list", "--ids", "--all", "--reason", "NOT_JSON", environment=many).out
    monkeypatch.setattr("sys.stdin", io.StringIO(ids + "dead-letters/1/99999\nfund-values/0/3\n"))
    done = annuity_ledger("dead-letters", "redrive", "-", "--by", "ann", environment=many)
    assert done.code == 1
    assert len(done.out.splitlines()) == 2 * COUNT
    told = done.err.splitlines()
    assert told[:2] == [
        f"{place}: no dead letter is there, nor one that came of it"
        for place in ("dead-letters/1/99999", "fund-values/0/3")
    ]
    assert "deposit-requests/0/1001 not redriven: it still could not be read: NOT_JSON" in told[2]
    assert told[3] == f"redriven={2 * COUNT} refused=3"
    again = asyncio.run(
        read_topic(many["KAFKA_BOOTSTRAP_SERVERS"], "deposit-requests", prefix=many["ANNUITY_LEDGER_TOPIC_PREFIX"])
    )
    in_each = [f"deposit-requests/{number}/{offset}".encode() for number in range(2) for offset in range(COUNT)]
    assert [header(record.headers, "redriven-from") for record in again] == in_each, "each once, in their order"
    left = annuity_ledger("dead-letters", "list", "--ids", "--not-redriven", environment=many).out.splitlines()
    assert len(left) == 2


def test_what_is_called_wrongly(many: dict[str, str], tmp_path: Path) -> None:
    def failed(*arguments: object) -> tuple[int, str]:
        done = annuity_ledger("dead-letters", *arguments, environment=many)
        return done.code, done.err.strip()

    assert failed("show", "17") == (
        2,
        "17 is no id: ids are TOPIC/PARTITION/OFFSET, as `dead-letters list` gives them.",
    )
    missing = "dead-letters/1/99999: no dead letter is there, nor one that came of it."
    assert failed("show", "dead-letters/1/99999") == (1, missing)
    assert failed("show", "dead-letters/7/0")[0] == 1
    assert failed("list", "--ids", "--json") == (2, "--ids or --json: one of the two.")
    assert failed("list", "--since", "noon")[0] == 2
    (tmp_path / "value").write_bytes(GOOD)
    call = ("redrive", "dead-letters/0/0", "dead-letters/0/1", "--value", tmp_path / "value")
    assert failed(*call) == (2, "--value holds the bytes of one dead letter: name one.")
    assert failed("redrive", "dead-letters/0/0", "--by", "ann other")[0] == 2
    nothing = "has no bytes: it came of a record without a value."
    assert failed("show", "deposit-requests/0/1000", "--raw", tmp_path / "raw")[1].endswith(nothing)
