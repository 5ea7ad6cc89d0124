"""How far a processor has read: one record per partition, in the transaction of what was read, and therefore the truth.

The consumer group's offsets are not: the broker forgets them when a group has been idle for a week.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from services.runtime.errors import NotStateError

VERSION = 1


class Progress(msgspec.Struct, frozen=True):
    """`positions` holds the next offset per input topic; `partitions` the count it was written under; `note` the
    service's own facts.

    `origin` names the changelogs that it goes with, from their first record on; `ends` holds where each of them ends.
    Both are empty in records older than they are.
    """

    version: int
    partitions: int
    positions: dict[str, int]
    note: dict[str, Any] = {}
    origin: str = ""
    ends: dict[str, int] = {}


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Progress)


def progress_key(partition: int) -> bytes:
    """The progress record's key: the partition's number in digits."""
    return str(partition).encode()


def encode_progress(
    partitions: int,
    positions: Mapping[str, int],
    note: Mapping[str, object],
    origin: str = "",
    ends: Mapping[str, int] | None = None,
) -> bytes:
    """The progress record's value."""
    return _encoder.encode(Progress(VERSION, partitions, dict(positions), dict(note), origin, dict(ends or {})))


def decode_progress(value: bytes) -> Progress:
    """Read a progress record's value; raises `ValueError` for anything that is not one of a known version."""
    progress = _decoder.decode(value)
    if progress.version != VERSION:
        raise NotStateError(f"progress of version {progress.version}, only {VERSION} is known")
    return progress
