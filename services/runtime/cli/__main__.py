"""`python -m services.runtime.cli` is `annuity-ledger`."""

from services.runtime.cli.app import main

main()
