"""Records as a service sees them: topics by their names in the code, partitions explicit.

They are msgspec structs, not dataclasses: one is made per record read and written, and a struct costs a tenth of a
frozen dataclass.
"""

import msgspec


class InputRecord(msgspec.Struct, frozen=True, gc=False):
    """A record as it was read; `timestamp_ms` is Kafka's, milliseconds since 1970 in UTC. A header that was sent
    without a value has an empty one.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp_ms: int


class OutputRecord(msgspec.Struct, frozen=True, gc=False):
    """A record to be written; its partition is the writer's choice, never a client library's default."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
