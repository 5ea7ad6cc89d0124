"""What `import` sends to a real Kafka: each message where its topic says, in the order of days."""

import asyncio
import json
from pathlib import Path

from contracts_schema.topics import TOPICS
from services.runtime.reading import read_topic
from services.runtime.settings import Settings
from services.runtime.topics import create_topics
from tests.cli.running import annuity_ledger
from tests.cli.test_importing import PRICES, TREASURY


def test_fnd_1_mva_4_what_is_imported_is_on_its_topic_by_ascending_days(
    bootstrap_servers: str, topic_prefix: str, tmp_path: Path
) -> None:
    settings = Settings(bootstrap_servers=bootstrap_servers, topic_prefix=topic_prefix, partitions=1)
    create_topics(settings, TOPICS)
    environment = {"KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers, "ANNUITY_LEDGER_TOPIC_PREFIX": topic_prefix}
    prices, rates = tmp_path / "prices.csv", tmp_path / "2025.csv"
    prices.write_text(f"{PRICES}F3,2025-01-03\n")
    rates.write_text(TREASURY)
    sent = annuity_ledger("import", "prices", prices, environment=environment)
    assert sent.code == 1
    assert sent.err.splitlines() == [
        f"{prices}:5: 2 fields, but the first line names 4",
        "fund-prices: 3 delivered",
        "delivered=3 failed=1",
    ]
    sent = annuity_ledger("import", "treasury", rates, "--series", "CMT", environment=environment)
    assert (sent.code, sent.err.splitlines()[-1]) == (0, "delivered=3 failed=0")
    found = asyncio.run(read_topic(bootstrap_servers, "fund-prices", prefix=topic_prefix))
    assert [(record.key, json.loads(record.value or b"")["valuation_date"]) for record in found] == [
        (b"F1", "2025-01-02"),
        (b"F2", "2025-01-03"),
        (b"F1", "2025-01-03"),
    ]
    found = asyncio.run(read_topic(bootstrap_servers, "market-yields", prefix=topic_prefix))
    days = ["2025-01-02", "2025-01-03", "2025-01-06"]
    assert [(record.key, json.loads(record.value or b"")["date"]) for record in found] == [(b"CMT", d) for d in days]
