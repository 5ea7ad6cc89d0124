"""Whose turn it is for background work, among the partitions of a worker, which share one event loop and one lock.

A slice keeps both. If every partition's began as soon as it could, then what one of twelve has to read, fold or commit
would wait for eleven slices at every step. So they begin one at a time; between two there is a moment in which what
others have to read is read; and then those transactions go first that requests wait for.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

_MOMENT_S = 0.02
_LOOK_S = 0.005
_PATIENCE_S = 0.5


class Pace:
    """One of a worker. Partitions are told apart by any object of theirs."""

    def __init__(self) -> None:
        self._last: object = None
        self._ended = 0.0
        self._folding: set[object] = set()

    def wait_ms(self, who: object) -> int:
        """Milliseconds until it may be the turn of a partition's slice; zero if it is now.

        It is when nobody else has records in a transaction, or none has had a slice for half a second.
        """
        since = time.monotonic() - self._ended
        if since >= _PATIENCE_S:
            return 0
        wait_s = 0.0 if who is self._last else _MOMENT_S - since
        if self._folding - {who}:
            wait_s = max(wait_s, _LOOK_S)
        return max(0, ceil(wait_s * 1000))

    def ended(self, who: object) -> None:
        """A slice of this partition gives the loop back."""
        self._last, self._ended = who, time.monotonic()

    @contextmanager
    def folding(self, who: object) -> Iterator[None]:
        """Records of this partition are in a transaction."""
        self._folding.add(who)
        try:
            yield
        finally:
            self._folding.discard(who)
