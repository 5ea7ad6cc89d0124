"""`annuity-ledger` that stops on its way through a redrive, says so on standard output, and goes on when a line comes
on standard input: before it writes, before it commits, or when it has committed. Where is the first argument.
"""

import sys
from collections.abc import Callable
from typing import Any

from services.runtime.cli import main
from services.runtime.cli.redriving import RedriveWriter


def stop() -> None:
    """Only the first time."""
    if not stopped:
        stopped.append(True)
        sys.stdout.write("stopped\n")
        sys.stdout.flush()
        sys.stdin.readline()


def stopping(step: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """The step with a stop before or after it."""

    def stepped(*arguments: object) -> object:
        if not after:
            stop()
        done = step(*arguments)
        if after:
            stop()
        return done

    return stepped


stopped: list[bool] = []
if __name__ == "__main__":
    where = sys.argv.pop(1)
    method = "write" if where == "before writing" else "commit"
    setattr(RedriveWriter, method, stopping(getattr(RedriveWriter, method), after=where == "committed"))
    main()
