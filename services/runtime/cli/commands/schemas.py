"""`annuity-ledger schemas`."""

from pathlib import Path
from typing import Annotated

import typer

from services.intake import INTAKE
from services.ledger import LEDGER
from services.reference import REFERENCE
from services.remittances import REMITTANCES
from services.runtime.cli.consoles import tell, tell_failure
from services.runtime.cli.failures import EXIT_CODES, WrongUseError
from services.runtime.schemas.compatibility import Break, breaks
from services.runtime.schemas.published import (
    DOCUMENT,
    Files,
    NotPublishedError,
    at,
    channels,
    contracts,
    drift,
    home,
    made,
    there,
)
from services.runtime.schemas.published import write as write_files
from services.runtime.schemas.topic_changes import topic_breaks

schemas = typer.Typer(
    name="schemas",
    help="The published contract of the messages: JSON Schemas, an AsyncAPI document, a page to read.",
    no_args_is_help=True,
    epilog=EXIT_CODES,
    add_completion=False,
)

To = Annotated[Path | None, typer.Option(file_okay=False, help="The folder; the package's own unless given.")]
Against = Annotated[
    str | None,
    typer.Option(metavar="REF", help="A commit, branch or tag of this repository, or a folder with published files."),
]
_SPECS = (INTAKE, REFERENCE, LEDGER, REMITTANCES)


def readers() -> dict[str, tuple[str, ...]]:
    """The services that read a topic, by its name."""
    topics = [topic for spec in _SPECS for topic in spec.inputs]
    return {topic: tuple(spec.name for spec in _SPECS if topic in spec.inputs) for topic in topics}


@schemas.command(epilog=EXIT_CODES)
def write(to: To = None) -> None:
    """Make the published files from the models, and name those that changed."""
    folder = home() if to is None else to
    changed = write_files(folder, made(readers()))
    for name in changed:
        tell(f"{folder / name}")
    tell(f"changed={len(changed)}")


@schemas.command(epilog=EXIT_CODES)
def check(against: Against = None) -> None:
    """Compare the published files with what the models make, and with those of an earlier state.

    Exit code 1 when a published file is not what the models make; or when a change breaks somebody: each message and
    field is named, with the reason. What may change is in the README beside the files.
    """
    contents, found = made(readers()), there(home())
    drifted = drift(found, contents)
    for name in drifted:
        tell_failure(f"{name} is not what the models make: run `annuity-ledger schemas write`")
    broken = _broken(found, contents) if DOCUMENT in found else []
    if against is not None:
        try:
            broken = sorted({*broken, *_broken(at(against), contents)})
        except NotPublishedError as error:
            raise WrongUseError(str(error)) from None
    for one in broken:
        tell_failure(f"breaks {one}")
    if drifted or broken:
        raise typer.Exit(1)
    tell(f"{len(contents)} files are what the models make" + (f"; nothing breaks since {against}." if against else "."))


def _broken(old: Files, new: Files) -> list[Break]:
    return [*breaks(contracts(old), contracts(new)), *topic_breaks(channels(old), channels(new))]
