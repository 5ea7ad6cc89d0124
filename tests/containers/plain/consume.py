"""A reader as anybody's: confluent-kafka, committed records only, and nothing of ours.

`consume.py BROKER TOPIC KEYS COUNT SECONDS` prints the records of a topic whose keys begin with KEYS, a JSON object
each, until there have been that many and nothing came for two seconds after, or the time is over. Run in a container.
"""

import json
import sys
import time
import uuid

from confluent_kafka import Consumer

broker, topic, keys, count, seconds = *sys.argv[1:4], int(sys.argv[4]), float(sys.argv[5])
consumer = Consumer(
    {
        "bootstrap.servers": broker,
        "group.id": f"reader-{uuid.uuid4()}",
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
    }
)
consumer.subscribe([topic])
deadline = time.monotonic() + seconds
found = 0
while time.monotonic() < deadline:
    message = consumer.poll(2.0)
    if message is None and found >= count:
        break
    if message is None:
        continue
    if message.error():
        sys.exit(str(message.error()))
    key = (message.key() or b"").decode()
    if key.startswith(keys):
        found += 1
        headers = {name: value.decode() for name, value in message.headers() or []}
        print(json.dumps({"key": key, "headers": headers, "value": json.loads(message.value())}))
consumer.close()
