"""`annuity-ledger watch`."""

import asyncio
from contextlib import suppress
from typing import Annotated

import typer

from services.runtime.cli.cluster import answering_cluster
from services.runtime.cli.consoles import print_line, results
from services.runtime.cli.lines import record_line
from services.runtime.cli.one_line import one_line
from services.runtime.cli.watching import WATCHED, Wanted, Watch, watched
from services.runtime.settings import Settings

Participant = Annotated[str | None, typer.Option(help="Only this participant's.")]
Contract = Annotated[str | None, typer.Option(help="Only this contract's.")]
FromBeginning = Annotated[bool, typer.Option("--from-beginning", help="All there ever were, then those that come.")]
AsJson = Annotated[bool, typer.Option("--json", help="Lines of JSON, as `replay` writes them.")]
UntilIdle = Annotated[float | None, typer.Option(min=0, metavar="SECONDS", help="End when nothing came for so long.")]
Count = Annotated[int | None, typer.Option(min=1, help="End after so many.")]


def watch(  # noqa: PLR0913 -- one option a wish
    *,
    participant: Participant = None,
    contract: Contract = None,
    from_beginning: FromBeginning = False,
    as_json: AsJson = False,
    until_idle: UntilIdle = None,
    count: Count = None,
) -> None:
    """Show outcomes as they come, from confirmations to quotes, and alarms and dead letters.

    Only what is committed is shown. Ctrl-C ends it.
    """
    settings = Settings()
    answering_cluster(settings, WATCHED)
    wanted = Wanted(participant, contract)
    with suppress(KeyboardInterrupt):
        asyncio.run(_show(settings, Watch(wanted, from_beginning, until_idle, count), as_json=as_json))


async def _show(settings: Settings, watch: Watch, *, as_json: bool) -> None:
    async for record in watched(settings, watch):
        if as_json:
            print_line(record_line(record).decode())
        else:
            results.print(one_line(record))
