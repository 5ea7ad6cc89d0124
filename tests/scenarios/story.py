"""A scenario's input: what is asked on which day, between the closes of all business days, one line each."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.domain.books import (
    NEW_YEAR,
    Json,
    business_days,
    declared,
    deposit,
    fixed_account_2,
    fund_value,
    guaranteed,
    one_year_minimum,
    shares,
    yields,
)
from tests.domain.gaa import gaa_terms, percent_on

FOLDER = Path(__file__).parent
FIXED = {"fixed_account", "fixed_plus_account", "fixed_plus_account_2", "fixed_account_2"}
Asked = tuple[str, Json]
"""Topic and message of a request."""


def ten(_: str) -> str:
    return "10.000000"


@dataclass(frozen=True)
class Story:
    """Terms and offerings, then every business day from the first through the last with what is asked on it.

    `percent` is the flat yield of a day (none: somebody answers for there being none), `spread` the flat corporate
    spread of series CORP where the method needs one, `unit_value` the price of every fund, `annuity_unit_value` that of
    an option on a day in contracts whose annuity units have the class ANN. `rates` are those of fixed options, where
    they are not those that Fixed Account 2 has otherwise. `others` are further contracts of the same funds; where there
    are charge `schedules`, funds have a price of twice 10 a share, and reference reckons their unit values. `orders`
    come first, and `after` the values of a day what operations say about them.
    """

    contract: Json
    offers: tuple[Json, ...]
    asked: tuple[Asked, ...]
    last: str
    first: str = NEW_YEAR
    percent: Callable[[str], str | None] = percent_on
    spread: Callable[[str], str] | None = None
    unit_value: Callable[[str], str] = field(default=ten)
    rates: tuple[Json, ...] = (declared("0.02"), one_year_minimum("0.01"), one_year_minimum("0.01", 2022))
    annuity_unit_value: Callable[[str, str], str] | None = None
    others: tuple[Json, ...] = ()
    schedules: tuple[Json, ...] = ()
    orders: tuple[Asked, ...] = ()
    after: Mapping[str, tuple[Asked, ...]] = field(default_factory=dict)


def lines(story: Story) -> Iterator[Asked]:
    """The lines of a story; a request stands before the close of the business day it is received on, or the next."""
    yield from story.orders
    for contract in (story.contract, *story.others):
        yield "contract-terms", contract
    for each in story.schedules:
        yield "charge-classes", each
    kinds = {option["kind"] for option in story.contract["options"]}
    if FIXED & kinds:
        for message in story.rates:
            yield "credited-rates", message
    for offer in story.offers:
        yield "guaranteed-offerings", offer
    waiting = sorted(story.asked, key=_day_of)
    for day in business_days(story.first, story.last):
        while waiting and _day_of(waiting[0]) <= day:
            yield waiting.pop(0)
        yield from _close(story, day)
        yield from story.after.get(day, ())
    assert not waiting, waiting


def _close(story: Story, day: str) -> Iterator[Asked]:
    """All that a day needs to close."""
    if story.spread is not None:
        yield "market-yields", {**yields(day, (10, story.spread(day))), "series": "CORP"}
    if any(option["kind"] == "guaranteed" for option in story.contract["options"]):
        percent = story.percent(day)
        yield "market-yields", not_published(day) if percent is None else yields(day, (10, percent))
    for option in story.contract["options"]:
        if option["kind"] == "fund" and story.schedules:
            yield "fund-prices", {"fund": option["fund"], "valuation_date": day, "price": "20.00"}
        elif option["kind"] == "fund":
            yield "fund-values", fund_value(option["fund"], day, story.unit_value(day))
            if story.annuity_unit_value is not None:
                value = story.annuity_unit_value(option["option"], day)
                yield "fund-values", fund_value(option["fund"], day, value, charge_class="ANN")


def not_published(day: str) -> Json:
    """The word of somebody authorised that a day has no yields."""
    none = {"authorised_by": "rates-desk", "reason": "the index was not computed"}
    return {"series": "CMT", "date": day, "not_published": none}


def _day_of(asked: Asked) -> str:
    return str(asked[1]["received_at"][:10])


def text(story: Story) -> str:
    """The story as `annuity-ledger replay` reads it."""
    return "".join(json.dumps({"topic": topic, "value": message}) + "\n" for topic, message in lines(story))


def lean(*funds: Json, minimum: str = "0", terms: Json | None = None, **gaa: object) -> Json:
    """Contract C1 with Fixed Account 2 and the GAA, and funds where there must be some."""
    options = (*funds, fixed_account_2(), guaranteed(minimum_rate=minimum, **gaa))
    return gaa_terms(options=options, **(terms or {}))


def put(person: str, day: str, amount: str, request_id: str, **more: object) -> Asked:
    """A deposit; `GAA_3="100"` and the like among the rest are its allocation, `source` where it comes from."""
    source = {"source": more.pop("source")} if "source" in more else {}
    allocation = {"allocation": shares(**more)} if more else {}  # type: ignore[arg-type]  # percentages
    return "deposit-requests", deposit(request_id, day, amount, participant_id=person, **source, **allocation)
