"""What requests are made of: messages that keep unknown fields aside, lists of legs, shares of money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from contracts_schema.types import Identifier, Percent


class Incoming(BaseModel):
    """Base of what senders write: unknown fields are kept aside, so that they can be named."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)


def unknown_fields(message: Incoming, path: str = "") -> Iterator[str]:
    """Names of the fields that were ignored, dotted from the top, in the order received."""
    for name in message.__pydantic_extra__ or {}:
        yield path + name
    for name, field in type(message).model_fields.items():
        value = getattr(message, name)
        parts = value if isinstance(value, tuple) else (value,)
        for position, part in enumerate(parts):
            if isinstance(part, Incoming):
                where = f"{path}{field.alias or name}" + (f"[{position}]" if isinstance(value, tuple) else "")
                yield from unknown_fields(part, where + ".")


def check_percentages(percentages: list[Decimal], what: str) -> None:
    """Refuse percentages, if there are any, that do not add to exactly 100 (DEP-2)."""
    if any(percent > 100 for percent in percentages):
        raise PydanticCustomError("percent_out_of_range", "{what}: a percentage is at most 100", {"what": what})
    if percentages and sum(percentages) != 100:
        raise PydanticCustomError(
            "percentages_not_100",
            "{what}: percentages add to {total}, not to exactly 100",
            {"what": what, "total": format(sum(percentages), "f")},
        )


def check_named_once(names: Sequence[tuple[object, ...]], what: str) -> None:
    """Refuse an option and term (or classification) named more than once."""
    if len(set(names)) != len(names):
        raise PydanticCustomError("option_named_twice", "{what}: an option and term is named twice", {"what": what})


LEGS_MOST = 100
Parts = TypeVar("Parts", bound=tuple[object, ...])


def _few(parts: object) -> object:
    """Not too many. Checked before the parts: thousands of them would have thousands of defects."""
    if isinstance(parts, list) and len(parts) > LEGS_MOST:
        raise PydanticCustomError("too_long", "the list has more than {most} parts", {"most": LEGS_MOST})
    return parts


def _filled(parts: Parts) -> Parts:
    """Not empty. Checked after the parts: counted with them, a list of wrong parts would be called empty too."""
    if not parts:
        raise PydanticCustomError("too_short", "the list has nothing in it")
    return parts


LIST = Field(json_schema_extra={"minItems": 1, "maxItems": LEGS_MOST})
Legs = Annotated[Parts, LIST, BeforeValidator(_few), AfterValidator(_filled)]
Term = Annotated[int, Field(ge=1, le=10, strict=True, description="length of the guaranteed term in years")]
Classification = Literal["short", "long"]
"""Guaranteed terms of three years or less, and longer ones (GAA-3)."""


class Share(Incoming):
    """A share of money going into an option; `term` only for guaranteed options."""

    option: Identifier
    term: Term | None = None
    percent: Percent


def _whole(shares: tuple[Share, ...]) -> tuple[Share, ...]:
    check_percentages([share.percent for share in shares], "allocation")
    check_named_once([(share.option, share.term) for share in shares], "allocation")
    return shares


Shares = Annotated[Legs[tuple[Share, ...]], AfterValidator(_whole)]
