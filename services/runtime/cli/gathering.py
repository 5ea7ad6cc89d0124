"""Many partitions read at a time: the end of each takes a broker's answer, and one wait after the other adds up."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

from services.runtime.reading import read_topic
from services.runtime.records import InputRecord
from services.runtime.settings import Settings

T = TypeVar("T")
AT_ONCE = 12
"""Each reader has connections of its own."""


async def gathered(works: Iterable[Awaitable[T]]) -> list[T]:
    """The results in the order of the works, at most twelve of them under way at a time."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(work: Awaitable[T]) -> T:
        async with free:
            return await work

    return await asyncio.gather(*(one(work) for work in works))


async def read_topics(settings: Settings, topics: Iterable[str], partitions: Iterable[int]) -> list[InputRecord]:
    """All committed records of these partitions of the topics: topic by topic, partition by partition, in order."""
    numbers = list(partitions)
    found = await gathered(
        read_topic(settings, topic, prefix=settings.topic_prefix, partition=number)
        for topic in topics
        for number in numbers
    )
    return [record for records in found for record in records]
