"""The log file of one run of the embedded broker, and the end of it that belongs in an error message."""

import os
import tempfile
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
        """A new, empty log; the oldest are removed when there are many."""
        folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder, prefix=time.strftime("%Y%m%dT%H%M%S-"), suffix=".log")
        os.close(handle)
        for old in sorted(folder.glob("*.log"))[:-_KEPT_RUNS]:
            old.unlink(missing_ok=True)  # another process may be at it too
        return cls(Path(path))

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
