"""What may be said of an exception: its kind and its place in the code, and its text only where that is our own or a
broker's.

Libraries put into the text of an exception what they stumbled on (pydantic the value, a dict the key), and that is a
request: names, amounts, ids that a sender may have made of anything. Whoever has to mend a bug finds the record by its
topic, partition and offset, where access to it is controlled.
"""

import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import TextIO

from aiokafka.errors import KafkaError
from confluent_kafka import KafkaException
from pydantic import ValidationError
from structlog.typing import ExcInfo

from services.runtime.errors import NotStateError, StoreBrokenError, WorkerError

_SPOKEN = (WorkerError, NotStateError, StoreBrokenError, KafkaException, KafkaError, OSError)
"""Their texts hold places, settings and codes, never what is in a record."""
_FIRST = 5


def told(error: BaseException) -> str:
    """The exception by its kind, with its text where that is safe; of a message that is not as its model, which fields
    are not and why.
    """
    kind = type(error).__name__
    if isinstance(error, ValidationError):
        wrong = error.errors(include_url=False, include_input=False, include_context=False)
        places = [f"{'.'.join(map(str, each['loc'])) or 'message'} {each['type']}" for each in wrong[:_FIRST]]
        return f"{kind}: {'; '.join(places)}{'; …' if len(wrong) > _FIRST else ''}"
    return f"{kind}: {error}" if isinstance(error, _SPOKEN) and str(error) else kind


def told_with_trace(error: BaseException) -> str:
    """The exception and what led to it, each with its place in the code and nothing of what variables held."""
    return "\n".join(_lines(error))


def write_trace(out: TextIO, raised: ExcInfo) -> None:
    """`told_with_trace`, as structlog's console asks for it."""
    out.write("\n" + told_with_trace(raised[1]))


def _lines(error: BaseException) -> Iterator[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _lines(cause)
        yield "which led to"
    yield told(error)
    yield from _frames(error.__traceback__)


def _frames(trace: TracebackType | None) -> list[str]:
    return [line.rstrip() for line in traceback.format_tb(trace)]
