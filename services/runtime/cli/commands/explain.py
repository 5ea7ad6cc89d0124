"""`annuity-ledger explain`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from services.runtime.cli.cluster import answering_cluster
from services.runtime.cli.consoles import print_line, tell
from services.runtime.cli.explaining import text
from services.runtime.cli.failures import CommandError, WrongUseError
from services.runtime.cli.finding import Answers, answers_to
from services.runtime.cli.reading_outcomes import EXPLAINED, outcome_in
from services.runtime.cli.watching import Wanted
from services.runtime.settings import Settings

RequestId = Annotated[str | None, typer.Argument(help="The request's id, or that of an outcome.")]
Contract = Annotated[str | None, typer.Option(help="Only in this contract.")]
Participant = Annotated[str | None, typer.Option(help="Only this participant's.")]
File = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="An outcome in a file in place of the broker's: JSON.")
]


def explain(
    request_id: RequestId = None, contract: Contract = None, participant: Participant = None, file: File = None
) -> None:
    """Write an outcome out as an actuary would: every number, where it comes from, and every rule with its clause.

    The request's confirmation or rejection is looked up on the broker; while it waits its acknowledgement is shown.
    Of a request of mode `quote` it is the quote.
    Notices, and confirmations that answer no request, are found by their own id, as `watch --json` shows it.
    """
    if (request_id is None) == (file is None):
        raise WrongUseError("Name a request, or --file with its outcome: one of the two.")
    if file is not None:
        print_line(text(outcome_in(file)))
    elif request_id is not None:
        settings = Settings()
        answering_cluster(settings, EXPLAINED)
        _show(asyncio.run(answers_to(settings, request_id, Wanted(participant, contract))), request_id)


def _show(found: Answers, request_id: str) -> None:
    if not found.shown:
        raise CommandError(f"No outcome of a request {request_id} is on the broker.")
    for number, outcome in enumerate(found.shown):
        if number:
            print_line("")
        print_line(text(outcome))
    if found.repeats:
        tell(f"Sent again and answered alike {found.repeats} times.")
