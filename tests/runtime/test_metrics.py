"""Metrics as Prometheus would scrape them, from real workers, after a known number of records."""

import asyncio
import json
import re
import socket
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from prometheus_client import Gauge, Metric
from prometheus_client.parser import text_string_to_metric_families

from services.runtime import metrics
from services.runtime.settings import Settings
from services.runtime.transactions import TransactionalWriter
from tests.domain import books
from tests.pipeline.installation import Installation
from tests.runtime.harness import PATIENCE_S, Worker, processed, publish

TABLE = Path(metrics.__file__).with_name("METRICS.md").read_text()
PREFIX = "annuity_ledger_"
Values = dict[str, dict[tuple[str, ...], float]]
"""Samples by name, without our prefix, and values of labels in alphabetical order of the labels."""


def scraped(port: int) -> Values:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    found: Values = defaultdict(dict)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = tuple(value for _, value in sorted(sample.labels.items()))
            found[sample.name.removeprefix(PREFIX)][labels] = sample.value
    return found


async def port_of(worker: Worker) -> int:
    (served,) = await worker.logged("metrics_served")
    return int(served["port"])


async def scraped_until(port: int, condition: Callable[[Values], bool]) -> Values:
    deadline = time.monotonic() + PATIENCE_S
    while not condition(found := await asyncio.to_thread(scraped, port)):
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.2)
    return found


def _closed_and_alarmed(found: Values) -> bool:
    closed = found["last_closed_day_timestamp_seconds"].keys()
    told = all((str(number), service) in closed for number in range(4) for service in ("ledger", "remittances"))
    return told and found["alarms_total"].get(("0", "reference")) == 1


def test_the_table_lists_every_metric_with_its_type_and_labels() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ([\w, ]+) \|", TABLE, re.MULTILINE)
    ours = [family for family in metrics.REGISTRY.collect() if family.name.startswith(PREFIX)]
    assert sorted((name, kind) for name, kind, _ in rows) == sorted((_name(one), one.type) for one in ours)
    made = {_name(one): one for one in ours}
    for name, _, labels in rows:
        assert _labels(made[name]) == tuple(labels.split(", ")), name


def _name(family: Metric) -> str:
    return family.name + ("_total" if family.type == "counter" else "")


def _labels(family: Metric) -> tuple[str, ...]:
    collectors = metrics.REGISTRY._names_to_collectors
    names: tuple[str, ...] = collectors[family.name]._labelnames  # type: ignore[attr-defined]  # no public way
    return names


async def test_a_worker_says_what_it_has_done(counting: Settings, tmp_path: Path) -> None:
    publish(counting, "numbers", [(n % 4, f"k{n % 40}", "1") for n in range(1_000)])
    with Worker(counting, tmp_path / "log", ANNUITY_LEDGER_METRICS_PORT="0") as worker:
        port = await port_of(worker)
        await processed(counting, 1_000)
        found = await scraped_until(port, lambda now: _caught_up(now, 1_000))
        assert found["partitions_owned"] == {("count",): 4}
        assert found["records_read_total"] == {(str(n), "count"): 250 for n in range(4)}
        assert found["batch_records_sum"] == found["records_read_total"]
        assert found["lives_total"] == found["restore_seconds_count"] == {(str(n), "count"): 1 for n in range(4)}
        assert sum(found["restored_records_total"].values()) == 0
        transactions = sum(found["transaction_seconds_count"].values())
        batches = sum(found["batch_records_count"].values())
        assert 4 <= batches <= transactions
        written = sum(found["records_written_total"].values())
        assert 1_000 + 40 + transactions <= written <= 2_000 + transactions, "outputs, changes of rows, progress"
        assert 0 < sum(found["commit_seconds_sum"].values()) <= sum(found["transaction_seconds_sum"].values())
        assert sum(found["transactions_failed_total"].values()) == sum(found["fencings_total"].values()) == 0
        assert set(found["restoring"].values()) == {0}
        assert found["process_cpu_seconds_total"][()] > 0
    heir = {"ANNUITY_LEDGER_METRICS_PORT": "0", "ANNUITY_LEDGER_STORE": "memory"}  # on disk there is all it needs
    with Worker(counting, tmp_path / "next", **heir) as worker:
        found = await scraped_until(await port_of(worker), lambda now: len(now["lag_records"]) == 4)
        assert sum(found["restored_records_total"].values()) >= 40
        assert sum(found["records_read_total"].values()) == 0


def _caught_up(now: Values, total: int) -> bool:
    read = sum(now["records_read_total"].values()) == total
    return read and now["lag_records"] == {(str(n), "count", "numbers"): 0 for n in range(4)}


async def test_lag_is_what_is_still_to_be_read(counting: Settings, tmp_path: Path) -> None:
    with Worker(counting, tmp_path / "log", ANNUITY_LEDGER_METRICS_PORT="0") as worker:
        port = await port_of(worker)
        await scraped_until(port, lambda now: _caught_up(now, 0))
        fence(counting, 0)  # the worker stands still for two seconds, and reads on after that
        publish(counting, "numbers", [(n % 4, "k", "1") for n in range(400)])
        found = await scraped_until(port, lambda now: sum(now["fencings_total"].values()) > 0)
        assert found["fencings_total"][("0", "count")] == 1
        assert found["transactions_failed_total"][("0", "count")] == 1
        found = await scraped_until(port, lambda now: _caught_up(now, 400))
        assert found["lives_total"] == {(str(n), "count"): 2 if n == 0 else 1 for n in range(4)}


def fence(settings: Settings, number: int) -> None:
    """Do what the partition's next owner would."""
    writer = TransactionalWriter(settings, f"{settings.topic_prefix}count-{number}")
    writer.fence()
    writer.close()


async def test_a_port_that_is_taken_ends_the_worker(counting: Settings, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        address = {"ANNUITY_LEDGER_METRICS_PORT": port, "ANNUITY_LEDGER_METRICS_ADDRESS": "127.0.0.1"}
        with Worker(counting, tmp_path / "log", **address) as worker:
            assert await worker.ended() == 1
            (stopped,) = worker.events("worker_stopped")
    assert stopped["fault"] == "MetricsAddressError"
    assert f"127.0.0.1 port {port}" in stopped["reason"]


def test_what_only_an_owner_can_say_is_not_said_by_others() -> None:
    owners = (metrics.LAG, metrics.DUE, metrics.LAST_CLOSED, metrics.RESTORING)
    metrics.taken("s", [1, 2])
    metrics.LAG.labels("s", 1, "t").set(5)
    for gauge in owners[1:]:
        gauge.labels("s", 1).set(5)
    assert [_sets(gauge) for gauge in owners] == [1, 1, 1, 1]
    metrics.released("s", [1, 2], ["t"])
    assert [_sets(gauge) for gauge in owners] == [0, 0, 0, 0]
    assert metrics.REGISTRY.get_sample_value(PREFIX + "partitions_owned", {"service": "s"}) == 0


def _sets(gauge: Gauge) -> int:
    return sum(sample.labels.get("service") == "s" for one in gauge.collect() for sample in one.samples)


def test_the_services_say_what_waits_and_what_was_refused(
    bootstrap_servers: str, topic_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNUITY_LEDGER_METRICS_PORT", "0")
    with Installation(bootstrap_servers, topic_prefix, tmp_path) as service:
        service.start("all")
        service.send([("contract-terms", books.terms(*books.FUNDS[:1]))])
        service.wait_logged("terms")
        service.send([("deposit-requests", b"{"), ("deposit-requests", b"no")])
        service.send([("fund-values", books.fund_value("F1", "2021-01-04", price)) for price in ("10.000000", "-1")])
        service.wait_closed("2021-01-04")
        service.wait_read("intake", ["deposit-requests"])
        lines = (tmp_path / "all-0.log").read_text().splitlines()
        (port,) = (one["port"] for one in map(json.loads, lines) if one["event"] == "metrics_served")
        found = asyncio.run(scraped_until(port, _closed_and_alarmed))
        dead = len(service.read("dead-letters"))
    closed = datetime(2021, 1, 4, tzinfo=UTC).timestamp()
    assert found["last_closed_day_timestamp_seconds"] == {
        ("0", "reference"): closed,
        **{(str(n), service): closed for n in range(4) for service in ("ledger", "remittances")},
    }
    assert found["participants_due"] == {(str(n), "ledger"): 0 for n in range(4)}
    assert (found["dead_letters_total"]["0", "intake"], sum(found["dead_letters_total"].values())) == (2, dead)
    assert found["partitions_owned"] == {("intake",): 4, ("ledger",): 4, ("reference",): 1, ("remittances",): 4}
