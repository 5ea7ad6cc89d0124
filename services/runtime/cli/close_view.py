"""How the daily close stands, for somebody who has never seen it. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from rich.console import Group, RenderableType

from services.domain.readiness import Waiting
from services.runtime.cli.close_status import CloseStatus, to_do, to_judge

_DAYS = 10
_NAMED = 12


def close_view(status: CloseStatus) -> RenderableType:
    """The last closed day and how days close, then each day that waits: since when, for what, and what to do."""
    return Group(*_lines(status))


def _lines(status: CloseStatus) -> Iterator[str]:
    last = (
        "No day is closed yet" if status.last_closed is None else f"The last closed day is {_named(status.last_closed)}"
    )
    yield f"{last}. {_how(status)}"
    yield from _behind(status)
    for waiting in status.waits[:_DAYS]:
        yield ""
        yield from _day(waiting, status)
    if len(status.waits) > _DAYS:
        yield ""
        yield f"{len(status.waits) - _DAYS} more days wait, through {_named(status.waits[-1].day)}."
    yield ""
    yield from _coming(status)


def _how(status: CloseStatus) -> str:
    since = "" if status.policy_from is None else f" (policy of {status.policy_from})"
    if status.by_command:
        return f"A day closes when it is complete and somebody has ordered it{since}."
    return f"A day closes by itself when it is complete{since}."


def _behind(status: CloseStatus) -> Iterator[str]:
    """What the services have still to read, and what that means for what is told here."""
    reference, intake, ledger = (status.lags[name] for name in ("reference", "intake", "ledger"))
    if reference:
        yield f"Reference has still {reference} records to read: what is told below may be in them."
    if intake:
        yield f"Intake has still {intake} records to read: a day closes after the requests received before its close."
    if ledger or status.to_settle:
        yield (
            f"The ledger has still {ledger} records to fold and {status.to_settle} participants to settle: outcomes of "
            "closed days are on their way."
        )


def _day(waiting: Waiting, status: CloseStatus) -> Iterator[str]:
    since = f"{_clock(waiting.closes_at)}, {_for(status.now - waiting.closes_at)}"
    yield f"{_named(waiting.day)} waits since {since}{_late(waiting, status)}"
    yield from _named_all("missing", waiting.missing)
    yield from _named_all("held", [one.message for one in waiting.held])
    if waiting.needs_order:
        yield "  no order to close it was given"
    if waiting.ready:
        yield f"  {_only(waiting, status)}"
    for line in to_do(waiting)[: 2 * _NAMED]:
        yield f"  -> {line}"


def _only(waiting: Waiting, status: CloseStatus) -> str:
    """What a day waits for that nobody has to do anything about."""
    first = status.waits[0].day
    if waiting.day != first:
        return f"all is there; it closes after {first}"
    return "all is there: it closes as soon as what was received before the close is on the ledger log"


def _late(waiting: Waiting, status: CloseStatus) -> str:
    if waiting.late_at <= status.now:
        return f"; LATE since {_clock(waiting.late_at.astimezone(waiting.closes_at.tzinfo))}"
    return f"; late from {_clock(waiting.late_at.astimezone(waiting.closes_at.tzinfo))} on"


def _coming(status: CloseStatus) -> Iterator[str]:
    if status.coming is None:
        yield "No contract's terms are known, so no day is waited for: publish them on contract-terms."
        return
    coming = status.coming
    begin = "Nothing waits. " if not status.waits else ""
    yield f"{begin}Next is {_named(coming.day)}, with the close at {_clock(coming.closes_at)}."
    yield from _named_all("not there yet", coming.missing)
    for one in (*coming.held, *status.ahead):
        yield f"  held for the close of {one.day}: {one.message}"
        yield from (f"  -> {line}" for line in to_judge(one))


def _named_all(what: str, names: Sequence[str]) -> Iterator[str]:
    for name in names[:_NAMED]:
        yield f"  {what}: {name}"
    if len(names) > _NAMED:
        yield f"  {what}: {len(names) - _NAMED} more; --json lists all"


def _named(day: date) -> str:
    return f"{day:%A} {day}"


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} New York"


def _for(passed: timedelta) -> str:
    """A time span in its two largest units."""
    minutes = int(passed.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    return f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min"
