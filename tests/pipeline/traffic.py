"""Traffic for the pipeline tests: every kind of request, repeats, and what is wrong with some of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from services.runtime.calendar import ExchangeCalendar
from tests.domain import books
from tests.pipeline.installation import Line

Json = dict[str, Any]
DAYS = [day for day in (date(2021, 1, n) for n in range(4, 30)) if ExchangeCalendar().is_business_day(day)]
POINTS = ((1, "0.10"), (3, "0.20"), (5, "0.40"), (7, "0.70"), (10, "1.00"))
SHARES: list[Json] = [
    {"option": "F1", "percent": "40"},
    {"option": "FA2", "percent": "30"},
    {"option": "GAA", "term": 3, "percent": "30"},
]


@dataclass
class Traffic:
    """What was sent: how many answers each request id must get that are not marked as repeats, and how many repeats."""

    participants: int
    random: Random
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    repeats: int = 0
    dead: int = 0

    def openings(self) -> Iterator[Line]:
        """Everybody's account."""
        for person in self._people():
            yield self._new(
                "account-instructions", books.opening("open", "2021-01-04", participant_id=person, allocation=SHARES)
            )

    def day(self, day: date) -> Iterator[Line]:
        """A day of deposits for everybody, some of them wrong, and some of everything else."""
        for person in self._people():
            amount = self.random.choice(("100.00", "75.50", "33.33", "1,00", "0.00"))
            deposit = books.deposit(f"{day}-d", str(day), amount, participant_id=person)
            yield self._new("deposit-requests", deposit)
            if self.random.random() < 0.05:
                yield self._again("deposit-requests", deposit)
            if self.random.random() < 0.02:
                yield self._new("deposit-requests", deposit | {"amount": "99.99"})
        for person in self.random.sample(list(self._people()), 20):
            yield self._other(day, person)
        yield self._dead()

    def market(self, day: date) -> Iterator[Line]:
        """The day's prices and yields."""
        yield "market-yields", books.yields(str(day), *POINTS)
        for fund in ("F1", "F2", "F3"):
            price = f"{10 + self.random.randint(0, 999_999) / 1_000_000:.6f}"
            yield "fund-values", books.fund_value(fund, str(day), price)

    def _other(self, day: date, person: str) -> Line:
        """A transfer, a withdrawal, a change of allocation, or a cancellation of the day's deposit."""
        who = {"participant_id": person}
        kind = self.random.randrange(4)
        if kind == 0:
            legs = [{"option": self.random.choice(("F1", "GAA")), "percent": "50"}]
            to = [{"option": "F2", "percent": "100"}]
            return self._new("transfer-requests", books.transfer(f"{day}-t", str(day), legs, to, **who))
        if kind == 1:
            amount = self.random.choice(("20.00", "150.00", "999999.00"))
            return self._new("withdrawal-requests", books.withdrawal(f"{day}-w", str(day), amount=amount, **who))
        if kind == 2:
            return self._new("account-instructions", books.allocating(f"{day}-a", str(day), SHARES, **who))
        return self._new("account-instructions", books.cancelling(f"{day}-c", str(day), f"{day}-d", **who))

    def _new(self, topic: str, message: Json) -> Line:
        self.answers[message["participant_id"], message["request_id"]] += 1
        return topic, message

    def _again(self, topic: str, message: Json) -> Line:
        self.repeats += 1
        return topic, message

    def _dead(self) -> Line:
        self.dead += 1
        return "deposit-requests", b'{"request_id": '

    def _people(self) -> Iterator[str]:
        return (f"P{n}" for n in range(self.participants))


def contract() -> Iterator[Line]:
    """Three funds, Fixed Account 2 and a guaranteed account with a three-year term."""
    yield "contract-terms", books.terms(*books.FUNDS, books.fixed_account_2(), books.guaranteed())
    yield "credited-rates", books.declared("0.02")
    yield "credited-rates", books.one_year_minimum("0.01")
    term = books.guaranteed_term(3, ("0.02", "2024-03-31"))
    yield "guaranteed-offerings", books.offering("G1", "2021-01-01", "2021-03-31", term)
