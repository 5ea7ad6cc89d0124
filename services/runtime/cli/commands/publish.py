"""`annuity-ledger publish`."""

from pathlib import Path
from typing import Annotated

import typer

from services.runtime.cli.cluster import writable_topics
from services.runtime.cli.consoles import new_progress, tell, tell_failure
from services.runtime.cli.publishing import Published, publish_all, sendable
from services.runtime.cli.remittance import Defaults
from services.runtime.cli.sources import checked, read_files
from services.runtime.settings import Settings

Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="JSON lines, or CSV.")]
Contract = Annotated[str | None, typer.Option(help="CSV: the contract, where the file has no contract_id.")]
Remittance = Annotated[str | None, typer.Option(help="CSV: the remittance, where the file has no remittance_id.")]
SubmittedBy = Annotated[str | None, typer.Option(help="CSV: who submits, where the file has no submitted_by.")]
ReceivedAt = Annotated[
    str | None, typer.Option(help="CSV: when it was received in good order (ISO 8601 with offset), same.")
]


def publish(
    files: Files,
    contract: Contract = None,
    remittance: Remittance = None,
    submitted_by: SubmittedBy = None,
    received_at: ReceivedAt = None,
) -> None:
    """Send files of messages, acknowledged by all replicas.

    JSON lines (.jsonl): {"topic": …, "key": …, "timestamp": …, "value": …}. The key is reckoned from the value where
    it is not given. The value goes as it stands; a JSON string goes as its UTF-8 bytes, and "value_base64" in its
    place as the bytes it encodes. `timestamp` is for `replay` only: the broker stamps these topics itself.

    CSV (.csv), a payroll remittance: the columns line, participant_id, account, source, amount; contract_id,
    remittance_id, submitted_by and received_at, or the options; and, if wanted, pay_period_start, pay_period_end,
    allocation (F1:60;GAA/3:40), catch_up (true or false), payment_form, payment_reason, source_of_funds,
    remittance_count and remittance_total; other columns are not sent. The request id is remittance_id-line: the same
    file twice does nothing twice. Count and total are those of the file's rows where it does not state them: a
    remittance that is in several files has to.

    What a message says is the service's to judge, and it goes as it is. A line that is no message is told with its
    place, the others go, and the exit code is 1.
    """
    settings = Settings()
    lines = checked(files)
    there = writable_topics(settings)
    defaults = Defaults(contract, remittance, submitted_by, received_at)
    with new_progress() as progress:
        task = progress.add_task("publishing", total=lines)
        published = publish_all(sendable(read_files(files, defaults), there), settings, lambda: progress.advance(task))
        progress.update(task, completed=lines)
    summarise(published)
    if published.failed:
        raise typer.Exit(1)


def summarise(published: Published) -> None:
    """Tell what was delivered, and every failure with its place."""
    for failure in published.failed:
        tell_failure(f"{failure.place}: {failure.reason}")
    for topic, count in sorted(published.delivered.items()):
        tell(f"{topic}: {count} delivered")
    tell(f"delivered={published.delivered.total()} failed={len(published.failed)}")
