"""Producers for the sender under test: the real client's, or one in process that is called alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from contracts_schema.headers import Headers

SentHeaders = Sequence[tuple[str, bytes | str | None]] | dict[str, bytes | str | None]
Delivered = Callable[[Any, Any], None]
"""Called with the error, None where there is none, and the record as it was delivered."""
Publish = Callable[[str, bytes | None, bytes | None, Headers], None]
"""Takes topic, value, key and headers."""


class Sender(Protocol):
    """What of `confluent_kafka.Producer` a sender needs; that producer is one."""

    def produce(  # noqa: PLR0913, PLR0917 -- as the client's
        self,
        topic: str,
        value: bytes | str | None = None,
        key: bytes | str | None = None,
        partition: int = -1,
        callback: Delivered | None = None,
        on_delivery: Delivered | None = None,
        timestamp: int = 0,
        headers: Any = None,  # noqa: ANN401 -- as the client's
    ) -> None:
        """Send a record."""
        ...

    def poll(self, timeout: Any = ..., /) -> int:  # noqa: ANN401 -- as the client's
        """Call back for what was delivered."""
        ...

    def flush(self, timeout: Any = ..., /) -> int:  # noqa: ANN401 -- as the client's
        """Wait until everything is delivered; how many records are not."""
        ...


@dataclass(frozen=True, slots=True)
class SentRecord:
    """A record as a delivery callback is given it."""

    _topic: str
    _value: bytes | None
    _key: bytes | None

    def topic(self) -> str:
        """Where it was sent."""
        return self._topic

    def value(self) -> bytes | None:
        """What was sent."""
        return self._value

    def key(self) -> bytes | None:
        """Its key."""
        return self._key

    def error(self) -> None:
        """There was none."""


class InProcessProducer:
    """A `Sender` whose records are taken in at once. Partition and timestamp are the broker's to say, and ignored."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish

    def produce(  # noqa: PLR0913, PLR0917 -- as the client's
        self,
        topic: str,
        value: bytes | str | None = None,
        key: bytes | str | None = None,
        partition: int = -1,  # noqa: ARG002 -- as the client's
        callback: Delivered | None = None,
        on_delivery: Delivered | None = None,
        timestamp: int = 0,  # noqa: ARG002 -- as the client's
        headers: SentHeaders | None = None,
    ) -> None:
        """Take the record in. Raises `ValueError` for a topic that senders do not write to."""
        self._publish(topic, _bytes(value), _bytes(key), _headers(headers))
        told = on_delivery or callback
        if told is not None:
            told(None, SentRecord(topic, _bytes(value), _bytes(key)))

    def poll(self, timeout: object = None, /) -> int:  # noqa: ARG002 -- as the client's
        """There is nothing to wait for."""
        return 0

    def flush(self, timeout: object = None, /) -> int:  # noqa: ARG002 -- as the client's
        """Nothing is left."""
        return 0


def _bytes(text: bytes | str | None) -> bytes | None:
    return text.encode() if isinstance(text, str) else text


def _headers(given: SentHeaders | None) -> Headers:
    pairs = given.items() if isinstance(given, dict) else given or ()
    return tuple((name, _bytes(value) or b"") for name, value in pairs)
