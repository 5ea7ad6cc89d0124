"""How a command ends: one readable line that says what to do, and an exit code that a script can tell apart."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiokafka.errors import KafkaError as ReaderError
from confluent_kafka import KafkaError, KafkaException
from pydantic import ValidationError

from services.runtime.cli.consoles import tell_failure
from services.runtime.errors import WorkerError

NOT_DONE = 1
WRONG_USE = 2
NO_CLUSTER = 3

EXIT_CODES = (
    "Exit codes: 0 done; 1 something was refused, failed or differs, and is named; "
    "2 called wrongly, or asked for a rule that is not available; "
    "3 no broker is named, none answers or lets us in, or its topics are missing."
)


class CommandError(Exception):
    """A command cannot do what was asked; the message says why and what to do."""

    code = NOT_DONE


class WrongUseError(CommandError):
    """What was asked makes no sense, or is not available."""

    code = WRONG_USE


class NoClusterError(CommandError):
    """There is no broker to work on, or it has not the topics."""

    code = NO_CLUSTER


NO_BROKER_NAMED = (
    "No broker is named: KAFKA_BOOTSTRAP_SERVERS is not set. Start one with `annuity-ledger broker` in another "
    "terminal and export the line that it prints, or export your cluster's address."
)


@contextmanager
def failures_told() -> Iterator[None]:
    """Within it, what a user can mend ends the process with a line on standard error; a bug keeps its traceback."""
    try:
        yield
    except CommandError as error:
        message, code = str(error), error.code
    except ValidationError as error:
        message, code = _wrong_settings(error), WRONG_USE
    except WorkerError as error:
        message, code = str(error), NOT_DONE
    except (KafkaException, ReaderError) as error:
        message, code = f"The broker did not do it: {_reason(error)}", NO_CLUSTER
    except BrokenPipeError:
        message, code = "", NOT_DONE
    else:
        return
    if message:
        tell_failure(message)
    sys.exit(code)


def _wrong_settings(error: ValidationError) -> str:
    wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_input=False))
    return f"The environment's settings cannot be right: {wrong}"


def _reason(error: BaseException) -> str:
    first: Any = error.args[0] if error.args else None
    return first.str() if isinstance(first, KafkaError) else str(error) or type(error).__name__
