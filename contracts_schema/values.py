"""Values: what the rules and the books are made of.

They are msgspec structs and not dataclasses because a decision makes dozens of them: a struct is made, changed and
encoded in a tenth of the time. The garbage collector is told to leave them alone: what never changes after it is made
cannot hold itself, and books of a million participants would be walked through at every collection.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec


class Value(msgspec.Struct, frozen=True, gc=False):
    """Base of immutable values; equal when their fields are."""


V = TypeVar("V", bound=Value)


def changed(value: V, **fields: object) -> V:
    """The same value but for the fields named."""
    return msgspec.structs.replace(value, **fields)
