"""The commands on a real Kafka, from `topics` to `explain`: one installation with 4 partitions, published twice."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from contracts_schema.topics import TOPICS
from services.domain.state import Participant
from services.runtime.cli.books import books_of
from services.runtime.settings import Settings
from tests.cli import scenario
from tests.cli.running import Done, annuity_ledger

DEADLINE_S = 60
PARTITIONS = 4


@dataclass
class Installation:
    """Everything published twice with one worker for all services; `before` holds the books in between."""

    environment: dict[str, str]
    folder: Path
    before: dict[str, Participant] = field(default_factory=dict)
    published: list[Done] = field(default_factory=list)

    def run(self, *arguments: object) -> Done:
        """One command on this installation."""
        return annuity_ledger(*arguments, environment=self.environment)

    @property
    def settings(self) -> Settings:
        """As the environment has them."""
        return Settings(
            bootstrap_servers=self.environment["KAFKA_BOOTSTRAP_SERVERS"],
            topic_prefix=self.environment["ANNUITY_LEDGER_TOPIC_PREFIX"],
            partitions=PARTITIONS,
        )

    def books(self) -> dict[str, Participant]:
        """Everybody's books as the ledger's changelog has them."""
        found = {p: asyncio.run(books_of(self.settings, scenario.CONTRACT, p))[1] for p in scenario.PEOPLE}
        return {person: books for person, books in found.items() if books is not None}

    def outcomes(self, *options: object) -> list[dict[str, Any]]:
        """What `watch` shows, from the beginning."""
        done = self.run("watch", "--json", "--from-beginning", "--until-idle", "1", *options)
        assert done.code == 0, done.err
        return [json.loads(line) for line in done.out.splitlines()]

    def wait(self, last_closed: str | None) -> None:
        """Until everything that is there is read and settled, and the day is closed everywhere."""
        deadline = time.monotonic() + DEADLINE_S
        while not self._at_rest(last_closed):
            assert time.monotonic() < deadline, self.run("status").out
            time.sleep(0.3)

    def _at_rest(self, last_closed: str | None) -> bool:
        found = json.loads(self.run("status", "--json").out)
        read = all(one["lag"] == 0 for one in found)
        settled = all(one["note"].get("to_settle", 0) == 0 for one in found)
        closed = all(one["note"].get("last_closed") == last_closed for one in found if one["service"] != "intake")
        return read and settled and closed


@pytest.fixture(scope="module")
def installation(bootstrap_servers: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    environment = {
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers,
        "ANNUITY_LEDGER_TOPIC_PREFIX": f"cli-{uuid.uuid4().hex[:8]}-",
        "ANNUITY_LEDGER_PARTITIONS": str(PARTITIONS),
    }
    here = Installation(environment, tmp_path_factory.mktemp("published"))
    assert here.run("topics").code == 0
    command = [sys.executable, "-m", "services.runtime.cli", "worker", "all"]
    with subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.DEVNULL) as worker:
        try:
            _publish_all(here)
            yield here
            assert worker.poll() is None, "the worker has stopped"
        finally:
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(DEADLINE_S) == 0


def _publish_all(here: Installation) -> None:
    folder = here.folder
    remittance = folder / "r7.csv"
    remittance.write_text(scenario.REMITTANCE)
    requests = scenario.written(folder / "requests.jsonl", scenario.requests())
    assert here.run("publish", scenario.written(folder / "reference.jsonl", scenario.reference())).code == 0
    here.wait(None)  # with the terms on the log, `acme` is trusted with `received_at`
    here.published.append(here.run("publish", requests, remittance))
    here.published.append(here.run("publish", scenario.written(folder / "days.jsonl", scenario.days())))
    here.wait(str(scenario.LAST_DAY))
    here.before = here.books()
    here.published.append(here.run("publish", requests, remittance))
    here.wait(str(scenario.LAST_DAY))


def test_publish_says_what_it_delivered(installation: Installation) -> None:
    first, days, second = installation.published
    assert [done.code for done in installation.published] == [0, 0, 0]
    assert "account-instructions: 6 delivered\n" in first.err
    assert "deposit-requests: 11 delivered\n" in first.err
    assert first.err.endswith("delivered=21 failed=0\n")
    assert days.err.endswith("delivered=40 failed=0\n")
    assert second.err == first.err


def test_the_same_file_twice_does_nothing_twice(installation: Installation) -> None:
    answers: dict[str, list[dict[str, Any]]] = {}
    for line in installation.outcomes():
        if line["topic"] in {"confirmations", "rejections", "acknowledgements"}:
            answers.setdefault(line["value"]["request_id"], []).append(line)
    assert len(answers) == 20, "every request that could be read"
    for request_id, found in answers.items():
        final = [line for line in found if line["topic"] != "acknowledgements"] or found
        first, second = final
        assert ["repeat", "true"] not in first["headers"], request_id
        assert second["headers"] == [*first["headers"], ["repeat", "true"]], request_id
        assert second["value"] == first["value"], request_id
        assert second["value"]["outcome_id"] == first["value"]["outcome_id"]
        assert second["value"].get("sequence") == first["value"].get("sequence")
    assert installation.before.keys() == set(scenario.PEOPLE)
    assert installation.books() == installation.before, "positions, lots, sequences and what waits are unchanged"


def test_appendix_i_through_kafka(installation: Installation) -> None:
    done = installation.run("explain", "ann-w1", "--contract", "C1", "--participant", "ann")
    assert done.code == 0
    assert "    factor 0.9528   (MVA-5: rounded to 4 places before use)\n" in done.out
    assert "    amount withdrawn 2099.08, value taken before the adjustment\n" in done.out
    assert "  paid 2000.00\n" in done.out
    assert done.err == "Sent again and answered alike 1 times.\n"


def test_explain_a_rejection_and_what_waits_and_what_is_not_known(installation: Installation) -> None:
    rejected = installation.run("explain", "cem-t1")
    assert rejected.out.startswith("REJECTION C1|cem|3: request cem-t1 (transfer-requests); nothing moved\n")
    waiting = installation.run("explain", "dee-w1")
    assert waiting.out.startswith("ACKNOWLEDGEMENT: request dee-w1 ")
    unknown = installation.run("explain", "nobody-1")
    assert (unknown.code, unknown.err) == (1, "No outcome of a request nobody-1 is on the broker.\n")


def test_watch_shows_everything_once_committed(installation: Installation) -> None:
    done = installation.run("watch", "--from-beginning", "--until-idle", "1")
    told = done.out.splitlines()
    assert "confirmations    C1|ann #4 2021-01-27 ann-w1: withdrawal paid 2000.00 (MVA -99.08): GAA/3 -2099.08" in told
    assert sum(line.startswith("dead-letters     C1|dee NOT_JSON deposit-requests/") for line in told) == 2
    assert sum(line.startswith("alarms           NOT_A_BUSINESS_DAY fund-values offset 10: ") for line in told) == 1


def test_watch_one_participant_and_a_number_of_lines(installation: Installation) -> None:
    assert {line["key"] for line in installation.outcomes("--participant", "bob")} == {"C1|bob"}
    assert len(installation.outcomes("--participant", "bob", "--count", "3")) == 3
    assert installation.outcomes("--contract", "C2") == []


def test_watch_ends_on_an_interrupt(installation: Installation) -> None:
    command = [sys.executable, "-m", "services.runtime.cli", "watch", "--from-beginning"]
    environment = os.environ | installation.environment
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as watch:
        assert watch.stdout is not None
        assert watch.stdout.readline()
        watch.send_signal(signal.SIGINT)
        assert watch.wait(DEADLINE_S) == 0


def test_show(installation: Installation) -> None:
    done = installation.run("show", "ann", "--contract", "C1")
    assert done.code == 0
    assert "contract C1, participant ann: last sequence 4, values of 2021-01-29" in done.out
    assert "account pretax: value 7907.48" in done.out
    assert "waits: dee-w1 " in installation.run("show", "dee", "--contract", "C1").out
    unknown = installation.run("show", "zoe", "--contract", "C1")
    assert (unknown.code, unknown.err) == (1, "The ledger knows no participant zoe under contract C1.\n")
    elsewhere = installation.run("show", "zoe", "--contract", "C9")
    assert elsewhere.err.endswith("contract C9; no terms of contract C9 are on its log either.\n")


def test_status(installation: Installation) -> None:
    done = installation.run("status")
    assert done.code == 0
    rows = [" ".join(line.replace("│", " ").split()) for line in done.out.splitlines()]
    of_partitions = [row.rpartition(" ")[0] for row in rows if row[:1].isdecimal()]  # remittances may still be reading
    assert of_partitions == [f"{n} 0 0 2021-01-29 0" for n in range(PARTITIONS)]
    assert rows[-1] == (
        "reference: lag 0, last closed day 2021-01-29, next 2021-02-01; still missing: unit value of fund F1 for "
        "charge class A, yields of CMT"
    )


def test_the_book_replays_byte_for_byte(installation: Installation) -> None:
    out = installation.folder / "compared"
    done = installation.run("replay", "--from", "ledger-log", "--out", out, "--compare")
    assert done.code == 0, done.err
    words = dict(word.split("=") for word in done.out.split())
    assert words["participants"] == "6"
    assert words["different"] == "0"
    assert words["equal"] == words["outcomes"]
    assert int(words["outcomes"]) >= 6 * 2 * 2
    on_the_broker = [line for line in installation.outcomes() if line["topic"] == "confirmations"]
    replayed = (out / "confirmations.jsonl").read_text().splitlines()
    assert sorted(map(json.dumps, on_the_broker)) == sorted(json.dumps(json.loads(line)) for line in replayed)


def test_a_replay_that_is_not_compared_writes_the_same(installation: Installation, tmp_path: Path) -> None:
    call = ("replay", "--from", "ledger-log", "--out")
    assert installation.run(*call, tmp_path / "compared", "--compare").code == 0
    done = installation.run(*call, tmp_path / "only")
    assert (done.code, done.out) == (0, "")
    for file in (tmp_path / "compared").iterdir():
        assert file.read_bytes() == (tmp_path / "only" / file.name).read_bytes()


def test_topics_are_listed_and_compared(installation: Installation) -> None:
    done = installation.run("topics", "--check")
    assert done.code == 0
    assert done.err == f"All {len(TOPICS)} topics are as the table says.\n"
    assert installation.environment["ANNUITY_LEDGER_TOPIC_PREFIX"] + "ledger-log" in done.out


def test_topics_that_differ_are_told_with_what_to_do(installation: Installation) -> None:
    installation = Installation(installation.environment | {"ANNUITY_LEDGER_PARTITIONS": "5"}, installation.folder)
    done = installation.run("topics", "--check")
    assert done.code == 1
    assert "ledger-log has 4 partitions instead of 5. The number of partitions is fixed" in done.err
    done = installation.run("status")
    assert done.code == 3
    assert "deposit-requests has 4 partitions instead of 5: export ANNUITY_LEDGER_PARTITIONS=4" in done.err


def test_topics_that_are_missing(installation: Installation, topic_prefix: str) -> None:
    installation = Installation(
        installation.environment | {"ANNUITY_LEDGER_TOPIC_PREFIX": topic_prefix}, installation.folder
    )
    for call in (("watch",), ("status",), ("publish", installation.folder / "days.jsonl")):
        done = installation.run(*call)
        assert done.code == 3
        assert done.err.startswith("Topics are missing at ")
        assert done.err.endswith("if not, make them with `annuity-ledger topics`.\n")
    assert installation.run("topics", "--check").code == 1


def test_bad_lines_do_not_keep_the_others(installation: Installation, tmp_path: Path, topic_prefix: str) -> None:
    elsewhere = Installation(installation.environment | {"ANNUITY_LEDGER_TOPIC_PREFIX": topic_prefix}, tmp_path)
    assert elsewhere.run("topics").code == 0
    assert elsewhere.run("topics").err == f"All {len(TOPICS)} topics are as the table says.\n", "nothing made twice"
    file = scenario.written(tmp_path / "a.jsonl", scenario.requests())
    huge = json.dumps({"topic": "fund-values", "value": {"fund": "F" * 2_000_000}})
    file.write_text("nonsense\n" + file.read_text() + huge + "\n")
    done = elsewhere.run("publish", file)
    assert done.code == 1
    assert f"{file}:1: no message: " in done.err
    assert f"{file}:20: not sent: " in done.err
    assert "Message size too large\n" in done.err
    assert done.err.endswith("delivered=18 failed=2\n")


def test_a_comparison_of_nothing_is_no_success(installation: Installation, tmp_path: Path, topic_prefix: str) -> None:
    elsewhere = Installation(installation.environment | {"ANNUITY_LEDGER_TOPIC_PREFIX": topic_prefix}, tmp_path)
    assert elsewhere.run("topics").code == 0
    done = elsewhere.run("replay", "--from", "ledger-log", "--out", tmp_path, "--compare")
    assert (done.code, done.out) == (1, "participants=0 outcomes=0 equal=0 different=0\n")
