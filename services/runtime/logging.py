"""Structured logs: one event a line, JSON for machines or columns for people.

Nothing of what senders wrote is in them, ids of participants and requests included: a sender may have made those of a
name or worse. A record is named by its topic, partition and offset. `discretion` says what is told of an exception.
"""

import logging
import sys

import structlog

from services.runtime.discretion import told_with_trace, write_trace
from services.runtime.settings import Settings

_NOISY = ("aiokafka", "asyncio", "faust", "mode", "librdkafka", "services.runtime.membership")
_SPARING_S = 10.0


def configure_logging(settings: Settings) -> None:
    """Send this process's logs to standard error: columns or JSON as the settings say.

    Libraries are heard from WARNING up: aiokafka's debug records alone cost a tenth of the throughput, even when
    nobody prints them.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_rendering(settings)))
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    handler.addFilter(_Sparing())
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Sparing(logging.Filter):
    """Lets a library say the same kind of thing once in ten seconds: while a broker is away they say it all the time.

    What the processors say about it is not a library's and always passes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record passes."""
        if not record.name.startswith(_NOISY):
            return True
        kind = (record.name, str(record.msg).split("[", 1)[0])
        if record.created - self._said.get(kind, 0.0) < _SPARING_S:
            return False
        self._said[kind] = record.created
        return True


def _rendering(settings: Settings) -> list[structlog.typing.Processor]:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty()):
        return [drop, structlog.dev.ConsoleRenderer(exception_formatter=write_trace)]
    return [drop, _traced, structlog.processors.JSONRenderer()]


_traced = structlog.processors.ExceptionRenderer(lambda raised: told_with_trace(raised[1]))
"""Puts the exception that is being told of into the event, as text."""
