"""`annuity-ledger replay`."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from contracts_schema.topics import OUTCOME_TOPICS
from services.runtime.cli.cluster import answering_cluster
from services.runtime.cli.comparing import COMPARED, Comparison, compare_with_cluster
from services.runtime.cli.consoles import new_progress, print_line, tell, tell_failure
from services.runtime.cli.failures import WrongUseError
from services.runtime.cli.lines import OutcomeFiles
from services.runtime.cli.messages import PUBLISHABLE, BadLine
from services.runtime.cli.refolding import LOG, Advanced, log_length, refolded
from services.runtime.cli.remittance import Defaults
from services.runtime.cli.replaying import InProcess
from services.runtime.cli.sources import checked, read_files
from services.runtime.cli.stamping import stamped
from services.runtime.cli.statuses import STATUS_TOPICS, statuses, still_to_do
from services.runtime.settings import Settings

OF_LOG = (*OUTCOME_TOPICS, "account-values", "day-closes", "alarms")
OF_FILES = (*OF_LOG, "remittance-notices", "contract-totals", "contract-notices", "unit-values", "dead-letters")


class Origin(StrEnum):
    """What on the cluster can be replayed."""

    LEDGER_LOG = LOG


Files = Annotated[
    list[Path] | None, typer.Argument(exists=True, dir_okay=False, readable=True, help="JSON lines as for `publish`.")
]
Out = Annotated[
    Path, typer.Option(file_okay=False, help="Folder for one file a topic, TOPIC.jsonl; made, or written anew.")
]
From = Annotated[Origin | None, typer.Option("--from", help="Read the whole book from the cluster in place of files.")]
Compare = Annotated[
    bool, typer.Option("--compare", help="With --from: compare with the outcomes on the cluster, byte for byte.")
]


def replay(out: Out, files: Files = None, origin: From = None, *, compare: Compare = False) -> None:
    """Fold the whole service in process, without a broker: messages from files, or the book from the cluster.

    Files: the order of the lines is the order of events, and a day closes as soon as it is complete. `timestamp` is
    when a broker would have stamped the record, in milliseconds or ISO 8601; where it is missing, the value's
    received_at, else that of the line before.

    The same input always gives the same bytes. With --compare the service should be at rest; the exit code is 1 when
    any outcome differs, or there is none.
    """
    if (origin is None) == (not files):
        raise WrongUseError("Name files to replay, or say --from ledger-log: one of the two.")
    if compare and origin is None:
        raise WrongUseError(
            "--compare goes with --from ledger-log: only the book holds the order in which it was folded."
        )
    if origin is None:
        _replay_files(files or [], out)
    else:
        _replay_log(Settings(), out, compare=compare)


def _replay_files(files: list[Path], out: Path) -> None:
    service, bad, lines = InProcess(), list[BadLine](), checked(files)
    with new_progress() as progress, OutcomeFiles(out, OF_FILES) as outcomes:
        task = progress.add_task("replaying", total=lines)
        for item in stamped(read_files(files, Defaults(), (*PUBLISHABLE, LOG))):
            if isinstance(item, BadLine):
                bad.append(item)
            else:
                service.take(item)
                outcomes.write(service.drained())
            progress.advance(task)
        progress.update(task, completed=lines)
    for line in bad:
        tell_failure(f"{line.place}: {line.reason}")
    _summarise(outcomes, out)
    if bad:
        raise typer.Exit(1)


def _replay_log(settings: Settings, out: Path, *, compare: bool) -> None:
    answering_cluster(settings, (*STATUS_TOPICS, *COMPARED))
    with new_progress() as progress, OutcomeFiles(out, OF_LOG) as outcomes:
        task = progress.add_task("replaying the book", total=asyncio.run(log_length(settings)))

        def advanced(offsets: int) -> None:
            progress.advance(task, offsets)

        if compare:
            found = asyncio.run(compare_with_cluster(settings, advanced, outcomes.write))
        else:
            asyncio.run(_refold_all(settings, outcomes, advanced))
    _summarise(outcomes, out)
    if compare:
        _conclude(settings, found)


async def _refold_all(settings: Settings, outcomes: OutcomeFiles, advanced: Advanced) -> None:
    for number in range(settings.partitions):
        async for records in refolded(settings, number, advanced):
            outcomes.write(records)


def _summarise(outcomes: OutcomeFiles, out: Path) -> None:
    counts = ", ".join(f"{topic} {count}" for topic, count in outcomes.written.items())
    tell(f"Written to {out}: {counts}.")


def _conclude(settings: Settings, found: Comparison) -> None:
    for example in found.examples:
        tell_failure(example)
    print_line(str(found))
    if not found.holds:
        if left := still_to_do(asyncio.run(statuses(settings))):
            tell(f"{left}: compare again when it is at rest.")
        raise typer.Exit(1)
