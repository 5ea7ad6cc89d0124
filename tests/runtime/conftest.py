"""An installation of the counting service, for tests that run it."""

import asyncio

import pytest

from services.runtime.settings import Settings
from services.runtime.topics import create_topics
from tests.runtime.counting import TOPICS


@pytest.fixture
async def counting(bootstrap_servers: str, topic_prefix: str) -> Settings:
    """Settings of an installation of its own, with its topics made: four partitions."""
    settings = Settings(bootstrap_servers=bootstrap_servers, topic_prefix=topic_prefix, partitions=4)
    await asyncio.to_thread(create_topics, settings, TOPICS)
    return settings
