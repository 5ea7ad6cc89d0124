"""Where a test's ledger runs, by the environment: in process at every change, in containers now and then."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from contracts_schema.testing.calls import AnnuityLedger
from contracts_schema.testing.container import AnnuityLedgerContainer
from contracts_schema.testing.in_process import AnnuityLedgerInProcess

VARIABLE = "ANNUITY_LEDGER_TESTING"
IN_PROCESS, CONTAINER = "in-process", "container"


@contextmanager
def ledger_for_tests(trusted_submitters: Sequence[str] = ()) -> Iterator[AnnuityLedger]:
    """A ledger of one's own, its books empty: in process, or where ANNUITY_LEDGER_TESTING is `container` in containers.

    Senders named as trusted are believed their `received_at` under every contract. Raises `ValueError` for another
    value of the variable.
    """
    where = os.environ.get(VARIABLE) or IN_PROCESS
    if where == CONTAINER:
        with AnnuityLedgerContainer(services=("all",), trusted_submitters=trusted_submitters) as ledger:
            yield ledger
    elif where == IN_PROCESS:
        with AnnuityLedgerInProcess(trusted_submitters) as ledger:
            yield ledger
    else:
        raise ValueError(f"{VARIABLE} is {IN_PROCESS} or {CONTAINER}, not {where}")
