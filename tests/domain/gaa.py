"""A book with guaranteed terms whose factors are known, and whose values are what was put in.

Deposit periods are the first three weeks of 2021, rates are 0, and the yield curve is flat: 4%, 8% and 6% in those
weeks, 6% from then on. On Wednesday 28 April 2021, when everything may be transferred again, the factors are
- `old_2`, two years from the first week, x = 927: (1.04/1.06)^(927/365) = 0.952774 -> .9528 (Appendix I)
- `old_3`, three years from the first week, x = 983: (1.04/1.06)^(983/365) = 0.949994 -> .9500
- `mid_5`, five years from the second week, x = 1861: (1.08/1.06)^(1861/365) = 1.099994 -> 1.1000
- `new_3` and `new_5`, three and five years from the third week: 1.0000, as i = j
"""

from datetime import date
from decimal import Decimal
from typing import Any

from services.domain.state import Lot, Step
from tests.domain.books import (
    FUNDS,
    Book,
    Json,
    Outcome,
    business_days,
    deposit,
    fixed_account_2,
    guaranteed,
    guaranteed_term,
    offering,
    only,
    opening,
    request,
    terms,
)
from tests.domain.treasury import Curve

TRADE = "2021-04-28"
WEEKS = (("2021-01-04", "2021-01-08", "4"), ("2021-01-11", "2021-01-15", "8"), ("2021-01-18", "2021-01-22", "6"))
LOTS = {
    "old_2": ("2021-01-05", 2, "2023-11-11"),
    "old_3": ("2021-01-05", 3, "2024-01-06"),
    "mid_5": ("2021-01-12", 5, "2026-06-02"),
    "new_3": ("2021-01-19", 3, "2024-01-31"),
    "new_5": ("2021-01-19", 5, "2026-01-31"),
}
"""Day of deposit, length and maturity of each lot."""

FIVE_YEARS = (("0.05", "2022-03-31"), ("0.0475", "2024-03-31"), ("0.045", "2026-03-31"))
"""The steps that the prospectus gives as its example (Guaranteed Interest Rates), from a deposit period of 2021."""


def day(text: str) -> date:
    return date.fromisoformat(text)


def lot(deposited: str, steps: tuple[tuple[str, str], ...] = FIVE_YEARS, after: str = "0", **more: object) -> Lot:
    """A lot of a dollar a unit, by its day of deposit and its (rate, last day) steps."""
    fields: dict[str, Any] = {
        "lot": "GAA-1",
        "option": "GAA",
        "offering": "2021-Q1",
        "years": 5,
        "deposited": day(deposited),
        "period_start": date(2021, 1, 1),
        "period_end": date(2021, 3, 31),
        "maturity": day(steps[-1][1]),
        "steps": tuple(Step(Decimal(rate), day(through)) for rate, through in steps),
        "locked_through": date(2021, 6, 29),
        "after_maturity": Decimal(after),
        "units": Decimal(1),
    }
    return Lot(**{**fields, **more})


def flat(percent: str) -> Curve:
    """A yield curve that is the same at every maturity."""
    return ((1, percent), (10, percent))


def still(years: int, maturity: str, rate: str = "0") -> Json:
    """A guaranteed term of one rate, 0 unless given."""
    return guaranteed_term(years, (rate, maturity))


def gaa_terms(**more: object) -> Json:
    """Contract C1 with three funds, Fixed Account 2 and the GAA."""
    options = more.pop("options", (*FUNDS, fixed_account_2(), guaranteed()))
    assert isinstance(options, tuple)
    return terms(*options, **more)


def weeks_of_january() -> list[Json]:
    """The three deposit periods, each offering the terms of its `LOTS`."""
    found = []
    for at, (start, end, _) in enumerate(WEEKS):
        offered = [still(years, maturity) for on, years, maturity in LOTS.values() if start <= on <= end]
        found.append(offering(f"JAN-{at + 1}", start, end, *offered))
    return found


def held(contract: Json | None = None, /, through: str = "2021-04-27", **dollars: str) -> Book:
    """A book in which P1 holds dollars in lots and in options by name, every day through one closed."""
    book = Book(contract or gaa_terms())
    for offer in weeks_of_january():
        book.publish("guaranteed-offerings", offer)
    book.instruct(opening("open", "2021-01-04"))
    for name, amount in dollars.items():
        if name not in LOTS:
            put(book, f"put-{name}", "2021-01-04", amount, option=name, percent="100")
    for day in business_days("2021-01-04", through):
        for name, amount in dollars.items():
            if name in LOTS and LOTS[name][0] == day:
                put(book, f"put-{name}", day, amount, option="GAA", term=LOTS[name][1], percent="100")
        book.close(day, flat(percent_on(day)))
    return book


def leg(option: str, term: int | None = None, /, **quantity: object) -> Json:
    """What a transfer takes from an option (and term)."""
    return {"option": option, **({} if term is None else {"term": term}), **quantity}


def percent_on(day: str) -> str:
    """The flat yield of a day."""
    return next((percent for start, end, percent in WEEKS if start <= day <= end), "6")


def put(book: Book, request_id: str, day: str, amount: str, **share: object) -> None:
    """Deposit into one option (and term)."""
    book.deposit(deposit(request_id, day, amount, allocation=[share]))


def withdrawn(book: Book, day: str = TRADE, /, legs: list[Json] | None = None, **what: object) -> Outcome:
    """The outcome of a withdrawal that trades on a day, from legs if any, all prices 10 and yields 6%."""
    chosen = {} if legs is None else {"from": legs}
    book.withdraw(request(f"w-{day}", day, **{"account": "pretax", "reason": "in_service", **chosen, **what}))
    return only(book.close(day, flat("6")))


def transferred(book: Book, legs: list[Json], to: list[Json], day: str = TRADE, **more: object) -> Outcome:
    """The outcome of a transfer that trades on a day, all prices 10 and yields 6%."""
    book.transfer(request(f"t-{day}", day, **{"account": "pretax", "from": legs, "to": to, **more}))
    return only(book.close(day, flat("6")))


def drawn(outcome: Outcome) -> dict[str, tuple[str, str, str]]:
    """(taken, factor, adjustment) of every lot, by its length and maturity."""
    assert outcome.topic == "confirmations", outcome.message
    lines = outcome.message["mva"]["lines"]
    return {_name(line): (line["taken"], line["factor"], line["adjustment"]) for line in lines}


def _name(line: Json) -> str:
    return next(name for name, (_, years, end) in LOTS.items() if (years, end) == (line["term"], line["maturity"]))
