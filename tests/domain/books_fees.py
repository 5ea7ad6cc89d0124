"""A book in which an account's first anniversary comes: opened on Monday 4 January 2021, a fee of $50 a year."""

from tests.domain.books import Book, Json, Outcome, business_days
from tests.domain.gaa import flat, gaa_terms, held, percent_on

ANNIVERSARY = "2022-01-04"  # a Tuesday
EVE = "2022-01-03"
FEE: Json = {"amount": "50.00"}


def charging(options: tuple[Json, ...] | None = None, terms: Json | None = None, **fee: object) -> Json:
    """Contract C1 with a maintenance fee."""
    chosen = {} if options is None else {"options": options}
    return gaa_terms(maintenance_fee={**FEE, **fee}, **chosen, **(terms or {}))


def year_on(contract: Json | None = None, /, through: str = EVE, **dollars: str) -> Book:
    """P1 holds dollars, in lots and options by name, on the eve of the anniversary."""
    return held(contract or charging(), through=through, **dollars)


def close(book: Book, day: str = ANNIVERSARY, **prices: str) -> list[Outcome]:
    return book.close(day, flat(percent_on(day)), **prices)


def close_through(book: Book, first: str, last: str) -> list[Outcome]:
    """Every business day from the first to the last."""
    return [outcome for day in business_days(first, last) for outcome in close(book, day)]
