"""Ten years of a contract, from 2015 through 2024, as a ledger log: the same to the byte for the same number of people.

Everybody opens an account in the first two weeks and then pays in every other week, into two funds and Fixed Account 2.
Once a year each puts a rollover into a guaranteed term of one, three or five years, which matures within the ten years
or not, and has its fee taken; twice a year dollars are transferred between the funds, in every third year withdrawn
from everything. Some elect what becomes of a term. Prices, yields and rates move; a seed decides.
"""

from collections.abc import Iterator
from datetime import date
from random import Random

from services.runtime.records import OutputRecord
from tests.benchmarks.ledger_log import FUNDS, SHARES, Pen
from tests.domain import books

DAYS = tuple(books.business_days("2015-01-02", "2024-12-31"))
YEARS = range(2015, 2025)
_FORTNIGHT = 10
"""Business days."""
_LENGTHS = (1, 3, 5)
_QUARTERS = (("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31"))


def written(people: int) -> Iterator[OutputRecord]:
    """The log, in order; made while it is read."""
    pen, chance = Pen(1), Random(people)  # noqa: S311 -- nothing secret
    plans = [_Plan(number, chance) for number in range(people)]
    _contract(pen, chance)
    for at, day in enumerate(DAYS):
        if at and day[:4] != DAYS[at - 1][:4]:
            _new_year(pen, DAYS[at + 1], chance)
        for plan in plans:
            plan.act(pen, at, chance)
        _close(pen, at, chance)
        yield from pen.drained()


def _contract(pen: Pen, chance: Random) -> None:
    """Terms, the first rates, and every deposit period of the ten years."""
    guaranteed = books.guaranteed(minimum_rate="0.01")
    options = (*(books.fund(name) for name in FUNDS), books.fixed_account_2(), guaranteed)
    fee = {"amount": "30.00"}
    submitter = {"submitted_by": "acme", "received_at_trusted": True}
    since = DAYS[0][:4] + "-01-01"
    pen.publish(
        "contract-terms",
        books.terms(*options, effective_from=since, submitters=[submitter], maintenance_fee=fee),
    )
    pen.publish("credited-rates", books.declared("0.03", since))
    for year in (*YEARS, YEARS.stop):
        pen.publish("credited-rates", books.one_year_minimum("0.01", year))
    for year in (*YEARS, YEARS.stop):
        for number, (start, end) in enumerate(_QUARTERS, 1):
            terms = (
                books.guaranteed_term(length, (f"0.0{chance.randrange(15, 45)}", f"{year + length}-{end}"))
                for length in _LENGTHS
            )
            pen.publish(
                "guaranteed-offerings", books.offering(f"{year}-Q{number}", f"{year}-{start}", f"{year}-{end}", *terms)
            )


def _new_year(pen: Pen, day: str, chance: Random) -> None:
    """A rate declared from a day on that is not frozen yet."""
    pen.publish("credited-rates", books.declared(f"0.0{chance.randrange(20, 40)}", day))


def _close(pen: Pen, at: int, chance: Random) -> None:
    day = DAYS[at]
    points = ((years, f"{1 + years * 0.3 + chance.random():.2f}") for years in (1, 3, 5, 10))
    pen.publish("market-yields", books.yields(day, *points))
    prices = {name: f"{10 + at * 0.004 + number + chance.random():.6f}" for number, name in enumerate(FUNDS)}
    pen.close(day, prices)


class _Plan:
    """What one person does, by the number of the business day."""

    def __init__(self, number: int, chance: Random) -> None:
        self._who = {"participant_id": f"P{number}"}
        self._payday = number % _FORTNIGHT
        self._amount = f"{chance.randrange(50, 900)}.{chance.randrange(100):02}"
        self._lots = 0

    def act(self, pen: Pen, at: int, chance: Random) -> None:
        """The day's requests."""
        if at % _FORTNIGHT != self._payday:
            return
        day, payday = DAYS[at], at // _FORTNIGHT
        if payday == 0:
            pen.request("account-instructions", books.opening("open", day, **self._who))
        pen.request("deposit-requests", books.deposit(f"d{at}", day, self._amount, allocation=SHARES, **self._who))
        season, year = payday % 26, date.fromisoformat(day).year
        if season == 5:
            self._roll_over(pen, day, chance)
        elif season in {10, 20}:
            legs = [{"option": FUNDS[season == 20], "amount": f"{chance.randrange(10, 90)}.00"}]
            to = books.shares(**{FUNDS[season == 10]: "100"})
            pen.request("transfer-requests", books.transfer(f"t{at}", day, legs, to, **self._who))
        elif season == 15 and year % 3 == self._payday % 3:
            pen.request(
                "withdrawal-requests",
                books.withdrawal(f"w{at}", day, amount=f"{chance.randrange(100, 999)}.00", **self._who),
            )

    def _roll_over(self, pen: Pen, day: str, chance: Random) -> None:
        """Into a guaranteed term; one in four elects what becomes of it."""
        term, amount = chance.choice(_LENGTHS), f"{chance.randrange(1000, 9000)}.00"
        into = books.shares(**{f"GAA_{term}": "100"})
        more = {"source": "rollover", "allocation": into, **self._who}
        pen.request("deposit-requests", books.deposit(f"g{day}", f"{day}T11:00:00-05:00", amount, **more))
        if self._lots and chance.random() < 0.25:
            order = {"kind": "maturity_election", "account": "pretax", "lot": f"GAA-{self._lots}"}
            wish = {"to": books.shares(F1="100")}
            message = books.request(f"e{day}", f"{day}T12:00:00-05:00", instruction={**order, **wish}, **self._who)
            pen.request("account-instructions", message)
        self._lots += 1
