"""A payroll remittance as CSV: one deposit a row. The request id is the remittance's id and the row's line number, so
that a file published twice does nothing twice.

Amounts, dates and names go as they stand in the file: what is wrong with them is the ledger's to say, never this
reader's to mend.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from services.runtime.cli.messages import BadLine, Item, Message, key_of

TOPIC = "deposit-requests"
ALWAYS = ("line", "participant_id", "account", "source", "amount")
FILLED = {
    "contract_id": "--contract",
    "remittance_id": "--remittance",
    "submitted_by": "--submitted-by",
    "received_at": "--received-at",
}
OPTIONAL = ("pay_period_start", "pay_period_end", "allocation")
COPIED = (
    "contract_id",
    "participant_id",
    "submitted_by",
    "received_at",
    "account",
    "amount",
    "source",
    "remittance_id",
)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What fills the columns that a file has not, or has empty."""

    contract_id: str | None = None
    remittance_id: str | None = None
    submitted_by: str | None = None
    received_at: str | None = None

    def given(self) -> dict[str, str]:
        """Those that were given, by column."""
        return {name: value for name in FILLED if (value := getattr(self, name)) is not None}


def read_remittance(path: Path, defaults: Defaults) -> Iterator[Item]:
    """The deposits of a file, and the rows that are none. A file that is not UTF-8, or has not the columns, is one
    bad line and nothing else.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        yield BadLine(f"{path}:{line}", "not UTF-8; nothing of this file was sent. Save it as UTF-8")
        return
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        lacking = _lacking(rows.fieldnames or (), defaults)
        if lacking:
            yield BadLine(f"{path}:1", f"the first line lacks {', '.join(lacking)}; nothing of this file was sent")
            return
        for row in rows:
            yield deposit_of(row, defaults, f"{path}:{rows.line_num}")
    except csv.Error as error:
        yield BadLine(f"{path}:{rows.line_num + 1}", f"no CSV, and nothing after it was read: {error}")


def deposit_of(row: Mapping[str | None, object], defaults: Defaults, place: str) -> Item:
    """One row as a deposit request."""
    if None in row:
        return BadLine(place, "more fields than the first line names")
    fields = defaults.given() | {str(name): str(text).strip() for name, text in row.items() if str(text or "").strip()}
    if absent := [name for name in ("remittance_id", "line") if name not in fields]:
        return BadLine(place, f"no {' and no '.join(absent)}, so there is no request id")
    try:
        allocation = shares_of(fields["allocation"]) if "allocation" in fields else None
    except ValueError as error:
        return BadLine(place, str(error))
    request: dict[str, object] = {"request_id": f"{fields['remittance_id']}-{fields['line']}"}
    request |= {name: fields[name] for name in COPIED if name in fields}
    if period := {end: fields[name] for name, end in PERIOD.items() if name in fields}:
        request["pay_period"] = period
    if allocation is not None:
        request["allocation"] = allocation
    value = msgspec.json.encode(request)
    return Message(place, TOPIC, key_of(TOPIC, value), value)


PERIOD = {"pay_period_start": "start", "pay_period_end": "end"}


def shares_of(text: str) -> list[dict[str, object]]:
    """`F1:60;GAA/3:40` as an allocation: option, term in years after a slash, percentage after a colon.

    Raises `ValueError` for anything not of this form.
    """
    return [_share(part.strip()) for part in text.split(";") if part.strip()]


def _share(part: str) -> dict[str, object]:
    place, colon, percent = part.rpartition(":")
    option, slash, term = place.partition("/")
    if not colon or not option or not percent or (slash and not term.isdecimal()):
        raise ValueError(f"allocation: {part!r} is not of the form OPTION:PERCENT or OPTION/TERM:PERCENT")
    share: dict[str, object] = {"option": option.strip(), "percent": percent.strip()}
    return share | {"term": int(term)} if slash else share


def _lacking(columns: object, defaults: Defaults) -> list[str]:
    names = set(columns) if isinstance(columns, (list, tuple)) else set()
    lacking = [name for name in ALWAYS if name not in names]
    given = defaults.given()
    return lacking + [f"{name} (or {option})" for name, option in FILLED.items() if name not in names | given.keys()]
