"""What a release wrote, kept as files: its log, the outcomes of it, and its state after it."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from services.ledger.logic import LEDGER
from services.runtime.cli.lines import record_line
from services.runtime.records import OutputRecord
from tests.domain.lives import Ledger

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Golden:
    """A release's files; `state` holds (table, key, row) in the order of keys."""

    release: str
    log: list[OutputRecord]
    written: list[bytes]
    state: list[tuple[str, str, bytes]]


def releases() -> list[str]:
    """The releases whose files are kept, by name of their folders."""
    return sorted(path.name for path in FOLDER.iterdir() if (path / "ledger-log.jsonl").exists())


def read(release: str) -> Golden:
    """The files of a release."""
    folder = FOLDER / release
    log = [
        OutputRecord("ledger-log", 0, entry["key"].encode(), entry["value"].encode())
        for entry in map(json.loads, _lines(folder / "ledger-log.jsonl"))
    ]
    rows = map(json.loads, _lines(folder / "state.jsonl"))
    state = [(row["table"], row["key"], base64.b64decode(row["row"])) for row in rows]
    return Golden(release, log, _lines(folder / "written.jsonl"), state)


def write(release: str, log: list[OutputRecord], ledger: Ledger) -> None:
    """Keep a release's files. Those of an earlier release are never written again: that is what they are for."""
    folder = FOLDER / release
    folder.mkdir()
    entries = [{"key": (record.key or b"").decode(), "value": (record.value or b"").decode()} for record in log]
    rows = [{"table": name, "key": key, "row": base64.b64encode(row).decode()} for name, key, row in state_of(ledger)]
    _write(folder / "ledger-log.jsonl", [json.dumps(entry, ensure_ascii=False).encode() for entry in entries])
    _write(folder / "written.jsonl", written_by(ledger))
    _write(folder / "state.jsonl", [json.dumps(row).encode() for row in rows])


def written_by(ledger: Ledger) -> list[bytes]:
    """Everything the ledger wrote, as lines; but account values, whose last records alone are promised."""
    return [record_line(record) for record in ledger.written if record.topic != "account-values"]


def state_of(ledger: Ledger) -> list[tuple[str, str, bytes]]:
    """Every row of the ledger's tables, encoded as in their changelogs."""
    return [
        (table.name, key, table.encode(row))
        for table in LEDGER.tables
        for key, row in sorted(ledger.partition.tables[table.name].items())
    ]


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def _write(path: Path, lines: Iterable[bytes]) -> None:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
