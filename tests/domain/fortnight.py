"""A contract and three people to whom time brings something of every kind within fourteen closes.

The closes are those of Monday 3 to Friday 21 January 2022; the 17th is Martin Luther King Day. Within them come
- 4 January: the anniversary of everybody's account, which was opened on 4 January 2021, with a fee of $50.00
- 5 January: P3's first income payment of an annuity that was elected in December
- 7 January: P1's first installment of $1,000.00 withdrawn on 7 December from more than $250,000 in Fixed Account 2
- 12 January: everybody's one-year term matures; P3 has elected what becomes of it
- 13 January: the last day of P2's rate lock, elected on 29 November: + 45 days
- 14 January: the last close that keeps the 18 days before 4 February, on which everybody's three-year term matures
Prices and yields move from day to day.
"""

from functools import cache

from services.runtime.records import OutputRecord
from tests.domain.books import (
    FUNDS,
    Book,
    Json,
    Outcome,
    business_days,
    declared,
    deposit,
    fixed_account_2,
    fund_value,
    guaranteed,
    offering,
    opening,
    request,
    shares,
    terms,
    withdrawal,
    yields,
)
from tests.domain.books_income import election
from tests.domain.gaa import still

PEOPLE = ("P1", "P2", "P3")
OPENED, LAST = "2021-01-04", "2021-12-31"
CLOSES = tuple(business_days("2022-01-03", "2022-01-21"))
OFFERINGS = (
    offering("JAN-21", "2021-01-04", "2021-01-08", still(1, "2022-01-12", "0.02"), still(3, "2022-02-04", "0.03")),
    offering("DEC-21", "2021-11-29", "2021-12-31", still(1, "2022-12-31", "0.01")),
    offering("JAN-22", "2022-01-03", "2022-01-31", still(1, "2023-01-31", "0.04"), still(3, "2025-01-31", "0.05")),
)
SPREAD = shares(F1="25", F2="25", GAA_1="25", GAA_3="25")


def contract() -> Json:
    return terms(
        *FUNDS,
        fixed_account_2(),
        guaranteed(rate_lock=True),
        accounts=["pretax", "employer", "roth"],
        maintenance_fee={"amount": "50.00"},
        installments={},
        income={},
        loans={},
    )


def close(book: Book, day: str) -> list[Outcome]:
    """All that a day takes, at prices and yields of its own."""
    return [outcome for topic, message in closing(day) for outcome in book.publish(topic, message)]


def closing(day: str) -> list[tuple[str, Json]]:
    at = int(day[8:])
    values = (fund_value(option["fund"], day, f"{10 + at % (7 + n)}.{at:02}0000") for n, option in enumerate(FUNDS))
    return [
        *(("fund-values", value) for value in values),
        ("market-yields", yields(day, (1, f"1.{at:02}"), (3, "2.5"))),
    ]


def book_before() -> Book:
    """The book on the eve, all of 2021 closed."""
    book = Book(contract())
    book.publish("credited-rates", declared("0.03", "2022-01-10"))
    for offer in OFFERINGS:
        book.publish("guaranteed-offerings", offer)
    book.publish("market-yields", yields("2020-12-31", (1, "1.00"), (3, "2.00")))
    for name in PEOPLE:
        book.instruct(opening("open", OPENED, participant_id=name))
        book.deposit(deposit("spread", OPENED, "4000.00", participant_id=name, allocation=SPREAD))
    book.deposit(deposit("fixed", OPENED, "300000.00", allocation=shares(FA2="100"), source="rollover"))
    asked = {
        "2021-11-29": ("account-instructions", _of("P2", "lock", "2021-11-29", kind="rate_lock_election")),
        "2021-12-07": ("withdrawal-requests", withdrawal("paid", "2021-12-07", amount="1000.00", **FROM_FIXED)),
        "2021-12-15": ("account-instructions", election("income", "2021-12-15", **ANNUITY) | {"participant_id": "P3"}),
        "2021-12-16": ("account-instructions", _of("P3", "elects", "2021-12-16", **ELECTION)),
    }
    for day in business_days(OPENED, LAST):
        if day in asked:
            book.publish(*asked[day])
        close(book, day)
    return book


FROM_FIXED: Json = {"from": [{"option": "FA2"}]}
ANNUITY: Json = {"percent": "20", "first_payment": "2022-01-05"}
ELECTION: Json = {"kind": "maturity_election", "account": "pretax", "lot": "GAA-1", "to": shares(F2="100")}


def _of(name: str, request_id: str, day: str, **order: object) -> Json:
    return request(request_id, day, participant_id=name, instruction=order)


@cache
def logged() -> tuple[tuple[OutputRecord, ...], tuple[OutputRecord, ...]]:
    """The ledger log until the eve, and the fourteen closes."""
    book = book_before()
    before = tuple(book.log)
    for day in CLOSES:
        close(book, day)
    return before, tuple(book.log[len(before) :])
