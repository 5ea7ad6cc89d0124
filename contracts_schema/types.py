"""Field types shared by all messages: identifiers, and decimal numbers that travel as strings.

No message carries a JSON number for money, units, rates or percentages: a binary float cannot hold a
cent. A decimal is a string in plain notation (`"1234.56"`, never `"1.2e3"`), checked here for sign,
size and number of places, so that whatever passes is exact and finite.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

PLAIN_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
IDENTIFIER = re.compile(r"[^\s|\x00-\x1f\x7f]{1,128}")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)


class Message(BaseModel):
    """Base of every message this service writes or keeps: immutable, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def written(self) -> bytes:
        """The message as JSON; the same message always gives the same bytes.

        A field without a value is left out, so that one that is added in a later release changes nothing that was
        written before: a replay must write the same bytes for ever.
        """
        return self.model_dump_json(exclude_none=True).encode()


def plain(value: Decimal) -> str:
    """A decimal in plain notation, its trailing zeros kept: the scale is part of the message."""
    return format(value, "f")


def _decimal(digits: int, places: int, *, positive: bool, negative: bool = False) -> BeforeValidator:
    """A decimal string of at most `digits` before and `places` after the point."""

    def check(value: object) -> Decimal:
        if isinstance(value, Decimal):
            return value
        if not isinstance(value, str):
            raise PydanticCustomError("not_a_decimal_string", "a decimal number is written as a string")
        if not PLAIN_DECIMAL.fullmatch(value):
            raise PydanticCustomError("not_a_number", "not a decimal number in plain notation")
        whole, _, fraction = value.lstrip("-").partition(".")
        if len(whole.lstrip("0")) > digits:
            raise PydanticCustomError("number_too_large", "must be less than {limit}", {"limit": str(10**digits)})
        if len(fraction) > places:
            raise PydanticCustomError("number_too_precise", "more than {places} decimal places", {"places": places})
        number = Decimal(value)
        if number < 0 and not negative:
            raise PydanticCustomError("number_negative", "must not be negative")
        if number == 0 and positive:
            raise PydanticCustomError("number_zero", "must be more than zero")
        return number

    return BeforeValidator(check)


def _schema(description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "description": description})


_PLAIN = PlainSerializer(plain, return_type=str, when_used="json")

Money = Annotated[Decimal, _decimal(12, 2, positive=False, negative=True), _PLAIN, _schema("US dollars, to the cent")]
MoneyOrZero = Annotated[Decimal, _decimal(12, 2, positive=False), _PLAIN, _schema("US dollars, zero or more")]
PositiveMoney = Annotated[Decimal, _decimal(12, 2, positive=True), _PLAIN, _schema("US dollars, more than zero")]
Percent = Annotated[Decimal, _decimal(3, 4, positive=True), _PLAIN, _schema("percent, more than 0, at most 100")]
PercentOrZero = Annotated[Decimal, _decimal(3, 4, positive=False), _PLAIN, _schema("percent, 0 to 100")]
PositiveUnits = Annotated[
    Decimal, _decimal(15, 6, positive=True), _PLAIN, _schema("accumulation units, more than zero")
]
Units = Annotated[Decimal, _decimal(15, 12, positive=False, negative=True), _PLAIN, _schema("units")]
Index = Annotated[Decimal, _decimal(12, 12, positive=True), _PLAIN, _schema("dollars per unit")]
UnitValue = Annotated[
    Decimal, _decimal(9, 6, positive=True), _PLAIN, _schema("dollars per accumulation unit, 6 places")
]
InvestmentFactor = Annotated[Decimal, _decimal(3, 7, positive=True), _PLAIN, _schema("net investment factor, 7 places")]
Factor = Annotated[Decimal, _decimal(6, 30, positive=True), _PLAIN, _schema("factor")]
Rate = Annotated[
    Decimal,
    _decimal(0, 30, positive=False, negative=True),
    _PLAIN,
    _schema("annual rate as a fraction, less than 1: 0.04 is 4%"),
]
MinimumRate = Annotated[
    Decimal,
    _decimal(0, 30, positive=False),
    _PLAIN,
    _schema("annual rate as a fraction, not negative, less than 1: 0.04 is 4%"),
]
YieldPercent = Annotated[
    Decimal, _decimal(2, 6, positive=False, negative=True), _PLAIN, _schema("annual yield in percent as published")
]
Figure = Annotated[
    Decimal, _decimal(18, 30, positive=False, negative=True), _PLAIN, _schema("a price, rate or yield as it was given")
]
SharePrice = Annotated[Decimal, _decimal(9, 8, positive=True), _PLAIN, _schema("dollars per share, more than zero")]
PerShare = Annotated[Decimal, _decimal(9, 12, positive=False), _PLAIN, _schema("dollars per share, zero or more")]
ChargeOfPeriod = Annotated[
    Decimal, _decimal(18, 20, positive=False, negative=True), _PLAIN, _schema("charges of a period, as a fraction")
]
Quantity = Annotated[Decimal, _decimal(18, 12, positive=False, negative=True), _PLAIN, _schema("a decimal number")]


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


Identifier = Annotated[str, BeforeValidator(_identifier)]
Day = Annotated[date, BeforeValidator(_date)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
