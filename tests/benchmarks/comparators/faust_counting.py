"""Count and sum as a plain agent of stock Faust, exactly once as Faust means it."""

import os
import tempfile
from collections.abc import AsyncIterator
from typing import Any

import faust

_PREFIX = os.environ["ANNUITY_LEDGER_TOPIC_PREFIX"]
_PARTITIONS = int(os.environ["ANNUITY_LEDGER_PARTITIONS"])

app = faust.App(
    _PREFIX + "faust",
    broker=f"aiokafka://{os.environ['KAFKA_BOOTSTRAP_SERVERS']}",
    processing_guarantee="exactly_once",
    consumer_auto_offset_reset="earliest",
    topic_partitions=_PARTITIONS,
    topic_disable_leader=True,
    datadir=tempfile.mkdtemp(prefix="bench-faust-"),
    web_enabled=False,
)
numbers = app.topic(_PREFIX + "numbers", key_type=str, key_serializer="raw", value_type=bytes, value_serializer="raw")
counts = app.topic(_PREFIX + "counts", key_type=str, key_serializer="raw", value_type=bytes, value_serializer="raw")
totals: Any = app.Table(_PREFIX + "totals", partitions=_PARTITIONS)


@app.agent(numbers)
async def count(stream: Any) -> AsyncIterator[None]:  # noqa: ANN401 -- Faust ships no types that fit
    """Fold numbers."""
    async for key, value in stream.items():
        before = totals.get(key) or (0, 0)
        after = (before[0] + 1, before[1] + int(value))
        totals[key] = after
        await counts.send(key=key, value=f"{int(value)} {after[0]} {after[1]}".encode())
        yield


if __name__ == "__main__":
    app.main()
