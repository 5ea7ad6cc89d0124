"""Level payments with interest, reckoned apart from the product: by the present value of each (WDL-6, WDL-8)."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from tests.domain.stateful.sums import CENT, ZERO, D, cents

Row = tuple[int, date, Decimal, Decimal, Decimal]
"""Number, day, dollars paid, interest in them, and what is owed after it."""


@dataclass(frozen=True)
class Plan:
    """What a withdrawal owes of an account, and of a Fixed Plus Account if that is what it is of: payments to come."""

    account: str
    withdrawal: str
    option: str | None
    payee: str | None
    rate: Decimal
    since: date
    rows: tuple[Row, ...]
    paid: int = 0

    @property
    def owed(self) -> Decimal:
        """What is still owed, without interest."""
        return sum((amount - interest for _, _, amount, interest, _ in self.rows[self.paid :]), ZERO)

    @property
    def due(self) -> date | None:
        """The day of the next payment, None after the last."""
        return self.rows[self.paid][1] if self.paid < len(self.rows) else None


def months_on(day: date, months: int) -> date:
    """The same day so many months later; where that month has none, its last."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def schedule(owed: Decimal, rate: Decimal, since: date, of: tuple[int, int]) -> tuple[Row, ...] | None:
    """`of` is how many payments, and how many months apart. None where rounding leaves one of them nothing."""
    with localcontext(prec=34):
        rows = tuple(_rows(owed, rate, since, of))
    return rows if min(row[2] for row in rows) >= CENT else None


def _rows(owed: Decimal, rate: Decimal, since: date, of: tuple[int, int]) -> Iterator[Row]:
    """All together are worth what is owed; each is interest for its months first, the last is all that is left."""
    count, apart = of
    growth = (1 + rate) ** (D(apart) / 12)
    level = cents(owed / sum((growth**-number for number in range(1, count + 1)), ZERO))
    left = owed
    for number in range(1, count + 1):
        interest = cents(left * (growth - 1))
        amount = left + interest if number == count else level
        left = left + interest - amount
        yield number, months_on(since, number * apart), amount, interest, left
