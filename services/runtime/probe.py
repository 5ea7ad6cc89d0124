"""Asks the worker in this container whether it is alive or ready: `python -m services.runtime.probe health|ready`.

Exit code 0 when it is, 1 when it is not; the answer is printed. With the standard library alone: it is run every few
seconds, and what the worker itself needs would take longer to import than the answer.
"""

import os
import sys
from http.client import HTTPConnection

_TIMEOUT_S = 4.0
_EVERYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104 -- where a worker may listen; asked is this machine


def main(question: str) -> int:
    """Ask, print the answer, and return the exit code."""
    port = int(os.environ.get("ANNUITY_LEDGER_METRICS_PORT") or 0)
    address = os.environ.get("ANNUITY_LEDGER_METRICS_ADDRESS", "")
    connection = HTTPConnection("127.0.0.1" if address in _EVERYWHERE else address, port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", f"/{question}")
        answer = connection.getresponse()
        print(answer.read().decode())  # noqa: T201 -- Docker keeps what a healthcheck prints
    except OSError as error:
        print(f"No answer at port {port}: {error}")  # noqa: T201 -- same
        return 1
    finally:
        connection.close()
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
