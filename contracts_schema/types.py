"""Field types shared by all messages: identifiers, and decimal numbers that travel as strings.

No message carries a JSON number for money, units, rates or percentages: a binary float cannot hold a
cent. A decimal is a string in plain notation (`"1234.56"`, never `"1.2e3"`), checked here for sign,
size and number of places, so that whatever passes is exact and finite.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

PLAIN_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
IDENTIFIER = re.compile(r"[^\s|\x00-\x1f\x7f]{1,128}")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
DECIMAL_LIMITS = "x-decimal"
"""In schemas, beside a decimal string's pattern: the most digits before and places after its point, and its sign."""


class Message(BaseModel):
    """Base of every message this service writes or keeps: immutable, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def written(self) -> bytes:
        """The message as JSON; the same message always gives the same bytes.

        A field without a value is left out, so that one that is added in a later release changes nothing that was
        written before: a replay must write the same bytes for ever.
        """
        # What model_dump_json makes, not by way of text.
        return self.__pydantic_serializer__.to_json(self, exclude_none=True)


def plain(value: Decimal) -> str:
    """A decimal in plain notation, its trailing zeros kept: the scale is part of the message."""
    return format(value, "f")


@dataclass(frozen=True, slots=True)
class _Number:
    """A decimal string of at most `digits` before and `places` after the point; `about` says what it is in schemas."""

    about: str
    digits: int
    places: int
    positive: bool = False
    negative: bool = False

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(
            plain, return_schema=core_schema.str_schema(), when_used="json"
        )
        return core_schema.no_info_before_validator_function(self._check, handler(source), serialization=written)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        whole = f"0*[0-9]{{1,{self.digits}}}" if self.digits else "0+"
        sign = "-?" if self.negative else ""
        schema: dict[str, Any] = {"type": "string", "format": "decimal", "description": self.about}
        schema["pattern"] = rf"^{sign}{whole}(\.[0-9]{{1,{self.places}}})?$"
        if self.positive:
            schema["not"] = {"pattern": r"^[0.]+$"}
        limits = {"digits": self.digits, "places": self.places, "zero": not self.positive, "negative": self.negative}
        return schema | {DECIMAL_LIMITS: limits}

    def _check(self, value: object) -> Decimal:
        if isinstance(value, Decimal):
            return value
        if not isinstance(value, str):
            raise PydanticCustomError("not_a_decimal_string", "a decimal number is written as a string")
        if not PLAIN_DECIMAL.fullmatch(value):
            raise PydanticCustomError("not_a_number", "not a decimal number in plain notation")
        whole, _, fraction = value.lstrip("-").partition(".")
        if len(whole.lstrip("0")) > self.digits:
            raise PydanticCustomError("number_too_large", "must be less than {limit}", {"limit": str(10**self.digits)})
        if len(fraction) > self.places:
            raise PydanticCustomError(
                "number_too_precise", "more than {places} decimal places", {"places": self.places}
            )
        number = Decimal(value)
        if number < 0 and not self.negative:
            raise PydanticCustomError("number_negative", "must not be negative")
        if number == 0 and self.positive:
            raise PydanticCustomError("number_zero", "must be more than zero")
        return number


Money = Annotated[Decimal, _Number("US dollars, to the cent", 12, 2, negative=True)]
MoneyOrZero = Annotated[Decimal, _Number("US dollars, zero or more", 12, 2)]
PositiveMoney = Annotated[Decimal, _Number("US dollars, more than zero", 12, 2, positive=True)]
Percent = Annotated[Decimal, _Number("percent, more than 0, at most 100", 3, 4, positive=True)]
PercentOrZero = Annotated[Decimal, _Number("percent, 0 to 100", 3, 4)]
PositiveUnits = Annotated[Decimal, _Number("accumulation units, more than zero", 15, 6, positive=True)]
Units = Annotated[Decimal, _Number("units", 15, 12, negative=True)]
Index = Annotated[Decimal, _Number("dollars per unit", 12, 12, positive=True)]
UnitValue = Annotated[Decimal, _Number("dollars per accumulation unit, 6 places", 9, 6, positive=True)]
InvestmentFactor = Annotated[Decimal, _Number("net investment factor, 7 places", 3, 7, positive=True)]
Factor = Annotated[Decimal, _Number("factor", 6, 30, positive=True)]
Rate = Annotated[Decimal, _Number("annual rate as a fraction, less than 1: 0.04 is 4%", 0, 30, negative=True)]
MinimumRate = Annotated[Decimal, _Number("annual rate as a fraction, not negative, less than 1: 0.04 is 4%", 0, 30)]
YieldPercent = Annotated[Decimal, _Number("annual yield in percent as published", 2, 6, negative=True)]
Figure = Annotated[Decimal, _Number("a price, rate or yield as it was given", 18, 30, negative=True)]
SharePrice = Annotated[Decimal, _Number("dollars per share, more than zero", 9, 8, positive=True)]
PerShare = Annotated[Decimal, _Number("dollars per share, zero or more", 9, 12)]
ChargeOfPeriod = Annotated[Decimal, _Number("charges of a period, as a fraction", 18, 20, negative=True)]
Quantity = Annotated[Decimal, _Number("a decimal number", 18, 12, negative=True)]


def _identifier(value: object) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("not_an_identifier", "an identifier is a string")
    if not IDENTIFIER.fullmatch(value):
        raise PydanticCustomError(
            "not_an_identifier", "an identifier has 1 to 128 characters, no white space and no '|'"
        )
    return value


def _date(value: object) -> date:
    if type(value) is date:
        return value
    if not isinstance(value, str) or not ISO_DATE.fullmatch(value):
        raise PydanticCustomError("not_a_date", "a date is written YYYY-MM-DD")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("not_a_date", "no such day in the calendar") from None
    if not EARLIEST <= day <= LATEST:
        raise PydanticCustomError("date_not_plausible", "the date is not plausible")
    return day


def _instant(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise PydanticCustomError("not_a_timestamp", "a time is written as ISO 8601 with its offset")
    if not EARLIEST <= moment.date() <= LATEST:
        raise PydanticCustomError("date_not_plausible", "the time is not plausible")
    return moment


# For schemas alone: what is wrong is said by the check, in one way for all.
_NAMED = Field(json_schema_extra={"pattern": r"^[^\s|\x00-\x1f\x7f]+$", "minLength": 1, "maxLength": 128})
Identifier = Annotated[str, _NAMED, BeforeValidator(_identifier)]
Day = Annotated[date, BeforeValidator(_date)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
