"""The commands, put together."""

from collections.abc import Sequence

import typer

from services.runtime.cli.commands.broker import broker
from services.runtime.cli.commands.close import close
from services.runtime.cli.commands.contract import contract
from services.runtime.cli.commands.dead_letters import dead_letters
from services.runtime.cli.commands.explain import explain
from services.runtime.cli.commands.importing import importing
from services.runtime.cli.commands.mva import mva
from services.runtime.cli.commands.publish import publish
from services.runtime.cli.commands.replay import replay
from services.runtime.cli.commands.schemas import schemas
from services.runtime.cli.commands.show import show
from services.runtime.cli.commands.status import status
from services.runtime.cli.commands.topics import topics
from services.runtime.cli.commands.verify import verify
from services.runtime.cli.commands.watch import watch
from services.runtime.cli.commands.worker import worker
from services.runtime.cli.failures import EXIT_CODES, failures_told

COMMANDS = (broker, worker, publish, watch, show, status, explain, replay, verify, mva)

app = typer.Typer(
    name="annuity-ledger",
    help="Administers group variable annuity contracts as a stream of requests on Kafka. The cluster is named by "
    "KAFKA_BOOTSTRAP_SERVERS; ANNUITY_LEDGER_… variables set the rest.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
for command in COMMANDS:
    app.command(epilog=EXIT_CODES)(command)
app.add_typer(close)
app.add_typer(contract)
app.add_typer(topics)
app.add_typer(dead_letters)
app.add_typer(importing)
app.add_typer(schemas)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code; arguments are the process's unless given."""
    with failures_told():
        app(None if arguments is None else list(arguments))
