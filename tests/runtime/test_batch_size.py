"""How the size of batches follows what a record costs."""

from services.runtime.batch_size import BatchSize


def grown(most: int, seconds_per_record: float, batches: int = 20) -> BatchSize:
    """After so many full batches of equal records."""
    size = BatchSize(most)
    for _ in range(batches):
        size.folded(size.limit, size.limit * seconds_per_record)
    return size


def test_cheap_records_fill_the_largest_batch() -> None:
    assert grown(10_000, 4e-6).limit == 10_000


def test_a_fold_of_dear_records_stays_within_a_fifth_of_a_second() -> None:
    assert 0.1 <= grown(10_000, 0.001).limit * 0.001 <= 0.2


def test_the_first_batch_is_small() -> None:
    assert BatchSize(10_000).limit == 500
    assert BatchSize(10).limit == 10


def test_a_batch_that_was_not_full_says_nothing_of_larger_ones() -> None:
    size = BatchSize(10_000)
    size.folded(499, 0.001)
    assert size.limit == 500


def test_a_slow_batch_shrinks_the_next_at_once_and_quick_ones_make_up_for_it() -> None:
    size = grown(10_000, 4e-6)
    size.folded(10_000, 2.0)
    assert size.limit == 1_000
    size.folded(1, 30.0)  # a worker that was stopped for a while
    assert size.limit == 1
    for _ in range(20):
        size.folded(size.limit, 0.0)
    assert size.limit == 10_000
