"""Books whose withdrawals are paid in installments: of Fixed Account 2 (WDL-8), full ones of Fixed Plus (WDL-6)."""

from typing import Any

from tests.domain.books import Book, Json, Outcome, deposit, fixed_account_2, fund, only, shares, terms, withdrawal
from tests.domain.books_limits import contract, fixed_plus, resting

FIRST, DAY = "2021-01-04", "2021-01-05"
FA2 = shares(FA2="100")
Row = tuple[int | None, str, str, str | None, str | None]


def paying(**installments: object) -> Json:
    return terms(fund("F1"), fixed_account_2(), installments=installments)


def full_installments(paid: Json | None = None, **more: Any) -> Json:  # noqa: ANN401 -- terms
    """A contract that pays full withdrawals of the Fixed Plus Account in installments; its options earn nothing."""
    limit: Json = {"full_withdrawal": "installments", **({} if paid is None else {"full_installments": paid})}
    return contract(fixed_plus(**limit), resting(), **more)


def holding(amount: str, contract: Json | None = None, through: str = FIRST, **more: str) -> Book:
    """P1 holds dollars in Fixed Account 2 since the first day, and in funds by name."""
    book = Book(contract or paying())
    book.deposit(deposit("d", FIRST, amount, allocation=FA2))
    for name, dollars in more.items():
        book.deposit(deposit(name, FIRST, dollars, allocation=shares(**{name: "100"})))
    book.close_through(FIRST, through)
    return book


def withdrawn(book: Book, day: str = DAY, **what: object) -> Outcome:
    book.withdraw(withdrawal(f"w-{day}", day, **({"amount": "300000.00"} | what if "full" not in what else what)))
    return only(book.close(day))


def schedule(outcome: Outcome) -> list[Row]:
    """(number, due, amount, interest, left) of every payment."""
    names = ("number", "due", "amount", "interest", "left")
    return [tuple(each[name] for name in names) for each in outcome.message["payments"] or ()]
