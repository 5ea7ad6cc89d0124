"""A reader as anybody's: confluent-kafka, committed records only, and nothing of ours.

`consume.py BROKER TOPIC KEYS COUNT QUIET SECONDS` prints the records of a topic whose keys begin with KEYS, a JSON
object each, until there have been that many and none came for QUIET seconds after, or SECONDS are over. Run in a
container.
"""

import json
import sys
import time
import uuid

from confluent_kafka import Consumer

broker, topic, keys = sys.argv[1:4]
count, quiet, seconds = int(sys.argv[4]), float(sys.argv[5]), float(sys.argv[6])
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
began = last = time.monotonic()
found = 0
while (now := time.monotonic()) < began + seconds and not (found >= count and now >= last + quiet):
    message = consumer.poll(0.1)
    if message is None:
        continue
    if message.error():
        sys.exit(str(message.error()))
    last = time.monotonic()
    key = (message.key() or b"").decode()
    if key.startswith(keys):
        found += 1
        headers = sorted(dict(message.headers() or ()))
        record = {"key": key, "headers": headers, "value": json.loads(message.value() or b"null")}
        sys.stdout.write(json.dumps(record) + "\n")
consumer.close()
