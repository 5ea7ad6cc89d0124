"""Records that are too large to be kept whole: what senders compress may be larger than any record that we may write.

A worker that could not write it down could not go on, and whoever wanted it to stop would only have to send it.
"""

import hashlib

from contracts_schema.headers import DEAD_LETTER_PREFIX, Headers
from contracts_schema.topics import MAX_MESSAGE_BYTES
from services.runtime.records import InputRecord

ROOM = MAX_MESSAGE_BYTES - 64 * 1024
"""So many bytes of key, value and headers may come with a record: what is left is for our own marks."""
KEPT = 64 * 1024
"""So much of each is kept of a record that is larger."""
CUT_FROM = DEAD_LETTER_PREFIX + "cut-from"
SHA256 = DEAD_LETTER_PREFIX + "sha256"
_OVERHEAD = 16


def cut(record: InputRecord) -> InputRecord:
    """The record as it came, if it can be written; else its beginning, with headers that say how many bytes it had and
    their SHA-256. All of it is where it was read, for as long as that topic keeps it.
    """
    if _size(record.key, record.value, record.headers) <= ROOM:
        return record
    whole = record.value or b""
    marks = ((CUT_FROM, str(len(whole)).encode()), (SHA256, hashlib.sha256(whole).hexdigest().encode()))
    return InputRecord(
        record.topic,
        record.partition,
        record.offset,
        record.key and record.key[:KEPT],
        whole[:KEPT],
        (*_first(record.headers), *marks),
        record.timestamp_ms,
    )


def _size(key: bytes | None, value: bytes | None, headers: Headers) -> int:
    return len(key or b"") + len(value or b"") + sum(map(_header_size, headers))


def _header_size(header: tuple[str, bytes]) -> int:
    return len(header[0].encode()) + len(header[1]) + _OVERHEAD


def _first(headers: Headers) -> Headers:
    """The headers before the first that would not fit."""
    size = 0
    for number, header in enumerate(headers):
        size += _header_size(header)
        if size > KEPT:
            return headers[:number]
    return headers
