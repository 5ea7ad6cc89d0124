"""`annuity-ledger dead-letters`."""

import asyncio
import getpass
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from contracts_schema.alarms import DeadLetterReason
from services.runtime.cli.arguments import identifier, moment
from services.runtime.cli.cluster import answering_cluster
from services.runtime.cli.consoles import print_line, tell, tell_failure
from services.runtime.cli.failures import EXIT_CODES, CommandError, WrongUseError
from services.runtime.cli.letter_history import history_of
from services.runtime.cli.letter_view import HEAD, letter_fields, letter_lines, row_fields, row_line
from services.runtime.cli.letters import Row, Wanted, every, found_by, letters_at, newest
from services.runtime.cli.messages import PUBLISHABLE
from services.runtime.cli.redrive_orders import Order, Told, rehearsed
from services.runtime.cli.redrives import MARKS_TOPIC
from services.runtime.cli.redriving import redriven
from services.runtime.dead_letters import TOPIC, DeadLetter, Place, place_in
from services.runtime.settings import Settings

STDIN = "-"
dead_letters = typer.Typer(
    name="dead-letters",
    help="What could not be read: looked at, and once it is mended published again.",
    no_args_is_help=True,
    epilog=EXIT_CODES,
    add_completion=False,
)

Topic = Annotated[str | None, typer.Option(help="Only what came on this topic.")]
Reason = Annotated[DeadLetterReason | None, typer.Option(help="Only what could not be read for this reason.")]
Since = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Only what was found since: YYYY-MM-DD (New York), or ISO 8601 with offset."),
]
NotRedriven = Annotated[bool, typer.Option("--not-redriven", help="Only what was not published again.")]
Newest = Annotated[int, typer.Option("--newest", min=1, help="So many, the newest.")]
All = Annotated[bool, typer.Option("--all", help="All of them, partition by partition.")]
Ids = Annotated[bool, typer.Option("--ids", help="Only their ids, a line each, as `redrive -` reads them.")]
AsJsonLines = Annotated[bool, typer.Option("--json", help="A JSON object a line.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="TOPIC/PARTITION/OFFSET of it, or of the record it came of.")]
AllIds = Annotated[list[str], typer.Argument(metavar="ID...", help="As for `show`; - reads them from standard input.")]
Raw = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write its very bytes to a new file, or to standard output (-).")
]
Value = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, readable=True, help="The mended bytes; for one dead letter."),
]
By = Annotated[str | None, typer.Option(help="Who redrives, for the records; else the user's name. No white space.")]
Force = Annotated[bool, typer.Option("--force", help="Also what still could not be read.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Write nothing, only tell what would become of them.")]


@dead_letters.command("list", epilog=EXIT_CODES)
def list_(  # noqa: PLR0913 -- options
    topic: Topic = None,
    reason: Reason = None,
    since: Since = None,
    count: Newest = 50,
    *,
    not_redriven: NotRedriven = False,
    all_: All = False,
    ids: Ids = False,
    as_json: AsJsonLines = False,
) -> None:
    """List dead letters, the newest last: why, where they came from, whether they were redriven."""
    since_ms = None if since is None else int(moment(since).timestamp() * 1000)
    wanted = Wanted(topic, None if reason is None else reason.value, since_ms, not_redriven)
    settings = Settings()
    answering_cluster(settings, (TOPIC, MARKS_TOPIC))
    line = _line(ids=ids, as_json=as_json)
    if line is row_line:
        print_line(HEAD)
    if all_:
        asyncio.run(_print_every(settings, wanted, line))
        return
    rows = asyncio.run(newest(settings, wanted, count))
    for row in rows:
        typer.echo(line(row))
    if len(rows) == count:
        tell(f"The newest {count}; --newest N or --all shows more.")


@dead_letters.command(epilog=EXIT_CODES)
def show(id_: Id, raw: Raw = None, *, as_json: AsJson = False) -> None:
    """Show a dead letter: its bytes (text, or a hex dump), headers, reason, where it came from, and whether it was
    redriven, by whom and as what.
    """
    settings = Settings()
    answering_cluster(settings, (TOPIC, MARKS_TOPIC))
    letter = _letter(settings, _place(id_))
    if raw is not None:
        _write_raw(letter, raw)
        return
    history = asyncio.run(history_of(settings, letter))
    if as_json:
        print_line(msgspec.json.encode(letter_fields(letter, history)).decode())
    else:
        for text in letter_lines(letter, history):
            typer.echo(text)


@dead_letters.command(epilog=EXIT_CODES)
def redrive(ids: AllIds, value: Value = None, by: By = None, *, force: Force = False, dry_run: DryRun = False) -> None:
    """Publish dead letters again where they came from, as they were or with mended bytes: each once for ever.

    Before that the bytes are read as the service would read them, and refused where it could not. A request is received
    when it is redriven: its trade date is of now, unless its submitter is trusted with `received_at`. Where its sender
    has sent it again meanwhile it is a repeat, and does nothing twice.

    What is refused is told, the others go, and the exit code is 1.
    """
    places = {_place(id_) for id_ in _typed(ids)}
    if value is not None and len(places) != 1:
        raise WrongUseError("--value holds the bytes of one dead letter: name one.")
    settings = Settings()
    order = Order(_who(by), None if value is None else value.read_bytes(), force, settings.request_max_bytes)
    answering_cluster(settings, (TOPIC, MARKS_TOPIC, *PUBLISHABLE))
    found = asyncio.run(found_by(settings, places))
    missing = places - {place for some in found.values() for one in some for place in (one.place, one.original)}
    for place in sorted(missing):
        tell_failure(f"{place}: no dead letter is there, nor one that came of it")
    act = rehearsed if dry_run else redriven
    done = [_tell(told) for number, some in found.items() for told in act(settings, number, some, order)]
    refused = len(missing) + done.count(False)
    tell(f"{'would be redriven' if dry_run else 'redriven'}={done.count(True)} refused={refused}")
    if refused:
        raise typer.Exit(1)


async def _print_every(settings: Settings, wanted: Wanted, line: Callable[[Row], str]) -> None:
    async for row in every(settings, wanted):
        typer.echo(line(row))


def _line(*, ids: bool, as_json: bool) -> Callable[[Row], str]:
    if ids and as_json:
        raise WrongUseError("--ids or --json: one of the two.")
    if ids:
        return lambda row: str(row.place)
    return (lambda row: msgspec.json.encode(row_fields(row)).decode()) if as_json else row_line


def _place(text: str) -> Place:
    place = place_in(text)
    if place is None:
        raise WrongUseError(f"{text} is no id: ids are TOPIC/PARTITION/OFFSET, as `dead-letters list` gives them.")
    return place


def _typed(ids: Iterable[str]) -> Iterator[str]:
    """The ids; those of standard input in the place of `-`."""
    for id_ in ids:
        yield from (sys.stdin.read().split() if id_ == STDIN else [id_])


def _letter(settings: Settings, place: Place) -> DeadLetter:
    found = asyncio.run(found_by(settings, [place])).get(place.partition)
    if not found:
        raise CommandError(f"{place}: no dead letter is there, nor one that came of it.")
    return asyncio.run(letters_at(settings, place.partition, [found[0].place.offset]))[0]


def _write_raw(letter: DeadLetter, path: Path) -> None:
    """The bytes and nothing else. They may be personal: only the user may read a file of them; and none is written
    over, for it may be the mended one.
    """
    if letter.value is None:
        raise CommandError(f"{letter.place} has no bytes: it came of a record without a value.")
    if str(path) == STDIN:
        sys.stdout.buffer.write(letter.value)
        return
    try:
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(letter.value)
    except FileExistsError:
        raise CommandError(f"{path} is there already, and stays as it is: name another file.") from None
    tell(f"{len(letter.value)} bytes written to {path}.")


def _who(by: str | None) -> str:
    try:
        return identifier(by or getpass.getuser())
    except (KeyError, OSError):
        raise WrongUseError("The system knows no name of this user: say --by NAME.") from None


def _tell(told: Told) -> bool:
    """Say what became of it; whether it was not refused."""
    name = f"{told.letter.place}: {told.letter.original}"
    remark = "" if told.remark is None else f" ({told.remark})"
    if told.refused is not None:
        tell_failure(f"{name} not redriven: {told.refused}")
    elif told.mark is None:
        print_line(f"{name} would be redriven{remark}")
    else:
        print_line(f"{name} redriven as {told.mark.redriven_as}{remark}")
    return told.refused is None
