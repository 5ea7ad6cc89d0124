"""A sender as anybody's: confluent-kafka, its defaults, and nothing of ours.

`produce.py BROKER PER_SECOND` writes the lines it reads, `{"topic", "key", "value"}`, at that pace. Run in a container.
"""

import json
import sys
import time

from confluent_kafka import KafkaError, Message, Producer

broker, per_second = sys.argv[1], float(sys.argv[2])
failed: list[str] = []


def delivered(error: KafkaError | None, _: Message) -> None:
    if error is not None:
        failed.append(str(error))


producer = Producer({"bootstrap.servers": broker, "enable.idempotence": True})
began = time.monotonic()
sent = 0
for line in sys.stdin:
    record = json.loads(line)
    value = json.dumps(record["value"]).encode()
    producer.produce(record["topic"], value, record["key"], on_delivery=delivered)
    producer.poll(0)
    sent += 1
    time.sleep(max(0.0, began + sent / per_second - time.monotonic()))
left = producer.flush(60)
sys.stdout.write(json.dumps({"sent": sent, "undelivered": left, "failed": failed}))
sys.exit(1 if left or failed else 0)
