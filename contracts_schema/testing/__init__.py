"""For teams that test against annuity-ledger: a ledger of one's own, in containers or in the test's process.

    with AnnuityLedgerInProcess() as ledger:
        ledger.publish("contract-terms", terms)
        ledger.publish("deposit-requests", deposit)
        ledger.close_day({"INDEX": "12.500000"})
        confirmation = ledger.await_confirmation(deposit["request_id"])

`AnnuityLedgerContainer` has the same calls on a real broker and the services' image, `AnnuityLedgerOnBroker` on a test
installation that runs already; a test written against `AnnuityLedger` runs on any of them, and `ledger_for_tests` gives
the one that the environment chooses. README.md beside this file says how. To be installed as `annuity-ledger[testing]`.
Alone in this package it imports `services`: it runs them.
"""

from contracts_schema.testing.calls import AnnuityLedger
from contracts_schema.testing.choosing import ledger_for_tests
from contracts_schema.testing.container import AnnuityLedgerContainer
from contracts_schema.testing.dead_letters import DeadLetter
from contracts_schema.testing.failing import ExpectationFailedError
from contracts_schema.testing.in_process import AnnuityLedgerInProcess
from contracts_schema.testing.on_broker import AnnuityLedgerOnBroker
from contracts_schema.testing.producing import Sender

__all__ = [
    "AnnuityLedger",
    "AnnuityLedgerContainer",
    "AnnuityLedgerInProcess",
    "AnnuityLedgerOnBroker",
    "DeadLetter",
    "ExpectationFailedError",
    "Sender",
    "ledger_for_tests",
]
