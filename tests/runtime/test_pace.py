"""Background work of the partitions of one worker."""

from tests.runtime.test_batches import Busy, Harness


async def test_between_slices_of_a_workers_partitions_there_is_a_moment_for_the_others() -> None:
    first, second = Harness(Busy), Harness(Busy)
    second.loop.pace = first.loop.pace
    second.log.put("1")
    second.on_commit = lambda: first.loop.pace.ended(first)
    await second.loop.turn()
    assert [len(records) for records in second.commits] == [3], "its record was waiting, but a slice has just been"
    second.on_commit = lambda: None
    await second.loop.turn()
    assert 0 < second.log.waits[-1] <= 20, "it waits for records meanwhile"
    assert second.commits[-1][0].key == b"work"
    await second.loop.turn()
    assert second.log.waits[-1] == 0, "after its own it need not wait"
