"""Count and sum in Quix Streams, exactly once, its state in its own store with a changelog."""

import os
import tempfile
from typing import Any

from quixstreams import Application, State

_PREFIX = os.environ["ANNUITY_LEDGER_TOPIC_PREFIX"]


def count(value: bytes, state: State) -> bytes:
    """Fold one number."""
    counted, total = state.get("total", default=(0, 0))
    number = int(value)
    counted, total = counted + 1, total + number
    state.set("total", (counted, total))
    return b"%d %d %d" % (number, counted, total)


def main() -> None:
    """Work until the process is ended."""
    app = Application(
        broker_address=os.environ["KAFKA_BOOTSTRAP_SERVERS"],
        consumer_group=_PREFIX + "quix",
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        state_dir=tempfile.mkdtemp(prefix="bench-quix-"),
    )
    raw: dict[str, Any] = {"key_deserializer": "bytes", "value_deserializer": "bytes"}
    numbers = app.topic(_PREFIX + "numbers", **raw)
    counts = app.topic(_PREFIX + "counts", key_serializer="bytes", value_serializer="bytes")
    app.dataframe(numbers).apply(count, stateful=True).to_topic(counts)
    app.run()


if __name__ == "__main__":
    main()
