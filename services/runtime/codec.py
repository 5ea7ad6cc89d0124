"""State as bytes: one version byte, then msgpack.

The version comes first so that a reader knows what it holds before it decodes. A decoder reads only the versions it
knows and never guesses: state read wrongly is worse than a worker that does not start.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from services.runtime.errors import NotStateError

T = TypeVar("T")


class UnknownVersionError(NotStateError):
    """The bytes carry a version that this code does not know: a newer release wrote them, or they are not state at
    all.
    """


def versioned(kind: type[T], version: int = 1) -> tuple[Callable[[T], bytes], Callable[[bytes], T]]:
    """Encoder and decoder of `kind`, a frozen dataclass; Decimal keeps its places, tuples stay tuples. A time comes
    back as the same instant in UTC, whatever its zone was: keep it as text where the zone matters.

    Decoding checks types: raises `UnknownVersionError` for another version, `ValueError` for anything else that is
    not a `kind`.
    """
    prefix = bytes([version])
    encoder = msgspec.msgpack.Encoder()
    decoder = msgspec.msgpack.Decoder(kind)

    def encode(value: T) -> bytes:
        return prefix + encoder.encode(value)

    def decode(data: bytes) -> T:
        if data[:1] != prefix:
            raise UnknownVersionError(
                f"{kind.__name__} of version {data[0] if data else 'none'}, only {version} is known"
            )
        return decoder.decode(memoryview(data)[1:])

    return encode, decode
