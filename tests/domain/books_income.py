"""Contracts with an income phase, elections of annuity options, and closes with annuity unit values."""

from tests.domain.books import Book, Json, Outcome, deposit, fund_value, only, request, shares, terms
from tests.domain.gaa import TRADE, flat, gaa_terms

VARIABLE: Json = {"charge_class": "ANN", "options": ["F1", "F2"]}


def paying(**income: object) -> Json:
    """Contract C1 of `gaa_terms` with terms of income."""
    return gaa_terms(income=income)


def election(request_id: str, received: str, **order: object) -> Json:
    """Option 3 for ten years, fixed and monthly, all of pretax, first paid on the day received, unless told."""
    annuity: Json = {"annuity": "period_certain", "years": 10}
    lifetime: Json = {"annuity": "lifetime"}
    amount: Json = {} if order.keys() & {"amount", "percent"} else {"full": True}
    told = {
        "kind": "income_election",
        "account": "pretax",
        "first_payment": received[:10],
        **(lifetime if order.get("annuity") == "lifetime" else annuity),
        **amount,
        **order,
    }
    return request(request_id, received, instruction=told)


def elected(book: Book, day: str = TRADE, /, **order: object) -> Outcome:
    """The outcome of an election that trades on a day, all prices 10 and yields 6%."""
    book.instruct(election(f"elect-{day}", day, **order))
    return asked_for(closed(book, day), f"elect-{day}")


def closed(book: Book, day: str, /, **annuity_unit_values: str) -> list[Outcome]:
    """A close with annuity unit values, of F1 20 and of F2 8 unless told, where the contract counts in them."""
    for option, value in {"F1": "20.000000", "F2": "8.000000", **annuity_unit_values}.items():
        book.publish("fund-values", fund_value(option, day, value, charge_class="ANN"))
    return book.close(day, flat("6"))


def counting(**variable: object) -> Book:
    """A contract of funds and Fixed Account 2 that counts in annuity units from 26 April 2021 on; P1 holds 10,000.00 of
    F1, and 27 April is closed.
    """
    book = Book(terms(effective_from="2021-04-26", income={"variable": {**VARIABLE, **variable}}))
    book.deposit(deposit("put", "2021-04-26", "10000.00", allocation=shares(F1="100")))
    closed(book, "2021-04-26")
    closed(book, "2021-04-27")
    return book


def asked_for(outcomes: list[Outcome], request_id: str) -> Outcome:
    """The one that answers a request."""
    return only([outcome for outcome in outcomes if outcome.message.get("request_id") == request_id])


def payments(outcomes: list[Outcome]) -> list[tuple[str, str, str]]:
    """(trade date, what was due, dollars) of every income payment."""
    found = [outcome.message for outcome in outcomes if outcome.message.get("kind") == "income_payment"]
    assert all(message["debits"] == message["credits"] == message["paid"] for message in found)
    return [(message["trade_date"], message["details"]["due"], message["paid"]) for message in found]
