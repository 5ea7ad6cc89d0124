"""Books of fixed options that earn nothing: values are what was put in, and what limits allow is plain arithmetic."""

from decimal import Decimal

from tests.domain.books import (
    Book,
    Json,
    Outcome,
    declared,
    deposit,
    fixed_account_2,
    fund,
    one_year_minimum,
    only,
    opening,
    terms,
    transfer,
)
from tests.domain.gaa import leg

D = Decimal


def contract(*options: Json, since: str = "2021-01-01", **more: object) -> Json:
    """Contract C1 in force since a day: funds F1 and F2, and Fixed Account 2 unless options are given."""
    return terms(fund("F1"), fund("F2"), *(options or (resting(),)), effective_from=since, **more)


def resting(**limit: object) -> Json:
    """Fixed Account 2 without a guaranteed minimum, and what its limit says otherwise."""
    return fixed_account_2(contract_minimum="0", **_limit(limit))


def fixed_account(**limit: object) -> Json:
    """The Fixed Account, as FA, likewise; open, so that something can be in it."""
    return {"kind": "fixed_account", "option": "FA", "guaranteed_minimum": "0", "closes_on": None, **_limit(limit)}


def fixed_plus(**limit: object) -> Json:
    """The Fixed Plus Account, as FP, likewise."""
    return {"kind": "fixed_plus_account", "option": "FP", "guaranteed_minimum": "0", "closes_on": None, **_limit(limit)}


def _limit(limit: Json) -> Json:
    return {"limit": limit} if limit else {}


def book_of(version: Json, first: str, /, rate: str = "0", **dollars: str) -> Book:
    """A book in which P1 has put dollars into options on its first day, which is closed. What every fixed option
    credits is one rate.
    """
    book = Book(version, rates=False)
    for option in version["options"]:
        if option["kind"] not in {"fund", "guaranteed"}:
            book.publish("credited-rates", declared(rate, version["effective_from"], option=option["option"]))
        if option["kind"] == "fixed_account_2":
            for year in range(int(first[:4]), int(first[:4]) + 4):
                book.publish("credited-rates", one_year_minimum("0", year, option=option["option"]))
    book.instruct(opening("open", first))
    for name, amount in dollars.items():
        book.deposit(deposit(f"put-{name}", first, amount, allocation=[{"option": name, "percent": "100"}]))
    book.close(first)
    return book


def ask(book: Book, request_id: str, received: str, amount: str, **more: object) -> list[Outcome]:
    """Send a transfer of dollars of Fixed Account 2 to F1, unless told otherwise."""
    legs = [leg(str(more.pop("option", "FA2")), amount=amount)]
    to = more.pop("to", [{"option": "F1", "percent": "100"}])
    assert isinstance(to, list)
    return book.transfer(transfer(request_id, received, legs, to, **more))


def moved(book: Book, day: str, amount: str, **more: object) -> Outcome:
    """The outcome of such a transfer that trades on a day, which closes."""
    ask(book, f"t-{day}-{amount}", day, amount, **more)
    return only(book.close(day))


def left(outcome: Outcome) -> dict[str, str | None]:
    """What a confirmation says is left of each limit."""
    assert outcome.topic == "confirmations", outcome.message
    return {line["option"]: line["left"] for line in outcome.message["limits"] or ()}


def refused(outcome: Outcome) -> Json:
    """The numbers of the one reason of a rejection, that a limit is exceeded, and the date that it names."""
    assert outcome.topic == "rejections", outcome.message
    (reason,) = outcome.message["reasons"]
    assert reason["code"] == "LIMIT_EXCEEDED", reason
    assert outcome.message["possible_from"] == reason["possible_from"]
    numbers: Json = reason["numbers"]
    return {**numbers, "possible_from": reason["possible_from"]}
