"""Count and sum with nothing but clients: read, fold in memory, write; no state kept, no guarantee of anything."""

import asyncio
import os
from collections import defaultdict

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

_PARTITIONS = int(os.environ["ANNUITY_LEDGER_PARTITIONS"])
_PREFIX = os.environ["ANNUITY_LEDGER_TOPIC_PREFIX"]
_SERVERS = os.environ["KAFKA_BOOTSTRAP_SERVERS"]


async def main() -> None:
    """Work until the process is ended."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=_SERVERS, auto_offset_reset="earliest", max_partition_fetch_bytes=4 * 1024 * 1024
    )
    producer = AIOKafkaProducer(bootstrap_servers=_SERVERS, linger_ms=20, max_batch_size=256 * 1024)
    await consumer.start()
    await producer.start()
    consumer.assign([TopicPartition(_PREFIX + "numbers", number) for number in range(_PARTITIONS)])
    totals: dict[bytes, tuple[int, int]] = defaultdict(lambda: (0, 0))
    while True:
        fetched = await consumer.getmany(timeout_ms=200)
        for tp, records in fetched.items():
            for record in records:
                count, total = totals[record.key]
                count, total = count + 1, total + int(record.value)
                totals[record.key] = (count, total)
                output = b"%s %d %d" % (record.value, count, total)
                await producer.send(_PREFIX + "counts", output, key=record.key, partition=tp.partition)


if __name__ == "__main__":
    asyncio.run(main())
