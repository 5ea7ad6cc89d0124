"""`make demo`: play the story on a real Kafka, check what it promises, and sum up.

Exit code 0 only if every check held.
"""

import sys
import tempfile
import time
import uuid
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.demo import checks
from deploy.demo.market import quarters
from deploy.demo.stage import DemoFailedError, Stage, stage
from deploy.demo.story import play
from deploy.demo.summary import tell
from services.runtime.broker import BrokerError, kafka
from services.runtime.settings import Settings

PARTITIONS = 4
WORKERS = 2


def main() -> int:
    """Run the demo; the process's exit code."""
    console = Console()
    folder = Path(tempfile.mkdtemp(prefix="annuity-ledger-demo-"))
    try:
        with kafka(Settings()) as servers:
            prefix = f"demo-{uuid.uuid4().hex[:8]}-"
            settings = Settings(bootstrap_servers=servers, topic_prefix=prefix, partitions=PARTITIONS)
            with stage(settings, folder) as played:
                _run(played, console)
    except (DemoFailedError, BrokerError) as error:
        console.print(f"[bold red]The demo failed.[/] {error}")
        console.print(f"What was published, and the workers' logs: {folder}")
        return 1
    console.print(f"\nEverything held. What was published, and the workers' logs: {folder}")
    return 0


def _run(played: Stage, console: Console) -> None:
    started = time.monotonic()
    for _ in range(WORKERS):
        played.start_worker()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("four years of payroll and closes", total=len(quarters()))

        def advance(quarter: str) -> None:
            progress.update(task, advance=1, description=f"{quarter} closed and settled")

        told = play(played, advance)
        progress.update(task, description="four years of payroll and closes")
    with console.status("checking: answers, numbering, totals, witnesses, replay"):
        found, kept = checks.outcomes(played), checks.books(played)
        checks.check_seen(found, told)
        checks.check_sequences(found)
        totals = checks.check_totals(found, kept)
        checks.check_witnesses(found, kept)
        compared = checks.check_replay(played)
    tell(console, found, totals, compared, time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
