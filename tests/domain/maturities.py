"""A book in which a guaranteed term matures in February 2021, while another deposit period is open.

P1 deposits $1,000.00 on Tuesday 5 January into a three-year term that matures in February instead (its calendar dates
are the offering's), at no interest, so that its value is what was put in. Yields are 4% through February, 6% from
then on. The period of February offers one year and three years at 10%; the first matures on 17 March 2022, 365 days
after Wednesday 17 March 2021.
"""

from tests.domain.books import Book, Json, Outcome, at, business_days, guaranteed, offering, opening, request, shares
from tests.domain.gaa import flat, gaa_terms, put, still

WEDNESDAY, THURSDAY = "2021-02-10", "2021-02-11"
SATURDAY, TUESDAY = "2021-02-13", "2021-02-16"
"""Monday 15 February is Presidents' Day: what matures on the Saturday is processed on Tuesday."""

ONE_YEAR, THREE_YEARS = still(1, "2022-03-17", "0.1"), still(3, "2024-03-17", "0.1")
FEBRUARY = offering("FEB", "2021-02-01", "2021-02-26", ONE_YEAR, THREE_YEARS)
IN_MARCH = "2021-03-17"


def contract(*, minimum: str = "0", **gaa: object) -> Json:
    """Three funds, Fixed Account 2 and the GAA, with terms of its own."""
    return gaa_terms(options=(*gaa_terms()["options"][:4], guaranteed(minimum_rate=minimum, **gaa)))


def maturing(
    maturity: str = WEDNESDAY,
    *offerings: Json,
    through: str = "2021-02-09",
    terms: Json | None = None,
    years: int = 3,
    **dollars: str,
) -> Book:
    """Every day through one closed. `dollars` are deposits of 5 January: P1's into the term unless others are named,
    by option, or by account for another account's term.
    """
    book = Book(terms or contract())
    for offer in (offering("JAN", "2021-01-04", "2021-01-08", still(years, maturity)), *(offerings or (FEBRUARY,))):
        book.publish("guaranteed-offerings", offer)
    book.instruct(opening("open", "2021-01-04"))
    close_through(book, "2021-01-04", "2021-01-04")
    for name, amount in (dollars or {"GAA": "1000.00"}).items():
        share: Json = {"option": name, "percent": "100"} | ({"term": years} if name == "GAA" else {})
        put(book, f"put-{name}", "2021-01-05", amount, **share)
    close_through(book, "2021-01-05", through)
    return book


def percent_on(day: str, later: str = "6") -> str:
    return "4" if day < "2021-03-01" else later


def close(book: Book, day: str, later: str = "6", **prices: str) -> list[Outcome]:
    """What a close brings, at the yields of its month."""
    return book.close(day, flat(percent_on(day, later)), **prices)


def close_through(book: Book, first: str, last: str, later: str = "6") -> list[Outcome]:
    """The same of every business day from the first to the last."""
    return [outcome for day in business_days(first, last) for outcome in close(book, day, later)]


def electing(request_id: str, received: str, lot: str = "GAA-1", account: str = "pretax", **wish: object) -> Json:
    """An election for a lot's maturity: `to=` shares, or `withdraw=True`."""
    order = {"kind": "maturity_election", "account": account, "lot": lot}
    return request(request_id, received, instruction={**order, **wish})


def into(**percentages: str) -> Json:
    """An election's wish: `into(F1="60", GAA_1="40")`."""
    return {"to": shares(**percentages)}


def evening(day: str) -> str:
    """After the close, before midnight."""
    return at(day, "20:00:00")


def reinvested(through: str = "2021-03-16", later: str = "6", **options: object) -> Book:
    """The book some time after its term was reinvested in three years, as lot GAA-2: on Wednesday 17 March it is worth
    1,000 × 1.1^(35/365) = 1,009.18.
    """
    book = maturing(**options)  # type: ignore[arg-type]  # as they are given
    close_through(book, WEDNESDAY, through, later)
    return book


def moved(outcome: Outcome) -> list[tuple[str, str, str]]:
    """(lot or option, dollars, day of the index) of every leg."""
    return [(leg["lot"] or leg["option"], leg["dollars"], leg["index_date"]) for leg in outcome.message["legs"]]


def lines(outcome: Outcome) -> list[tuple[str, str, str, str, str]]:
    """(lot, rule, taken, factor, adjustment) of every line of the adjustment."""
    names = ("lot", "rule", "taken", "factor", "adjustment")
    return [tuple(line[name] for name in names) for line in outcome.message["mva"]["lines"]]
