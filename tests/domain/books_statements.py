"""Contracts whose participants have an annual notice, and what the notices say."""

from tests.domain.books import Book, Json, Outcome, deposit, fixed_account_2, fund, shares, terms


def stating(month_day: str = "01-15", *options: Json, **more: object) -> Json:
    """Contract C1 with fund F1 and Fixed Account 2 unless options are given; its statement date is Friday, 15 January,
    unless told. What the date's terms are called is the date's, the rest the contract's.
    """
    named: Json = {"month_day": month_day}
    named |= {name: more.pop(name) for name in ("leap_day", "values_at_most_days") if name in more}
    chosen = options or (fund("F1"), fixed_account_2())
    return terms(*chosen, statement_date=named, **more)


def holding(contract: Json) -> Book:
    """A book in which P1 puts 600.00 into F1 on 4 January, which is not closed yet."""
    book = Book(contract)
    put(book, "2021-01-04")
    return book


def put(book: Book, day: str, person: str = "P1", amount: str = "600.00", **more: object) -> None:
    """A deposit into F1."""
    order = {"participant_id": person, "allocation": shares(F1="100"), **more}
    book.deposit(deposit(f"put-{person}-{day}", day, amount, **order))


def statements(outcomes: list[Outcome]) -> list[Json]:
    """The annual notices among outcomes."""
    return [outcome.message for outcome in outcomes if outcome.message.get("kind") == "annual_statement"]


def told(outcomes: list[Outcome]) -> list[tuple[str, str, str, str]]:
    """(participant, statement date, as of, value) of every annual notice."""
    found = ((message["participant_id"], message["statement"]) for message in statements(outcomes))
    return [(who, each["statement_date"], each["as_of"], each["value"]) for who, each in found]


def line(option: str, units: str, index: str, value: str, **more: object) -> Json:
    """What a notice says of a holding; what it does not say is absent."""
    kinds = {"F1": "fund", "F2": "fund", "FA": "fixed_account", "FP": "fixed_plus_account", "FA2": "fixed_account_2"}
    absent = dict.fromkeys(("lot", "term", "deposited", "maturity", "applied_since", "bonus_since"))
    figures = {"units": units, "index": index, "value": value}
    return {"option": option, "kind": kinds.get(option, "guaranteed"), **absent, **figures, **more}
