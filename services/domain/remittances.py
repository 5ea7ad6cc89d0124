"""Remittances counted against the control figures that their lines state (GEN-3).

What is counted is what was received, as with a trailer record of a payroll file: a line counts whatever the ledger
decides about it, and one whose amount cannot be read counts without an amount. A repeat is the same line; another line
under the request id of one that counts is not counted, for the ledger refuses it. Only what is no request at all, or
names no remittance, is not seen here, and its remittance stays short of it.

The submitter is told once that a remittance is complete, as soon as it is; and at a day's close that it does not add
up, if a line of that day left it so, or one that was received too late for the close of its own.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from contracts_schema.remittances import Imbalance, RemittanceDay, RemittanceLine, RemittanceNotice
from contracts_schema.values import Value, changed
from services.domain.decide import DAYS_ANSWERED, DAYS_KEPT
from services.domain.numbers import exact

RULES = ("GEN-3",)
STATED_MOST = 5
"""So many different counts, and totals, are kept of lines that conflict: one is enough to say that they do."""

T = TypeVar("T")


class Remittance(Value, frozen=True):
    """What was received of a remittance, what its lines state, and what its submitter was told.

    `due` is the day by whose close it has to add up, None while nothing has changed since the submitter was told, or
    no line states any figure. `last` is the latest trade date of its lines.
    """

    contract_id: str
    submitted_by: str
    remittance_id: str
    last: date
    due: date | None = None
    lines: int = 0
    total: Decimal = Decimal("0.00")
    unreadable: int = 0
    conflicting: int = 0
    counts: tuple[int, ...] = ()
    totals: tuple[Decimal, ...] = ()
    complete: bool = False
    notices: int = 0

    @property
    def key(self) -> str:
        """As of its lines."""
        return f"{self.contract_id}|{self.submitted_by}|{self.remittance_id}"


class Counted(Value, frozen=True):
    """A line that was counted, or was seen to conflict with one: its request's fingerprint and its trade date."""

    fingerprint: str
    day: date


class Closed(Value, frozen=True):
    """The last closed day, and the business day after it."""

    day: date
    next_day: date


class Row(Value, frozen=True):
    """A row of the table; each has one of these."""

    remittance: Remittance | None = None
    line: Counted | None = None
    closed: Closed | None = None


class Known(Value, frozen=True):
    """What is known when a line comes: the last close, its remittance, and the line under its request id, and among
    those that conflict with that, under its fingerprint.
    """

    closed: Closed | None
    remittance: Remittance | None
    first: Counted | None
    other: Counted | None


class Taken(Value, frozen=True):
    """What a line brings: its remittance, whether it conflicts with the line known under its id, and notices."""

    remittance: Remittance
    conflicts: bool
    notices: tuple[RemittanceNotice, ...] = ()


def row_date(row: Row) -> date | None:
    """The day by whose close something is to be done about a row: to tell a submitter, or to forget it."""
    if row.remittance is not None:
        return row.remittance.due or _forgotten_on(row.remittance.last)
    return None if row.line is None else _forgotten_on(row.line.day)


@exact
def taken(known: Known, line: RemittanceLine) -> Taken | None:
    """Count a line; None for a repeat, and for a line older than repeats can be told (the ledger refuses it STALE)."""
    closed = known.closed
    if closed is not None and line.day < closed.day - timedelta(days=DAYS_KEPT):
        return None
    remittance = known.remittance or Remittance(line.contract_id, line.submitted_by, line.remittance_id, line.day)
    if known.first is None:
        return _counted(remittance, line, closed)
    if known.first.fingerprint == line.fingerprint or known.other is not None:
        return None
    return Taken(changed(remittance, conflicting=remittance.conflicting + 1), conflicts=True)


def settled(remittance: Remittance, day: RemittanceDay) -> tuple[Remittance, RemittanceNotice]:
    """A close by which a remittance had to add up and does not: what is left to do about it, and the notice."""
    after = changed(remittance, due=None, notices=remittance.notices + 1)
    return after, RemittanceNotice(
        kind="remittance_out_of_balance",
        date=day.date,
        decided_at=day.closed_at,
        reasons=tuple(_imbalances(remittance)),
        **_figures(after),
    )


def _counted(before: Remittance, line: RemittanceLine, closed: Closed | None) -> Taken:
    after = changed(
        before,
        last=max(before.last, line.day),
        lines=before.lines + 1,
        total=before.total + (line.amount or 0),
        unreadable=before.unreadable + (line.amount is None),
        counts=_stated(before.counts, line.count),
        totals=_stated(before.totals, line.total),
    )
    if _imbalances(after):
        own = _close_of(line.day, closed)
        return Taken(changed(after, due=own if before.due is None else min(before.due, own)), conflicts=False)
    after = changed(after, due=None)
    if after.complete or not (after.counts or after.totals):
        return Taken(after, conflicts=False)
    after = changed(after, complete=True, notices=after.notices + 1)
    day = _close_of(line.day, closed)
    notice = RemittanceNotice(kind="remittance_complete", date=day, decided_at=line.received_at, **_figures(after))
    return Taken(after, conflicts=False, notices=(notice,))


def _close_of(day: date, closed: Closed | None) -> date:
    """The day whose close a line belongs to: its trade date, or where that is closed already the next business day."""
    return day if closed is None or day > closed.day else closed.next_day


def _imbalances(remittance: Remittance) -> list[Imbalance]:
    """Why a remittance does not add up; nothing where it does, or nothing is stated."""
    found: list[Imbalance] = []
    if len(remittance.counts) > 1:
        found.append(Imbalance.COUNTS_CONFLICT)
    elif remittance.counts and remittance.lines != remittance.counts[0]:
        short = remittance.lines < remittance.counts[0]
        found.append(Imbalance.LINES_MISSING if short else Imbalance.TOO_MANY_LINES)
    if len(remittance.totals) > 1:
        found.append(Imbalance.TOTALS_CONFLICT)
    elif remittance.totals and remittance.total != remittance.totals[0]:
        found.append(Imbalance.TOTAL_DIFFERS)
    return found


def _figures(remittance: Remittance) -> dict[str, object]:
    return {
        "notice_id": f"{remittance.key}|{remittance.notices}",
        "contract_id": remittance.contract_id,
        "submitted_by": remittance.submitted_by,
        "remittance_id": remittance.remittance_id,
        "rules": RULES,
        "lines_received": remittance.lines,
        "total_received": remittance.total,
        "counts": remittance.counts,
        "totals": remittance.totals,
        "lines_unreadable": remittance.unreadable,
        "lines_conflicting": remittance.conflicting,
    }


def _stated(known: tuple[T, ...], stated: T | None) -> tuple[T, ...]:
    """The different figures stated so far, the first of them."""
    return known if stated is None or stated in known or len(known) == STATED_MOST else (*known, stated)


def _forgotten_on(day: date) -> date:
    """As long as answers are kept: until then a repeat can be told."""
    return day + timedelta(days=DAYS_ANSWERED + 1)
