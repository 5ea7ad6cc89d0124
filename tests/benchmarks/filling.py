"""Filling topics before the clock runs."""

from collections.abc import Iterable

from confluent_kafka import Producer

from services.runtime.records import OutputRecord
from services.runtime.settings import Settings

_PATIENCE_S = 60.0


def fill(settings: Settings, records: Iterable[OutputRecord]) -> int:
    """Write the records outside of any transaction, each where it says; returns how many when all are in the log."""
    producer = Producer({"bootstrap.servers": settings.cluster, "enable.idempotence": True, "linger.ms": 20})
    failed: list[object] = []
    count = 0
    for record in records:
        while True:
            try:
                producer.produce(
                    settings.topic_prefix + record.topic,
                    record.value,
                    record.key,
                    record.partition,
                    on_delivery=lambda error, _: failed.append(error) if error is not None else None,
                    headers=list(record.headers),
                )
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
        count += 1
    assert producer.flush(_PATIENCE_S) == 0
    assert not failed, failed[:3]
    return count
