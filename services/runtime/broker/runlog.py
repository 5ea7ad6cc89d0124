"""The log file of one run of the embedded broker, and the end of it that belongs into an error message."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_KEPT_RUNS = 20
_TAIL_LINES = 25


@dataclass(frozen=True, slots=True)
class RunLog:
    """A file that the broker appends to, over restarts of the same run."""

    path: Path

    @classmethod
    def begin(cls, folder: Path) -> Self:
        """A new, empty log; those of all but the newest runs are removed."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{time.strftime('%Y%m%dT%H%M%S')}-{time.monotonic_ns()}.log"
        path.touch()
        for old in sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime)[:-_KEPT_RUNS]:
            old.unlink(missing_ok=True)
        return cls(path)

    def size(self) -> int:
        """Bytes written so far: where the next part will begin."""
        return self.path.stat().st_size

    def since(self, start: int) -> str:
        """All that was written from byte `start` on."""
        with self.path.open("rb") as file:
            file.seek(start)
            return file.read().decode(errors="replace")

    def tail(self, start: int) -> str:
        """The last lines from byte `start` on, and where the whole is, for an error message."""
        lines = self.since(start).splitlines()[-_TAIL_LINES:]
        return "\n".join([f"The end of its log ({self.path}):", *(f"  {line}" for line in lines)])
