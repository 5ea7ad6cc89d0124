"""The reference state as rows of its table: one per part, so that a small change writes a small record."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from contracts_schema.logged import LoggedTerms
from contracts_schema.reference import DeclaredRate, FundValue, GuaranteedOffering, MarketYields
from contracts_schema.types import Message
from contracts_schema.unit_values import ChargeSchedule, FundPrice
from services.domain.charge_reviews import Review
from services.domain.close_control import CloseControl
from services.domain.closing import Reference

Change = tuple[str, bytes | None]
"""A row's key, and what it holds now; None where it is gone."""


class Head(Message):
    """Where the calendar stands."""

    last_closed: date | None
    frozen: date | None


_PARTS: dict[str, TypeAdapter[Any]] = {
    "terms": TypeAdapter(tuple[LoggedTerms, ...]),
    "unit_values": TypeAdapter(dict[str, Decimal]),
    "declared": TypeAdapter(tuple[DeclaredRate, ...]),
    "minimums": TypeAdapter(dict[str, Decimal]),
    "offerings": TypeAdapter(tuple[GuaranteedOffering, ...]),
    "charge_schedules": TypeAdapter(dict[str, tuple[ChargeSchedule, ...]]),
    "begun": TypeAdapter(dict[str, date]),
    "control": TypeAdapter(CloseControl),
}
_BY_DATE: dict[str, TypeAdapter[Any]] = {
    "fund_values": TypeAdapter(dict[str, FundValue]),
    "fund_prices": TypeAdapter(dict[str, FundPrice]),
    "yields": TypeAdapter(dict[str, MarketYields]),
}
_REVIEW: TypeAdapter[Review] = TypeAdapter(Review)


def changed_rows(before: Reference, after: Reference) -> Iterator[Change]:
    """The rows that differ between two states; parts are values, so the same object is the same content."""
    if _head(before) != _head(after):
        yield "head", _head(after).written()
    for name, adapter in _PARTS.items():
        if getattr(after, name) is not getattr(before, name):
            yield name, adapter.dump_json(getattr(after, name))
    for name, adapter in _BY_DATE.items():
        known = getattr(before, name)
        for day, values in getattr(after, name).items():
            if known.get(day) is not values:
                yield f"{name}|{day}", adapter.dump_json(values)
        yield from ((f"{name}|{day}", None) for day in known if day not in getattr(after, name))
    for key in before.reviews.keys() | after.reviews.keys():
        review = after.reviews.get(key)
        if review is not before.reviews.get(key):
            yield f"reviews|{key}", None if review is None else _REVIEW.dump_json(review)


def reference_of(rows: Iterable[tuple[str, bytes]]) -> Reference:
    """The state as its rows tell it; raises for a row it does not know, which is fatal."""
    parts: dict[str, Any] = {name: {} for name in (*_BY_DATE, "reviews")}
    for key, value in rows:
        name, _, day = key.partition("|")
        if name == "head":
            parts |= dict(Head.model_validate_json(value))
        elif name == "reviews":
            parts[name][day] = _REVIEW.validate_json(value)
        elif name in _PARTS:
            parts[name] = _PARTS[name].validate_json(value)
        else:
            parts[name][date.fromisoformat(day)] = _BY_DATE[name].validate_json(value)
    return replace(Reference(), **parts)


def _head(state: Reference) -> Head:
    return Head(last_closed=state.last_closed, frozen=state.frozen)
