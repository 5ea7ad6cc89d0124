"""Holds a transaction open on partition 0 of a topic until it is asked to end, and takes it back then.

`hold.py BROKER TOPIC`: whoever restores or reads that topic to its end must wait meanwhile. Run in a
container.
"""

import signal
import sys

from confluent_kafka import Producer

broker, topic = sys.argv[1:3]
producer = Producer({"bootstrap.servers": broker, "transactional.id": f"hold-{topic}"})
producer.init_transactions(30)
producer.begin_transaction()
producer.produce(topic, b"to be taken back", b"nobody", 0)
producer.flush(30)
signal.signal(signal.SIGTERM, lambda *_: None)
sys.stdout.write("holding\n")
sys.stdout.flush()
signal.pause()
producer.abort_transaction(30)
