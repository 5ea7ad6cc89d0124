"""What the command line does with brokers."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from rich.console import Console

from services.runtime.broker.embedded import EmbeddedBroker
from services.runtime.broker.errors import BrokerError
from services.runtime.settings import Settings


@contextmanager
def kafka(settings: Settings, console: Console | None = None) -> Iterator[str]:
    """The bootstrap servers to work with: those that are set, else an embedded broker's that ends with the context."""
    if settings.bootstrap_servers:
        yield settings.bootstrap_servers
        return
    with EmbeddedBroker(cache_dir=settings.cache_dir, console=console) as broker:
        yield broker.bootstrap_servers


def run_foreground(
    settings: Settings, *, data_dir: Path | None = None, port: int | None = None, console: Console | None = None
) -> int:
    """Run the embedded broker until SIGINT or SIGTERM, and return the exit code.

    Prints the bootstrap servers on standard output, alone on a line, once clients are served; all else goes to
    `console` (standard error). 0: ended by a signal, in good order. 1: it could not start, or ended by itself; the
    reason was printed. For the main thread only.
    """
    console = console or Console(stderr=True)
    broker = EmbeddedBroker(data_dir, port, cache_dir=settings.cache_dir, console=console)
    with _signals_interrupt():
        try:
            with broker:
                Console().print(broker.bootstrap_servers, markup=False, highlight=False, soft_wrap=True)
                console.print(
                    f"  export KAFKA_BOOTSTRAP_SERVERS={broker.bootstrap_servers}", markup=False, soft_wrap=True
                )
                console.print(f"Apache Kafka is up; its log: {broker.log_file}. Ctrl-C ends it.", soft_wrap=True)
                code = broker.wait()
        except BrokerError as error:
            console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
            return 1
        except KeyboardInterrupt:
            console.print("Stopped.")
            return 0
    console.print(
        f"Kafka ended by itself with exit code {code}; its log: {broker.log_file}", style="red", soft_wrap=True
    )
    return 1


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Within it SIGTERM does what Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
