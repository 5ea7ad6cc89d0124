"""Contracts that give loans, and what their loan system and their participants send."""

from tests.domain.books import FUNDS, Book, Json, Outcome, deposit, fixed_account_2, guaranteed, only, request
from tests.domain.gaa import TRADE, flat, gaa_terms


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


def put_into(book: Book, account: str, dollars: str, option: str = "F1") -> None:
    """Dollars in an account, from the day before everything trades."""
    allocation = [{"option": option, "percent": "100"}]
    book.deposit(deposit(f"put-{account}", TRADE, dollars, account=account, source="rollover", allocation=allocation))


def defaulted(book: Book, **more: object) -> Outcome:
    """The outcome of a default that trades on 28 April 2021, all prices 10 and yields 6%."""
    book.instruct(default("default", TRADE, **more))
    return only([out for out in book.close(TRADE, flat("6")) if out.message.get("request_id") == "default"])
