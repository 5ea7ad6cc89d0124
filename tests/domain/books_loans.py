"""Contracts that give loans, and what their loan system and their participants send."""

from tests.domain.books import (
    FUNDS,
    Book,
    Json,
    Outcome,
    business_days,
    deposit,
    fixed_account_2,
    guaranteed,
    only,
    request,
    shares,
)
from tests.domain.gaa import TRADE, flat, gaa_terms, held


def lending(**loans: object) -> Json:
    """Contract C1 of `gaa_terms` with loans."""
    return gaa_terms(options=(*FUNDS, fixed_account_2(), guaranteed()), loans=loans)


def balance(request_id: str, received: str, dollars: str, on: str | None = None, **more: object) -> Json:
    """A balance of the participant, or of `account`, at the end of a day, that of its receipt unless told."""
    order = {"kind": "loan_balance", "balance": dollars, "balance_on": on or received[:10], **more}
    return request(request_id, received, instruction=order)


def default(request_id: str, received: str, **more: object) -> Json:
    """A default of all that is outstanding unless `amount` says less; deducted from every account unless `account`."""
    return request(request_id, received, instruction={"kind": "loan_default", **more})


def owing(book: Book, dollars: str, **more: object) -> None:
    """Let a balance be outstanding on the day before everything trades."""
    book.instruct(balance("owing", "2021-04-27", dollars, "2021-04-27", **more))


def with_roth(through: str = "2021-04-27", **loans: object) -> Book:
    """P1 holds 1,000.00 of F1 in pretax and 5,000.00 of F1 in Roth."""
    book = held({**lending(**loans), "accounts": ["pretax", "employer", "roth"]}, F1="1000.00", through="2021-04-26")
    allocation = shares(F1="100")
    roth = {"account": "roth", "source": "roth_salary_reduction", "allocation": allocation}
    book.deposit(deposit("roth", "2021-04-27", "5000.00", **roth))
    for day in business_days("2021-04-27", through):
        book.close(day, flat("6"))
    return book


def defaulted(book: Book, **more: object) -> Outcome:
    """The outcome of a default that trades on 28 April 2021, all prices 10 and yields 6%."""
    book.instruct(default("default", TRADE, **more))
    return only([out for out in book.close(TRADE, flat("6")) if out.message.get("request_id") == "default"])
