"""A payroll remittance as CSV: one deposit a row. The request id is the remittance's id and the row's line number, so
that a file published twice does nothing twice.

Amounts, dates and names go as they stand in the file: what is wrong with them is the ledger's to say, never this
reader's to mend. The control count and total of a remittance are those of its rows in the file, rows that no request
can be made from among them, unless the file states them itself; so what is lost on the way is seen. There is no total
where an amount cannot be read.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import msgspec
from pydantic import TypeAdapter, ValidationError

from contracts_schema.types import PositiveMoney
from services.runtime.cli.messages import BadLine, Item, Message, key_of

TOPIC = "deposit-requests"
ALWAYS = ("line", "participant_id", "account", "source", "amount")
FILLED = {
    "contract_id": "--contract",
    "remittance_id": "--remittance",
    "submitted_by": "--submitted-by",
    "received_at": "--received-at",
}
COPIED = (
    "contract_id",
    "participant_id",
    "submitted_by",
    "received_at",
    "account",
    "amount",
    "source",
    "payment_form",
    "payment_reason",
    "source_of_funds",
    "catch_up",
    "remittance_id",
)
WORDS: Mapping[str, object] = {"true": True, "false": False}
CONTROLS = ("remittance_count", "remittance_total")
_MONEY: TypeAdapter[Decimal] = TypeAdapter(PositiveMoney)

Row = Mapping[str | None, object]
Fields = Mapping[str, str]
Remittance = tuple[str | None, ...]
"""Contract, submitter and remittance id, as far as they are there."""
Controls = Mapping[Remittance, dict[str, object]]
"""The control figures of remittances."""


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
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[str, Row]] = []
    broken: list[BadLine] = []
    try:
        lacking = _lacking(reader.fieldnames or (), defaults)
        if lacking:
            yield BadLine(f"{path}:1", f"the first line lacks {', '.join(lacking)}; nothing of this file was sent")
            return
        rows.extend((f"{path}:{reader.line_num}", row) for row in reader)
    except csv.Error as error:
        broken = [BadLine(f"{path}:{reader.line_num + 1}", f"no CSV, and nothing after it was read: {error}")]
    controls = {} if broken else control_figures(fields_of(row, defaults) for _, row in rows)
    for place, row in rows:
        yield deposit_of(row, defaults, controls, place)
    yield from broken


def fields_of(row: Row, defaults: Defaults) -> Fields:
    """What a row says and the options fill; nothing of what is empty, or has no name."""
    said = ((str(name), str(text or "").strip()) for name, text in row.items() if name is not None)
    return defaults.given() | {name: text for name, text in said if text}


def control_figures(rows: Iterable[Fields]) -> Controls:
    """The count and total of each remittance that the rows are of; no total where an amount cannot be read."""
    amounts: dict[Remittance, list[Decimal | None]] = defaultdict(list)
    for fields in rows:
        amounts[_remittance_of(fields)].append(_amount(fields.get("amount")))
    return {remittance: _figures(found) for remittance, found in amounts.items()}


def deposit_of(row: Row, defaults: Defaults, controls: Controls, place: str) -> Item:
    """One row as a deposit request; control figures that it does not state are those of its remittance, if any."""
    if None in row:
        return BadLine(place, "more fields than the first line names")
    fields = fields_of(row, defaults)
    if absent := [name for name in ("remittance_id", "line") if name not in fields]:
        return BadLine(place, f"no {' and no '.join(absent)}, so there is no request id")
    try:
        allocation = shares_of(fields["allocation"]) if "allocation" in fields else None
    except ValueError as error:
        return BadLine(place, str(error))
    request: dict[str, object] = {"request_id": f"{fields['remittance_id']}-{fields['line']}"}
    request |= {name: fields[name] for name in COPIED if name in fields}
    if "catch_up" in fields:
        request["catch_up"] = WORDS.get(fields["catch_up"].lower(), fields["catch_up"])
    if period := {end: fields[name] for name, end in PERIOD.items() if name in fields}:
        request["pay_period"] = period
    if allocation is not None:
        request["allocation"] = allocation
    request |= controls.get(_remittance_of(fields), {}) | _stated(fields)
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


def _remittance_of(fields: Fields) -> Remittance:
    return tuple(fields.get(name) for name in ("contract_id", "submitted_by", "remittance_id"))


def _amount(text: str | None) -> Decimal | None:
    try:
        return _MONEY.validate_python(text)
    except ValidationError:
        return None


def _figures(amounts: list[Decimal | None]) -> dict[str, object]:
    read = [amount for amount in amounts if amount is not None]
    total = {"remittance_total": f"{sum(read, Decimal(0)):.2f}"} if len(read) == len(amounts) else {}
    return {"remittance_count": len(amounts), **total}


def _stated(fields: Fields) -> dict[str, object]:
    """The figures that a row states itself; a count that is no number goes as it stands."""
    stated: dict[str, object] = {name: fields[name] for name in CONTROLS if name in fields}
    count = fields.get("remittance_count", "")
    return stated | ({"remittance_count": int(count)} if count.isascii() and count.isdecimal() else {})


def _lacking(columns: object, defaults: Defaults) -> list[str]:
    names = set(columns) if isinstance(columns, (list, tuple)) else set()
    lacking = [name for name in ALWAYS if name not in names]
    given = defaults.given()
    return lacking + [f"{name} (or {option})" for name, option in FILLED.items() if name not in names | given.keys()]
