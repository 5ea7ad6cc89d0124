"""Files of messages by their kind: `.csv` is a payroll remittance, `.jsonl`, `.ndjson` and `.json` are JSON lines."""

from collections.abc import Iterator
from pathlib import Path

from services.runtime.cli.failures import WrongUseError
from services.runtime.cli.messages import PUBLISHABLE, Item, count_lines, read_jsonl
from services.runtime.cli.remittance import Defaults, read_remittance

JSON_LINES = (".jsonl", ".ndjson", ".json")


def checked(files: list[Path]) -> int:
    """How many lines the files have; raises `WrongUseError` before anything is read of a file of no known kind."""
    for path in files:
        if path.suffix.lower() not in (".csv", *JSON_LINES):
            raise WrongUseError(f"{path}: a file of messages is named .jsonl (JSON lines) or .csv (a remittance)")
    return sum(count_lines(path) for path in files)


def read_files(files: list[Path], defaults: Defaults, topics: tuple[str, ...] = PUBLISHABLE) -> Iterator[Item]:
    """All messages and bad lines, file by file, in order."""
    for path in files:
        if path.suffix.lower() == ".csv":
            yield from read_remittance(path, defaults)
        else:
            yield from read_jsonl(path, topics)
