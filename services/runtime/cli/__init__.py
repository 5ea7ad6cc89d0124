"""The command line: `annuity-ledger`.

Each command is a file in `commands`, thin: what is fetched, reckoned and shown is in the modules beside that folder,
and what is shown is made by pure functions.
"""

from services.runtime.cli.first_process import end_when_asked

end_when_asked()  # the imports of the commands take a second or two, in which a container may be stopped

from services.runtime.cli.app import main  # noqa: E402 -- as said

__all__ = ["main"]
