"""The command line called as a shell calls it, in this process."""

import io
import os
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

from services.runtime.cli import main


@dataclass(frozen=True)
class Done:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


def annuity_ledger(*arguments: object, environment: Mapping[str, str] | None = None) -> Done:
    """Run one command. Only the variables named here are set of those that settings are read from."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in [name for name in os.environ if name.startswith(("ANNUITY_LEDGER_", "KAFKA_BOOTSTRAP"))]:
            patch.delenv(name)
        for name, value in (environment or {}).items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
    code = ended.value.code
    return Done(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())
