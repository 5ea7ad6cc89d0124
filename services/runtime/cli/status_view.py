"""How far the services are, to be read. Pure."""

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table

from services.runtime.cli.statuses import PartitionStatus

_NAMED = 8


def status_view(statuses: Sequence[PartitionStatus]) -> RenderableType:
    """A row a partition, then what reference waits for."""
    table = Table("partition", "intake lag", "ledger lag", "last closed day", "still to settle", "remittances lag")
    by_place = {(status.service, status.partition): status for status in statuses}
    for number in sorted({status.partition for status in statuses if status.service != "reference"}):
        intake, ledger, remittances = (by_place[name, number] for name in ("intake", "ledger", "remittances"))
        table.add_row(
            str(number),
            _lag(intake),
            _lag(ledger),
            str(ledger.note.get("last_closed") or "none"),
            str(ledger.note.get("to_settle", 0)),
            _lag(remittances),
        )
    return Group(table, *(_reference(status) for status in statuses if status.service == "reference"))


def _lag(status: PartitionStatus) -> str:
    return str(status.lag) if status.started else f"{status.lag} (nothing committed yet)"


def _reference(status: PartitionStatus) -> str:
    if not status.started:
        return f"reference: lag {_lag(status)}"
    note = status.note
    days = f"last closed day {note.get('last_closed') or 'none'}, next {note.get('next') or 'not known yet'}"
    return f"reference: lag {status.lag}, {days}{_missing(note.get('missing'))}{_held(note)}"


def _held(note: Mapping[str, object]) -> str:
    """That a person is waited for; what to do says another command."""
    held, order = note.get("held") or (), note.get("needs_order")
    found = [f"{len(held)} held for release"] if isinstance(held, list) and held else []
    found += ["an order to close is needed"] if order else []
    return f"; {', '.join(found)}: see `annuity-ledger close status`" if found else ""


def _missing(missing: object) -> str:
    if not isinstance(missing, list) or not missing:
        return ""
    more = f", and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    return f"; still missing: {', '.join(map(str, missing[:_NAMED]))}{more}"
