"""Whose turn it is for background work, among the partitions of a worker, which share one event loop.

A slice keeps the loop for a tenth of a second. If every partition's began as soon as it could, then what one of twelve
has to read or has just committed would wait for eleven slices at every step. So they begin one at a time, and between
two there is a moment in which everybody else who can go on does.
"""

import time
from math import ceil

_MOMENT_S = 0.01


class Pace:
    """One of a worker."""

    def __init__(self) -> None:
        self._last: object = None
        self._free_at = 0.0

    def wait_ms(self, who: object) -> int:
        """Milliseconds until a slice of this partition may begin; zero if it may now, as it may after its own."""
        return 0 if who is self._last else max(0, ceil((self._free_at - time.monotonic()) * 1000))

    def ended(self, who: object) -> None:
        """A slice of this partition gives the loop back."""
        self._last, self._free_at = who, time.monotonic() + _MOMENT_S
