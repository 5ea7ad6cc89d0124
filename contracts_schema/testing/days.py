"""What makes a business day close: what the test says of it, and what it says nothing of carried on from before. Pure.

Only what the day lacks is made up. A unit value is that of the day closed before, the first one 10, as the service's
own first is; a price likewise. Yields are those of the last date that has some; where there are none, an authorised
"not published". A one-year minimum is that of the year before. A rate that was never declared is the test's to publish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from contracts_schema.closing_orders import CloseOrder
from contracts_schema.options import FixedAccount2Option
from contracts_schema.reference import FundValue, MarketYields, NotPublished, OneYearMinimum
from contracts_schema.testing.failing import ExpectationFailedError
from contracts_schema.testing.writing import message_of
from contracts_schema.types import Message as Model
from contracts_schema.unit_values import FundPrice
from services.domain.closing import Reference, day_to_close, missing, next_business_day, terms_on, unit_values_wanted
from services.domain.readiness import waiting_for
from services.domain.referencing import ReferenceRecord, close_through, fold
from services.domain.separate_account import Place
from services.runtime.calendar import ExchangeCalendar
from services.runtime.cli.close_status import to_do
from services.runtime.cli.messages import Message

CALENDAR = ExchangeCalendar()
BY = "a-test"
FIRST = Decimal("10.000000")
YIELDS = "yields of "
UnitValues = Mapping[str, str]
"""By fund, or by `fund|charge class`: the unit value of a day, or its price where that is what makes the unit value."""


def carried_on(_day: date) -> UnitValues:
    """Nothing is said of any day: all values stay as they are."""
    return {}


def closing_messages(state: Reference, through: date, given: Callable[[date], UnitValues]) -> list[Message]:
    """What is to be published so that every business day up to one closes, day by day.

    Raises `ExpectationFailedError` where a day lacks what a test must say, or what is said is refused.
    """
    messages: list[Message] = []
    while (day := day_to_close(state, CALENDAR)) is not None and day <= through:
        of_day = [message_of(topic, message) for topic, message in _lacking(state, day, given(day))]
        state = _closed(state, day, of_day)
        messages += of_day
    return messages


def next_day(state: Reference) -> date:
    """The business day that closes next; raises `ExpectationFailedError` while no contract has terms."""
    day = day_to_close(state, CALENDAR)
    if day is None:
        raise ExpectationFailedError("No day can close before terms of a contract are published to contract-terms.")
    return day


def why_open(state: Reference, day: date) -> str:
    """What a day waits for, a line each, and what to do."""
    return "\n  ".join([f"{day} does not close:", *to_do(waiting_for(state, day, CALENDAR))])


def _lacking(state: Reference, day: date, given: UnitValues) -> Iterator[tuple[str, Model]]:
    wanted = [*dict.fromkeys(unit_values_wanted(state, day))]
    known = {name for fund, charge_class in wanted for name in (fund, f"{fund}|{charge_class}")}
    if unknown := given.keys() - known:
        raise ExpectationFailedError(f"{day} needs no value of {', '.join(sorted(unknown))}, but of {sorted(known)}.")
    lacking = missing(state, day, CALENDAR)
    priced: set[str] = set()
    for fund, charge_class in wanted:
        place = Place(state, fund, charge_class, day)
        value = given.get(place.key, given.get(fund))
        if value is None and not any(_names(lack, place) for lack in lacking):
            continue
        if not place.is_priced:
            yield "fund-values", _value(place, value)
        elif fund not in priced:
            priced.add(fund)
            yield "fund-prices", _price(place, value)
    yield from _minimums(state, day)
    for name in lacking:
        if name.startswith(YIELDS):
            yield "market-yields", _yields(state, day, name.removeprefix(YIELDS))
    if waiting_for(state, day, CALENDAR).needs_order:
        yield "closing-orders", CloseOrder(kind="close", date=day, authorised_by=BY)


def _names(lack: str, place: Place) -> bool:
    return lack == f"price of fund {place.fund}" or lack.startswith(f"unit value of {place}")


def _value(place: Place, given: str | None) -> FundValue:
    value = given or place.prior or FIRST
    return FundValue(fund=place.fund, charge_class=place.charge_class, valuation_date=place.day, unit_value=value)


def _price(place: Place, given: str | None) -> FundPrice:
    before = place.price_before
    if given is None and before is not None and before.price is None:
        raise ExpectationFailedError(f"Publish the shares of {place.fund} of {place.day}: they cannot be carried on.")
    price = given or (FIRST if before is None else before.price)
    return FundPrice(fund=place.fund, valuation_date=place.day, price=price)


def _minimums(state: Reference, day: date) -> Iterator[tuple[str, OneYearMinimum]]:
    """Of the day's year, and of the next one where that begins before the next business day (FIX-5)."""
    years = sorted({day.year, next_business_day(day, CALENDAR).year})
    for terms in terms_on(state, day):
        for option in terms.options:
            for year in years if isinstance(option, FixedAccount2Option) else ():
                place = f"{terms.contract_id}|{option.option}"
                rate = state.minimums.get(f"{place}|{year - 1}")
                if rate is not None and f"{place}|{year}" not in state.minimums:
                    yield (
                        "credited-rates",
                        OneYearMinimum(
                            kind="one_year_minimum",
                            contract_id=terms.contract_id,
                            option=option.option,
                            year=year,
                            rate=rate,
                        ),
                    )


def _yields(state: Reference, day: date, series: str) -> MarketYields:
    """Those of the last date before, or none."""
    for published in sorted((known for known in state.yields if known < day), reverse=True):
        found = state.yields[published].get(series)
        if found is not None and found.not_published is None:
            return found.model_copy(update={"date": day})
    return MarketYields(
        series=series, date=day, not_published=NotPublished(authorised_by=BY, reason="the test publishes none")
    )


def _closed(state: Reference, day: date, messages: list[Message]) -> Reference:
    for at, message in enumerate(messages):
        folded = fold(state, ReferenceRecord(message.topic, 0, at, message.value), CALENDAR)
        refused = [alarm.message for alarm in folded.alarms if alarm.date is None]
        if refused:
            raise ExpectationFailedError(f"{message.topic} for {day} is refused: {'; '.join(refused)}")
        state = folded.state
    after = close_through(state, day, CALENDAR).state
    if after.last_closed != day:
        raise ExpectationFailedError(why_open(state, day))
    return after
