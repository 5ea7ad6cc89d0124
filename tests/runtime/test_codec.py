"""State as bytes and back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.runtime.codec import UnknownVersionError, versioned


@dataclass(frozen=True)
class Lot:
    """Something of every kind that state holds."""

    amount: Decimal
    on: date
    at: datetime
    parts: tuple[tuple[str, int], ...]
    note: str | None = None


LOT = Lot(Decimal("12.30"), date(2024, 2, 29), datetime(2024, 2, 29, 21, tzinfo=UTC), (("a", 1), ("b", 2)))


def test_what_was_encoded_comes_back_with_its_types_and_places() -> None:
    encode, decode = versioned(Lot)
    back = decode(encode(LOT))
    assert back == LOT
    assert str(back.amount) == "12.30"
    assert isinstance(back.parts, tuple)
    assert hash(back) == hash(LOT)


def test_the_first_byte_is_the_version() -> None:
    encode, _ = versioned(Lot, version=3)
    assert encode(LOT)[0] == 3


def test_another_version_is_not_guessed_at() -> None:
    newer, _ = versioned(Lot, version=2)
    _, decode = versioned(Lot)
    with pytest.raises(UnknownVersionError, match="Lot of version 2, only 1 is known"):
        decode(newer(LOT))


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x01\xc0", b'{"amount": "1"}'])
def test_what_is_no_state_is_refused(data: bytes) -> None:
    _, decode = versioned(Lot)
    with pytest.raises(ValueError):  # noqa: PT011 -- which one is msgspec's business
        decode(data)
