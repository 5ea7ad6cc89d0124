"""Reference in a process of its own, without a consumer group: who takes over from one that was killed does so at once.

Everything is loaded first; the work begins with a line on standard input, so that the next is ready when one dies.
"""

import asyncio
import sys

from services.reference import REFERENCE
from services.runtime.logging import configure_logging
from services.runtime.pace import Pace
from services.runtime.processor import Processor
from services.runtime.settings import Settings


async def _run() -> None:
    settings = Settings()
    configure_logging(settings)
    fault: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
    Processor(REFERENCE, 0, 1, settings, fault.set_result).start(Pace())
    raise await fault


if __name__ == "__main__":
    sys.stdin.readline()
    asyncio.run(_run())
