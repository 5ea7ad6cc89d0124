"""What is written of a dead letter that was published again: the mark that keeps it from being published twice."""

from __future__ import annotations

from typing import Literal

from contracts_schema.types import Identifier, Instant
from contracts_schema.written import Written


class DeadLetterRedriven(Written):
    """A dead letter was redriven: its record was published again, as it came or mended.

    Places are written `topic/partition/offset`, topics without the installation's prefix. `original` is the record that
    could not be read, `redriven_as` the one published in its place, in the same transaction as this mark. `first` is
    where the chain began: the `original` itself, unless that was a redrive too. `mended` says that the bytes are others
    than they were, `forced` that they could not be read all the same.
    """

    version: Literal[1] = 1
    kind: Literal["dead_letter_redriven"] = "dead_letter_redriven"
    original: str
    dead_letter: str
    redriven_as: str
    first: str
    mended: bool
    forced: bool
    redriven_by: Identifier
    redriven_at: Instant
