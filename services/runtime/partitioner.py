"""Where a key lives: Kafka's murmur2 over its bytes, as the Java client computes it.

Client libraries differ in their defaults (librdkafka's is CRC32), and a participant whose records were spread over
partitions would be lost. So the partition is always computed here and given explicitly.
"""

from functools import lru_cache
from struct import unpack_from

_SEED = 0x9747B28C
_MULTIPLIER = 0x5BD1E995
_MASK = 0xFFFFFFFF


@lru_cache(maxsize=65_536)
def partition_of(key: str, count: int) -> int:
    """The partition, of `count`, that the key's UTF-8 bytes belong to; what Java's default partitioner does with a
    key.
    """
    return (murmur2(key.encode()) & 0x7FFFFFFF) % count


def murmur2(data: bytes) -> int:
    """Kafka's 32-bit murmur2 of the bytes, as an unsigned number (Java prints the same bits as a signed one)."""
    mixed = (_SEED ^ len(data)) & _MASK
    whole = len(data) // 4
    for word in unpack_from(f"<{whole}I", data):
        spread = word * _MULTIPLIER & _MASK
        mixed = mixed * _MULTIPLIER & _MASK ^ (spread ^ spread >> 24) * _MULTIPLIER & _MASK
    rest = data[whole * 4 :]
    if rest:
        mixed = (mixed ^ int.from_bytes(rest, "little")) * _MULTIPLIER & _MASK
    mixed = (mixed ^ mixed >> 13) * _MULTIPLIER & _MASK
    return mixed ^ mixed >> 15
