"""Requests as the books keep them while they wait: bytes of the ledger log, read again when they trade."""

from __future__ import annotations

from collections.abc import Callable

from contracts_schema.entries import RequestEntry, request_of
from contracts_schema.requests import AnyRequest

Read = tuple[RequestEntry, AnyRequest]
"""A request's entry, and what the request says."""

ReadOf = Callable[[bytes], Read]
"""Reads a waiting request, or remembers what was read of these bytes before."""


def read_waiting(entry: bytes) -> Read:
    """Read a waiting request; only for entries without defects."""
    found = RequestEntry.model_validate_json(entry)
    return found, request_of(found)
