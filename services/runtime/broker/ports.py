"""Ports of 127.0.0.1 for the embedded broker."""

import random
import socket

from services.runtime.broker.errors import BrokerError

# Below what Linux (32768) and macOS (49152) hand to outgoing connections: a client that reconnects while the broker
# restarts could otherwise be given the broker's own port, or even connect to itself.
_RANGE = range(20_000, 32_000)


def free_port() -> int:
    """A port that nobody listens on right now. It is not reserved: whoever starts on it must be ready for a loss."""
    for port in random.sample(_RANGE, 200):
        if is_free(port):
            return port
    raise BrokerError(f"No free port on 127.0.0.1 between {_RANGE.start} and {_RANGE.stop}.")


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Kafka does: connections that linger do no harm
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError:
            return False
        return True
