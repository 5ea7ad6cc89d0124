"""How many records the next batch may have: as many as fold in a fifth of a second, whatever a record costs.

A transaction costs the broker some milliseconds of CPU however little is in it, so a cheap job wants thousands of
records in each: a record of count and sum cost worker and broker 12 µs together with 1,000 records to a batch, and 7
with 10,000, which also change many a key twice and log it once. But a fold keeps the event loop, and with it the
worker's other partitions, so where a record costs a millisecond a batch has only hundreds.
"""

from dataclasses import dataclass

_FOLD_S = 0.2
_FIRST = 500


@dataclass
class BatchSize:
    """The limit for the next batch; never above `most`. It is doubled by full batches that were quick, and falls at
    once to what would have been in time.
    """

    most: int
    limit: int = _FIRST

    def __post_init__(self) -> None:
        """Begin low: nothing is known of the records yet."""
        self.limit = min(self.limit, self.most)

    def folded(self, records: int, seconds: float) -> None:
        """Learn from a batch: how many records it had, and the seconds that making its transaction's content took."""
        if seconds > _FOLD_S:
            self.limit = max(1, int(records * _FOLD_S / seconds))
        elif records >= self.limit and seconds * 2 <= _FOLD_S:
            self.limit = min(self.most, self.limit * 2)
