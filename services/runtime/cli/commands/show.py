"""`annuity-ledger show`."""

import asyncio
from typing import Annotated

import typer

from services.runtime.cli.books import books_of
from services.runtime.cli.cluster import answering_cluster
from services.runtime.cli.consoles import results
from services.runtime.cli.failures import CommandError
from services.runtime.cli.participant_view import participant_view
from services.runtime.settings import Settings

Participant = Annotated[str, typer.Argument(help="The participant's id.")]
Contract = Annotated[str, typer.Option(help="The contract's id.")]


def show(participant: Participant, contract: Contract) -> None:
    """Show a participant's books: positions (units × index = value at the last closed day), lots of guaranteed terms,
    allocations, what waits and why, and the last sequence number.
    """
    settings = Settings()
    answering_cluster(settings, ("ledger-participants", "ledger-market"))
    market, found = asyncio.run(books_of(settings, contract, participant))
    if found is None:
        known = "" if contract in market.terms else f"; no terms of contract {contract} are on its log either"
        raise CommandError(f"The ledger knows no participant {participant} under contract {contract}{known}.")
    results.print(participant_view(market, found))
