"""The command line: `annuity-ledger`."""
