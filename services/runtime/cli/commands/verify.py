"""`annuity-ledger verify`."""

import asyncio
from typing import Annotated

import typer
from rich.progress import Progress

from services.runtime.cli.cluster import answering_cluster
from services.runtime.cli.consoles import new_progress, print_line, tell, tell_failure
from services.runtime.cli.failures import WrongUseError
from services.runtime.cli.verifying import VERIFIED, Advanced, Verified, verify_partition
from services.runtime.partitioner import partition_of
from services.runtime.settings import Settings

Partition = Annotated[list[int] | None, typer.Option(min=0, help="Only this partition of the ledger log; repeatable.")]
Participant = Annotated[str | None, typer.Option(help="Only this participant; with --contract.")]
Contract = Annotated[str | None, typer.Option(help="The participant's contract.")]


def verify(partition: Partition = None, participant: Participant = None, contract: Contract = None) -> None:
    """Compare what the ledger has written (outcomes, and state in its changelogs) with a replay of its log, byte for
    byte, while the service runs.

    The service may go on taking requests and settling: what it was still about to write when it was looked at counts
    as pending, and anything else that is not as replayed as differing. The first differences are explained, and the
    exit code is 1 when there are any, or nothing to compare.
    """
    if (participant is None) != (contract is None):
        raise WrongUseError("A participant is named by --participant and --contract together.")
    if participant is not None and partition:
        raise WrongUseError("A participant is in one partition only: name the participant or partitions.")
    settings = Settings()
    answering_cluster(settings, VERIFIED)
    if participant is not None:
        key = f"{contract}|{participant}"
        found = _verified(settings, [partition_of(key, settings.partitions)], key.encode())
    else:
        found = _verified(settings, _numbers(settings, partition), None)
    if found.empty:
        tell("Nothing has been written, and there is nothing to write: a comparison of nothing proves nothing.")
    for example in found.examples:
        tell_failure(example)
    print_line(f"verified {found}")
    if not found.holds:
        raise typer.Exit(1)


def _numbers(settings: Settings, partitions: list[int] | None) -> list[int]:
    numbers = sorted(set(partitions or range(settings.partitions)))
    if numbers[-1] >= settings.partitions:
        raise WrongUseError(f"There are {settings.partitions} partitions, 0 to {settings.partitions - 1}.")
    return numbers


def _verified(settings: Settings, numbers: list[int], participant: bytes | None) -> Verified:
    found = Verified()
    with new_progress() as progress:
        for number in numbers:
            found += asyncio.run(verify_partition(settings, number, participant, _bar(progress, number)))
    return found


def _bar(progress: Progress, number: int) -> Advanced:
    task = progress.add_task(f"partition {number}")
    done: dict[str, int] = {}

    def advanced(what: str, offsets: int, total: int) -> None:
        done[what] = done.get(what, 0) + offsets
        progress.update(task, description=f"partition {number}: {what}", completed=done[what], total=total)

    return advanced
