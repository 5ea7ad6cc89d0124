"""Which of a partition's databases on this machine is whose.

A partition's folder holds numbered slots, each a database and the lock of whoever has it open. The kernel lets go of
a lock when its process dies, and only then: who takes a partition over finds the state of its dead owner, while one
that is merely stopped keeps what it has and disturbs nobody. So any number of workers may share a machine.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import structlog

_log = structlog.get_logger(__name__)


class Slot:
    """A slot that is ours until `release`; `folder` is the database's, which may not be there yet."""

    def __init__(self, folder: Path, lock: int) -> None:
        self.folder = folder
        self._lock = lock

    def clear(self) -> None:
        """Remove the database."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def release(self) -> None:
        """Let others have it."""
        os.close(self._lock)


def free_slots(partition: Path) -> Iterator[Slot]:
    """The partition's slots that nobody has, locked for the caller: the one written last first, then new ones,
    without end. Raises `OSError` where there can be none.
    """
    partition.mkdir(parents=True, exist_ok=True)
    numbers = sorted(_numbers(partition), key=lambda number: written_at(partition / str(number)), reverse=True)
    for number in numbers:
        if slot := _take(partition, number):
            yield slot
    number = max(numbers, default=-1) + 1
    while True:
        if slot := _take(partition, number):
            yield slot
        number += 1


def remove_old(partition: Path, seconds: float) -> None:
    """Remove the databases that nobody has and nobody has written for so long."""
    for number in _numbers(partition):
        folder = partition / str(number)
        if time.time() - written_at(folder) > seconds and (slot := _take(partition, number)):
            _log.info("store_removed", folder=str(folder), reason="not used any more")
            slot.clear()
            slot.release()


def written_at(folder: Path) -> float:
    """When anything in the folder was last written, in seconds since 1970."""
    return max((_changed_at(entry) for entry in folder.iterdir()), default=0.0) if folder.is_dir() else 0.0


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # whoever has the database removes files as it goes
        return 0.0


def _numbers(partition: Path) -> list[int]:
    return [int(folder.name) for folder in partition.iterdir() if folder.name.isdigit()]


def _take(partition: Path, number: int) -> Slot | None:
    """The slot, unless somebody has it. Locks are beside the databases and stay: one that was removed while another
    waits for it would be held twice.
    """
    lock = os.open(partition / f"{number}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return Slot(partition / str(number), lock)
