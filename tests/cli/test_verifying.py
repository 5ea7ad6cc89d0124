"""`verify` on a real Kafka: while requests come and days close, and after somebody wrote where only the ledger may."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

import pytest
from confluent_kafka import Producer

from contracts_schema.topics import REQUEST_TOPICS
from services.ledger.logic import PARTICIPANTS
from services.runtime.partitioner import partition_of
from services.runtime.reading import latest_by_key
from tests.cli.running import Done, annuity_ledger
from tests.pipeline.installation import Installation
from tests.pipeline.traffic import DAYS, Traffic, contract
from tests.runtime.harness import environment

CONTRACT = "C1"
PEOPLE = 80
SENT = DAYS[:8]


def verify(service: Installation, *options: object) -> Done:
    return annuity_ledger("verify", *options, environment=environment(service.settings))


def counts(done: Done) -> dict[str, int]:
    """The line of results as names and numbers."""
    assert re.fullmatch(r"verified( [a-z]+=\d+){6}\n", done.out), (done.out, done.err)
    return {name: int(value) for name, value in re.findall(r"([a-z]+)=(\d+)", done.out)}


@pytest.fixture(scope="module")
def busy(bootstrap_servers: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, list[Done]]]:
    """An installation that has come to rest, and what `verify` said while it was busy."""
    traffic = Traffic(PEOPLE, Random(5))  # noqa: S311 -- a test's choices
    with Installation(bootstrap_servers, f"verify-{id(traffic)}-", tmp_path_factory.mktemp("busy")) as service:
        workers = [service.start("all"), service.start("all")]
        service.send(contract())
        service.wait_logged("terms")
        service.send(traffic.openings())
        said = []
        with ThreadPoolExecutor(1) as sender:
            for at, day in enumerate(SENT):
                sending = sender.submit(_send_day, service, traffic, day)
                if at == len(SENT) // 2:
                    service.kill(workers[0])
                    service.start("all")
                said.append(verify(service))
                sending.result()
        service.wait_read("intake", REQUEST_TOPICS)
        service.wait_closed(str(SENT[-1]))
        service.wait_read("ledger", ["ledger-log"])
        yield service, said


def _send_day(service: Installation, traffic: Traffic, day: date) -> None:
    """A day's requests and what closes it; back when all partitions have closed it, so that the next day's `verify`
    finds more than this one's.
    """
    service.send(traffic.day(day))
    service.send(traffic.market(day))
    service.wait(partial(_closed, service, day), f"the close of {day}", 90)


def _closed(service: Installation, day: date) -> bool:
    notes = service.notes("ledger").values()
    return len(notes) == service.partitions and all(str(note.get("last_closed")) >= str(day) for note in notes)


def test_a_service_that_is_busy_is_verified(busy: tuple[Installation, list[Done]]) -> None:
    _, said = busy
    for done in said:
        assert done.code == 0, done.err
        assert counts(done)["differing"] == 0, done.err
    outcomes = [counts(done)["outcomes"] for done in said]
    assert outcomes == sorted(outcomes)
    assert outcomes[-1] > outcomes[len(outcomes) // 2] > outcomes[0], "it stood still"


def test_a_service_at_rest_has_nothing_pending(busy: tuple[Installation, list[Done]]) -> None:
    service, _ = busy
    done = verify(service)
    assert done.code == 0, done.err
    found = counts(done)
    assert found["participants"] == PEOPLE
    assert (found["partitions"], found["differing"], found["pending"]) == (4, 0, 0)
    assert found["rows"] > PEOPLE
    parts = [counts(verify(service, "--partition", number)) for number in range(4)]
    assert sum(part["outcomes"] for part in parts) == found["outcomes"]
    assert [part["partitions"] for part in parts] == [1, 1, 1, 1]


def test_what_others_wrote_is_named(busy: tuple[Installation, list[Done]]) -> None:
    service, _ = busy
    forged, changed, sound, valued = (f"{CONTRACT}|P{n}" for n in (7, 9, 11, 13))
    _write(service, "confirmations", forged, b'{"kind":"deposit","sequence":999}')
    latest = asyncio.run(latest_by_key(service.bootstrap, PARTICIPANTS.changelog, prefix=service.prefix))
    _write(service, PARTICIPANTS.changelog, changed, latest[sound.encode()])
    values = asyncio.run(latest_by_key(service.bootstrap, "account-values", prefix=service.prefix))
    _write(service, "account-values", valued, values[valued.encode()].replace(b'"waiting":0', b'"waiting":1'))

    done = verify(service)
    assert done.code == 1
    assert counts(done)["differing"] == 3
    number = partition_of(forged, 4)
    assert re.search(
        rf"participant {re.escape(forged)}: confirmations-{number} offset \d+ .* is there, but the replay", done.err
    )
    assert re.search(
        rf"participant {re.escape(changed)}: ledger-participants-.* differs in value\.participant_id", done.err
    )
    assert re.search(rf"participant {re.escape(valued)}: account-values-.* differs in value\.waiting", done.err)

    person = ("--contract", CONTRACT, "--participant")
    assert verify(service, *person, "P7").code == 1
    assert verify(service, *person, "P9").code == 1
    alone = verify(service, *person, sound.rpartition("|")[2])
    assert (alone.code, counts(alone)["participants"]) == (0, 1)
    assert counts(alone)["outcomes"] > len(SENT) // 2


def _write(service: Installation, topic: str, key: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": service.bootstrap})
    producer.produce(service.prefix + topic, value, key, partition_of(key, service.partitions))
    assert producer.flush(30) == 0


def test_nothing_verified_is_no_success(bootstrap_servers: str, topic_prefix: str, tmp_path: Path) -> None:
    with Installation(bootstrap_servers, topic_prefix, tmp_path) as service:
        done = verify(service)
        assert done.code == 1
        assert counts(done)["outcomes"] == 0
        assert "proves nothing" in done.err


def test_wrong_calls_are_told(bootstrap_servers: str, topic_prefix: str, tmp_path: Path) -> None:
    with Installation(bootstrap_servers, topic_prefix, tmp_path) as service:
        assert (verify(service, "--participant", "P1").code, verify(service, "--contract", "C1").code) == (2, 2)
        assert verify(service, "--participant", "P1", "--contract", "C1", "--partition", 0).code == 2
        beyond = verify(service, "--partition", 4)
        assert (beyond.code, "There are 4 partitions, 0 to 3." in beyond.err) == (2, True)
