"""`annuity-ledger broker`."""

from pathlib import Path
from typing import Annotated

import typer

from services.runtime.broker import run_foreground
from services.runtime.cli.consoles import messages
from services.runtime.settings import Settings

DataDir = Annotated[Path | None, typer.Option(help="Keep the data here; without it everything is gone at the end.")]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Listen here; without it on a free port.")]


def broker(data_dir: DataDir = None, port: Port = None) -> None:
    """Run a real Apache Kafka in the foreground, for who has none.

    Standard output is one line, the bootstrap servers, once it serves. In another terminal:
    `export KAFKA_BOOTSTRAP_SERVERS=` followed by it.
    """
    raise typer.Exit(run_foreground(Settings(), data_dir=data_dir, port=port, console=messages))
