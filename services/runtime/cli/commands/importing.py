"""`annuity-ledger import`."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from services.runtime.cli.arguments import day, identifier
from services.runtime.cli.cluster import answering_cluster
from services.runtime.cli.commands.publish import summarise
from services.runtime.cli.consoles import new_progress, print_line, tell, tell_failure
from services.runtime.cli.failures import EXIT_CODES
from services.runtime.cli.importing import Dated, oldest_first
from services.runtime.cli.messages import BadLine, Item
from services.runtime.cli.price_files import TOPIC as PRICES
from services.runtime.cli.price_files import read_prices
from services.runtime.cli.publishing import publish_all
from services.runtime.cli.treasury_files import TOPIC as YIELDS
from services.runtime.cli.treasury_files import read_treasury
from services.runtime.settings import Settings

importing = typer.Typer(
    name="import",
    help="Market data of files as others publish them.",
    no_args_is_help=True,
    epilog=EXIT_CODES,
    add_completion=False,
)

Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV.")]
Since = Annotated[
    date | None, typer.Option(parser=day, metavar="YYYY-MM-DD", help="Pass over what is of earlier days.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the messages, as lines for `publish`; send nothing.")]
Series = Annotated[str, typer.Option(parser=identifier, help="The series that the contracts' terms name.")]


@importing.command(epilog=EXIT_CODES)
def prices(files: Files, *, since: Since = None, dry_run: DryRun = False) -> None:
    """Fund prices: the columns fund, date (YYYY-MM-DD), price, and if wanted distribution and tax, in dollars a share.

    Each row is sent to `fund-prices`, oldest first. A row that is none is told with its line and the reason, the others
    go, and the exit code is 1.
    """
    _imported(PRICES, (each for path in files for each in read_prices(path)), since, dry_run=dry_run)


@importing.command(epilog=EXIT_CODES)
def treasury(files: Files, series: Series, *, since: Since = None, dry_run: DryRun = False) -> None:
    """Treasury's daily par yield curve: the CSV of a year as home.treasury.gov publishes it.

    The rates of whole years of each day are sent to `market-yields`, oldest first; those of months are passed over. A
    row that is none is told with its line and the reason, the others go, and the exit code is 1.
    """
    found = (each for path in files for each in read_treasury(path, series))
    _imported(YIELDS, found, since, dry_run=dry_run)


def _imported(topic: str, found: Iterable[Dated | BadLine], since: date | None, *, dry_run: bool) -> None:
    items = oldest_first(found, since)
    failed = _printed(items) if dry_run else _sent(topic, items)
    if failed:
        raise typer.Exit(1)


def _printed(items: list[Item]) -> int:
    bad = [item for item in items if isinstance(item, BadLine)]
    for item in items:
        if isinstance(item, BadLine):
            tell_failure(f"{item.place}: {item.reason}")
        else:
            print_line(f'{{"topic":"{item.topic}","value":{(item.value or b"").decode()}}}')
    tell(f"messages={len(items) - len(bad)} failed={len(bad)}; nothing was sent")
    return len(bad)


def _sent(topic: str, items: list[Item]) -> int:
    settings = Settings()
    answering_cluster(settings, (topic,))
    with new_progress() as progress:
        task = progress.add_task(f"importing to {topic}", total=len(items))
        published = publish_all(items, settings, lambda: progress.advance(task))
    summarise(published)
    return len(published.failed)
