"""`annuity-ledger status`."""

import asyncio
from typing import Annotated

import msgspec
import typer

from services.runtime.cli.cluster import answering_cluster
from services.runtime.cli.consoles import print_line, results
from services.runtime.cli.status_view import status_view
from services.runtime.cli.statuses import STATUS_TOPICS, statuses
from services.runtime.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="A JSON array, one object per service and partition.")]


def status(*, as_json: AsJson = False) -> None:
    """Show how far the services are: what each has still to read, the last closed day and what is still to settle,
    per partition; and the next day to close with what it still lacks.
    """
    settings = Settings()
    answering_cluster(settings, STATUS_TOPICS)
    found = asyncio.run(statuses(settings))
    if as_json:
        print_line(msgspec.json.encode([one.as_json() for one in found]).decode())
    else:
        results.print(status_view(found))
