"""`annuity-ledger close`."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer

from contracts_schema.parsing import Malformed, read_reference
from services.domain.plausibility import held
from services.runtime.cli.close_status import CALENDAR, close_status, plain_fields, reference_state
from services.runtime.cli.close_view import close_view
from services.runtime.cli.cluster import answering_cluster
from services.runtime.cli.consoles import print_line, results, tell
from services.runtime.cli.failures import EXIT_CODES, CommandError, WrongUseError
from services.runtime.cli.messages import Message, key_of
from services.runtime.cli.publishing import publish_all
from services.runtime.cli.statuses import STATUS_TOPICS, statuses
from services.runtime.settings import Settings

TOPIC = "closing-orders"
close = typer.Typer(
    name="close", help="The daily close.", no_args_is_help=True, epilog=EXIT_CODES, add_completion=False
)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Day = Annotated[str, typer.Argument(metavar="DATE", help="The business day, YYYY-MM-DD.")]
Item = Annotated[str, typer.Argument(help="The name of what is held, as `close status` gives it.")]
Value = Annotated[str, typer.Argument(help="Its value, as `close status` gives it.")]
AuthorisedBy = Annotated[str, typer.Option(help="Who authorises it; no white space.")]
Why = Annotated[str, typer.Option(help="Why, for the records.")]


@close.command(epilog=EXIT_CODES)
def status(*, as_json: AsJson = False) -> None:
    """Show the last closed day, and of each day that waits since when, what is missing or held and why, what to do."""
    settings = Settings()
    answering_cluster(settings, (*STATUS_TOPICS, "reference-state"))
    found = asyncio.run(statuses(settings))
    told = close_status(asyncio.run(reference_state(settings)), found, datetime.now(UTC))
    if as_json:
        print_line(msgspec.json.encode(plain_fields(told)).decode())
    else:
        results.print(close_view(told))


@close.command(epilog=EXIT_CODES)
def order(day: Day, authorised_by: AuthorisedBy) -> None:
    """Give leave to close a day, where days close by command. It closes when it is complete and nothing is held."""
    _send({"kind": "close", "date": day, "authorised_by": authorised_by})


@close.command(epilog=EXIT_CODES)
def release(item: Item, value: Value, authorised_by: AuthorisedBy, reason: Why) -> None:
    """Let a held value count: it is right. Another value that replaces it would be held anew."""
    _judge("release", item, value, authorised_by, reason)


@close.command(epilog=EXIT_CODES)
def discard(item: Item, value: Value, authorised_by: AuthorisedBy, reason: Why) -> None:
    """Take a held value back: it is wrong. The message that brought it counts as not sent."""
    _judge("discard", item, value, authorised_by, reason)


def _judge(kind: str, item: str, value: str, authorised_by: str, reason: str) -> None:
    _send({"kind": kind, "item": item, "value": value, "authorised_by": authorised_by, "reason": reason})


def _send(order: dict[str, str]) -> None:
    """Publish an order that is in form and, where it is about what is held, is about something."""
    value = msgspec.json.encode(order)
    read = read_reference(TOPIC, value)
    if isinstance(read, Malformed):
        raise WrongUseError(f"Not sent: {read.message}")
    settings = Settings()
    answering_cluster(settings, (TOPIC, "reference-state"))
    if "item" in order:
        _check_held(settings, order["item"])
    published = publish_all([Message("the order", TOPIC, key_of(TOPIC, value), value)], settings)
    if published.failed:
        raise CommandError(f"Not sent: {published.failed[0].reason}")
    tell("Sent. `annuity-ledger close status` tells what became of it.")


def _check_held(settings: Settings, item: str) -> None:
    names = [one.item for one in held(asyncio.run(reference_state(settings)), CALENDAR)]
    if item not in names:
        known = ", ".join(names) or "nothing"
        raise CommandError(f"Not sent: nothing named {item} is held. Held is {known}.")
