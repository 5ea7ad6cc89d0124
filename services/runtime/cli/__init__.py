"""The command line: `annuity-ledger`.

Each command is a file in `commands`, thin: what is fetched, reckoned and shown is in the modules beside that folder,
and what is shown is made by pure functions.
"""

from services.runtime.cli.app import main

__all__ = ["main"]
