"""The example of a consumer: statements in HTML from what a replay of scenarios wrote, and from a cluster."""

import html
import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from confluent_kafka import Producer

from contracts_schema.topics import TOPICS as ALL_TOPICS
from deploy.examples.statement.__main__ import main, write_statements
from deploy.examples.statement.chart import value_chart
from deploy.examples.statement.holders import gathered
from deploy.examples.statement.pages import formula, money, page, percent, yields
from deploy.examples.statement.records import TOPICS, Record, from_cluster
from services.runtime.cli.lines import OutcomeFiles
from services.runtime.cli.messages import read_jsonl
from services.runtime.cli.replaying import InProcess
from services.runtime.cli.stamping import stamped
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.settings import Settings
from services.runtime.topics import create_topics

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FIRST, LAST = date(2021, 1, 1), date(2021, 12, 31)


def written(scenario: str) -> list[OutputRecord]:
    """What a scenario brings about, on the topics that statements are made of."""
    service = InProcess()
    for record in stamped(read_jsonl(SCENARIOS / scenario / "input.jsonl")):
        assert isinstance(record, InputRecord)
        service.take(record)
    return [record for record in service.written if record.topic in TOPICS]


def records(outputs: Sequence[OutputRecord]) -> list[Record]:
    return [
        Record(one.topic, (one.key or b"").decode(), json.loads(one.value or b""), ("repeat", b"true") in one.headers)
        for one in outputs
    ]


def text_of(markup: str) -> str:
    """What a reader sees, in one line."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup)))


@pytest.fixture(scope="module")
def aggregate() -> list[OutputRecord]:
    """P1 withdraws 1,000 gross of two terms of 1,000 each, worked out in the scenario's README."""
    return written("aggregate")


def test_the_market_value_adjustment_is_written_out_with_its_clause(aggregate: list[OutputRecord]) -> None:
    """MVA-2: (1.04/1.06)^(1186/365) = .9399830, 500.00 at .9400 lose 30.00; (1.08/1.06)^(387/365) adds 10.00."""
    seen = text_of(page(gathered(records(aggregate))["C1|P1"], FIRST, LAST))
    assert "i = 4% of the deposit period; j = 6% of the time left; x = 1186 days to maturity" in seen
    assert re.search(r"\(\(1 \+ 0\.04\) / \(1 \+ 0\.06\)\)\^\(1186/365\) = 0\.93998\d+, rounded 0\.9400", seen)
    assert "$500.00 × 0.9400 − $500.00 = -$30.00" in seen
    assert "$500.00 × 1.0200 − $500.00 = $10.00" in seen
    assert "MVA-2: GAA, MVA Formulas (Method Two)" in seen
    together = seen.partition("Together: ")[2]
    assert together.startswith("-$20.00 (")
    assert "MVA-6: GAA, Calculation of the Aggregate MVA" in together
    assert "Paid: $980.00." in seen


def test_what_is_held_is_told_with_units_and_values(aggregate: list[OutputRecord]) -> None:
    """Of each term 500.00 are left, at rates of 0 as many units."""
    seen = text_of(page(gathered(records(aggregate))["C1|P1"], FIRST, LAST))
    assert "What you hold: $1,000.00 as of 2021-04-28" in seen
    assert "GAA, 3 years 2021-01-04 2024-07-27 500.000000 1.000000000000 $500.00 0%" in seen
    assert "GAA, 2 years 2021-01-11 2022-05-20 500.000000 1.000000000000 $500.00 0%" in seen


def test_only_what_happened_in_the_period_is_told(aggregate: list[OutputRecord]) -> None:
    seen = text_of(page(gathered(records(aggregate))["C1|P1"], date(2021, 4, 29), LAST))
    assert "Nothing in this period." in seen
    assert "Market value adjustment:" not in seen


@pytest.mark.parametrize("scenario", ["annuity_units", "installments", "loan", "transfer_fee", "method_one"])
def test_every_kind_of_holding_makes_a_page(scenario: str) -> None:
    """Templates are strict: a name that a record does not have is an error."""
    for holder in gathered(records(written(scenario))).values():
        seen = text_of(page(holder, date(2000, 1, 1), date(2100, 1, 1)))
        assert holder.values is not None
        assert f"What you hold: {money(holder.values['value'])}" in seen


def test_files_of_a_replay_make_the_same_pages(aggregate: list[OutputRecord], tmp_path: Path) -> None:
    with OutcomeFiles(tmp_path / "replayed", TOPICS) as files:
        files.write(aggregate)
    period = ["--first", str(FIRST), "--last", str(LAST)]
    main(["--replayed", str(tmp_path / "replayed"), "--out", str(tmp_path / "pages"), *period])
    holder = gathered(records(aggregate))["C1|P1"]
    assert (tmp_path / "pages" / "C1-P1.html").read_text(encoding="utf-8") == page(holder, FIRST, LAST)


def test_names_that_no_file_can_have_and_markup_do_no_harm(tmp_path: Path) -> None:
    told = {"as_of": "2021-01-04", "value": "0.00", "waiting": 1, "accounts": []}
    assert write_statements([Record("account-values", "C1|../<b>", told, repeat=False)], tmp_path, FIRST, LAST) == 1
    (file,) = tmp_path.iterdir()
    assert file.name == "C1-..__b_.html"
    assert "<b>" not in file.read_text(encoding="utf-8")


def test_a_repeat_is_not_told_twice(aggregate: list[OutputRecord]) -> None:
    once = records(aggregate)
    again = [Record(one.topic, one.key, one.message, repeat=True) for one in once if one.topic == "confirmations"]
    assert gathered([*once, *again])["C1|P1"] == gathered(once)["C1|P1"]


def test_the_chart_has_a_point_a_day_and_zero_at_the_bottom() -> None:
    """100 of 100 is at 24 from the top, 50 in the middle of 24 and 176; 1 of 4 days is a quarter of 592 from 24."""
    points = {date(2021, 1, 5): Decimal("50.00"), date(2021, 1, 4): Decimal("100.00"), date(2021, 1, 8): Decimal(0)}
    assert 'points="24.0,24.0 172.0,100.0 616.0,176.0"' in value_chart(points)
    assert value_chart({date(2021, 1, 4): Decimal(1)}) == ""
    assert 'points="24.0,176.0 616.0,176.0"' in value_chart(
        {date(2021, 1, 4): Decimal(0), date(2021, 1, 5): Decimal(0)}
    )


def test_numbers_for_readers() -> None:
    assert (money("-1234.5"), money("0.00"), percent("0.0425"), percent("0")) == ("-$1,234.50", "$0.00", "4.25%", "0%")
    assert percent("0.010158333333333333333333333333333333") == "1.0158333%"
    assert formula({"rule": "MVA-8", "factor": "1.0000"}) == "no adjustment (MVA-8): factor 1.0000"
    sides = {"deposit_yield": "0.04", "deposit_spread": "0.005", "current_yield": "0.06", "current_spread": "0.01"}
    line = {**sides, "days": 365, "factor_unrounded": "0.9766355140", "factor": "0.9766"}
    assert formula(line) == "((1 + 0.04 + 0.005) / (1 + 0.06 + 0.01))^(365/365) = 0.9766355, rounded 0.9766"
    assert yields(line).startswith("a = 4%, i = 0.5% of the month of deposit; b = 6%, j = 1% of the time left; x = 365")


def test_from_a_cluster_the_same_is_read(
    aggregate: list[OutputRecord], bootstrap_servers: str, topic_prefix: str
) -> None:
    settings = Settings(bootstrap_servers=bootstrap_servers, topic_prefix=topic_prefix, partitions=2)
    create_topics(settings, {name: ALL_TOPICS[name] for name in TOPICS})
    producer = Producer({"bootstrap.servers": bootstrap_servers})
    for one in aggregate:
        producer.produce(topic_prefix + one.topic, one.value, one.key, partition=0, headers=list(one.headers))
    assert producer.flush(30) == 0
    assert gathered(from_cluster(bootstrap_servers, topic_prefix)) == gathered(records(aggregate))
