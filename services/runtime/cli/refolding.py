"""The book read from the cluster and folded again, partition by partition: what `replay --from ledger-log` does."""

from collections.abc import AsyncIterator, Callable

from services.runtime.cli.gathering import gathered
from services.runtime.cli.replaying import InProcess
from services.runtime.reader import PartitionReader
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.settings import Settings

Advanced = Callable[[int], None]
LOG = "ledger-log"


def nothing_advanced(_records: int) -> None:
    """For who shows no progress."""


async def refolded(
    settings: Settings, number: int, advanced: Advanced = nothing_advanced
) -> AsyncIterator[list[OutputRecord]]:
    """What the ledger writes for one partition of the log, folded from its beginning to its end as it is now.

    `advanced` is called with the number of offsets passed since it was last called.
    """
    ledger = InProcess(partition=number, count=settings.partitions)
    async with PartitionReader(settings, settings.topic_prefix, number) as reader:
        begin, end = (await reader.bounds([LOG]))[LOG]
        async for records in passing(reader, LOG, begin, end, advanced):
            for record in records:
                ledger.take(record)
            yield ledger.drained()


async def passing(
    reader: PartitionReader, topic: str, begin: int, end: int, advanced: Advanced
) -> AsyncIterator[list[InputRecord]]:
    """`read_to`, telling how many offsets were passed after each list, the last ones included."""
    passed = begin
    async for records in reader.read_to(topic, begin, end):
        yield records
        advanced(records[-1].offset + 1 - passed)
        passed = records[-1].offset + 1
    advanced(max(0, end - passed))


async def log_length(settings: Settings) -> int:
    """Offsets in all partitions of the log, for a progress bar."""
    return sum(await gathered(_length(settings, number) for number in range(settings.partitions)))


async def _length(settings: Settings, number: int) -> int:
    async with PartitionReader(settings, settings.topic_prefix, number) as reader:
        begin, end = (await reader.bounds([LOG]))[LOG]
        return end - begin
