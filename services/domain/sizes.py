"""How much a request may hold, beside its bytes: what is longer than anything that means something is not in good
order, and is told so, field by field (GEN-3).

This is looked at when a request is received and never again: what is on the ledger log was taken in under the limits of
its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from contracts_schema.entries import Defect
from contracts_schema.reasons import Reason
from contracts_schema.sizes import DIGITS_MOST, NAME_MOST, PARTS_MOST, TEXT_MOST

_BEYOND = 10**DIGITS_MOST
_DEFECTS_MOST = 20


def fits(value: dict[str, Any] | list[Any], levels: int) -> bool:
    """Whether all texts, numbers, lists and objects in it are short enough. Raises `RecursionError` where they lie more
    than so many levels in one another.
    """
    if levels == 0:
        raise RecursionError
    good = len(value) <= PARTS_MOST
    parts: Iterable[Any] = value
    if isinstance(value, dict):
        good = good and max(map(len, value), default=0) <= NAME_MOST
        parts = value.values()
    for part in parts:
        if isinstance(part, str):
            good = good and len(part) <= TEXT_MOST
        elif isinstance(part, (dict, list)):
            good = fits(part, levels - 1) and good
        elif isinstance(part, int):
            good = good and -_BEYOND < part < _BEYOND
    return good


def oversize(request: dict[str, Any]) -> tuple[Defect, ...]:
    """What of a request that does not fit is too long, the first of it by name."""
    found = list(_too_long(request, ""))
    return tuple(_defect(field, message) for field, message in found[:_DEFECTS_MOST])


def _too_long(value: object, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and len(value) > TEXT_MOST:
        yield at, f"{len(value)} characters; at most {TEXT_MOST} are read"
    elif isinstance(value, int) and not -_BEYOND < value < _BEYOND:
        yield at, f"a number of more than {DIGITS_MOST} digits"
    elif isinstance(value, (dict, list)):
        if len(value) > PARTS_MOST:
            yield at, f"{len(value)} parts; at most {PARTS_MOST} are read"
        named = value.items() if isinstance(value, dict) else enumerate(value)
        for name, part in named:
            where = _field(at, str(name))
            if len(str(name)) > NAME_MOST:
                yield where, f"a field's name of {len(str(name))} characters; at most {NAME_MOST} are read"
            yield from _too_long(part, where)


def _field(at: str, name: str) -> str:
    return f"{at}.{name[:NAME_MOST]}"[-3 * NAME_MOST :].removeprefix(".")


def _defect(field: str, message: str) -> Defect:
    reason = Reason.TOO_LONG
    return Defect(code=reason, rules=reason.rules, message=message, field=field or None)
