"""What is sent: requests of every kind over a few hundred participants, with repeats, conflicts and poison."""

import json
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Any

from services.domain.receiving import fingerprint, participant_key
from services.runtime.calendar import ExchangeCalendar
from tests.domain import books

Json = dict[str, Any]
_FIRST = date(2021, 1, 4)
_POINTS = ((1, "0.10"), (3, "0.20"), (5, "0.40"), (7, "0.70"), (10, "1.00"))
_SHARES: list[Json] = [
    {"option": "F1", "percent": "40"},
    {"option": "FA2", "percent": "30"},
    {"option": "GAA", "term": 3, "percent": "30"},
]
_POISON = (
    b"",
    b"{",
    b"[1, 2]",
    b'{"request_id": "x", "contract_id": "C1"}',
    b'{"request_id": "a|b", "contract_id": "C1", "participant_id": "P1"}',
    b'{"request_id": "x", "contract_id": "C1", "participant_id": "P1", "amount": NaN}',
    b"\xff\xfe\x00 not text",
    b"[" * 5000,
)
_REPEATED, _CONFLICTING, _POISONED = 0.05, 0.08, 0.09
"""Bounds of a draw: below the first a repeat, below the second a conflicting duplicate, below the third poison."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is put on a topic; without a key on its first partition."""

    topic: str
    key: str | None
    value: bytes


@dataclass
class Traffic:
    """The traffic of a run and what was sent: contents per participant and request id, how many repeats, poison."""

    requests: int
    participants: int
    days: tuple[date, ...]
    random: Random
    contents: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    repeats: int = 0
    poison: int = 0
    _recent: deque[tuple[str, Json]] = field(default_factory=lambda: deque(maxlen=3000))

    def openings(self) -> Iterator[Message]:
        """Everybody's account."""
        for n in range(self.participants):
            opening = books.opening("open", str(self.days[0]), participant_id=f"P{n}", allocation=_SHARES)
            yield self._new("account-instructions", opening)

    def day(self, at: int) -> list[Message]:
        """The requests that are made on a day: its share of those that are left after the openings."""
        left = self.requests - self.participants
        first, last = (left * n // len(self.days) for n in (at, at + 1))
        return [self._drawn(self.days[at], f"{at}-{n}") for n in range(last - first)]

    def market(self, at: int) -> list[Message]:
        """The prices and yields with which a day can close."""
        day = str(self.days[at])
        prices = {f: f"{10 + self.random.randint(0, 999_999) / 1_000_000:.6f}" for f in ("F1", "F2", "F3")}
        values = [_reference("fund-values", books.fund_value(fund, day, price)) for fund, price in prices.items()]
        return [_reference("market-yields", books.yields(day, *_POINTS)), *values]

    def _drawn(self, day: date, name: str) -> Message:
        draw = self.random.random()
        if draw < _CONFLICTING:
            topic, message = self.random.choice(self._recent)
            if draw < _REPEATED:
                return self._repeat(topic, message)
            return self._new(topic, message | {"source": "employer", "said_again": name})
        if draw < _POISONED:
            self.poison += 1
            person = f"C1|P{self.random.randrange(self.participants)}"
            return Message("deposit-requests", person, self.random.choice(_POISON))
        return self._request(day, name, {"participant_id": f"P{self.random.randrange(self.participants)}"})

    def _request(self, day: date, name: str, who: Json) -> Message:
        kind, on = self.random.random(), str(day)
        if kind < 0.80:
            amount = self.random.choice(("100.00", "75.50", "33.33", "1250.00", "1,00", "0.00"))
            return self._new("deposit-requests", books.deposit(f"d{name}", on, amount, **who))
        if kind < 0.86:
            legs = [{"option": self.random.choice(("F1", "F1", "GAA")), "percent": "25"}]
            transfer = books.transfer(f"t{name}", on, legs, [{"option": "F2", "percent": "100"}], **who)
            return self._new("transfer-requests", transfer)
        if kind < 0.92:
            amount = self.random.choice(("20.00", "150.00", "999999.00"))
            return self._new("withdrawal-requests", books.withdrawal(f"w{name}", on, amount=amount, **who))
        if kind < 0.94:
            return self._new("account-instructions", books.allocating(f"a{name}", on, _SHARES, **who))
        if kind < 0.96:
            return self._new("account-instructions", self._election(f"e{name}", on, who))
        _, message = self.random.choice(self._recent)
        who = {"participant_id": message["participant_id"]}
        cancelling = books.cancelling(f"c{name}", on, message["request_id"], **who)
        return self._new("account-instructions", cancelling)

    def _election(self, request_id: str, on: str, who: Json) -> Json:
        wish: Json = self.random.choice(({"withdraw": True}, {"to": [{"option": "F1", "percent": "100"}]}))
        order = {"kind": "maturity_election", "account": "pretax", "lot": self.random.choice(("GAA-1", "GAA-2"))}
        return books.request(request_id, on, instruction=order | wish, **who)

    def _new(self, topic: str, message: Json) -> Message:
        self.contents[message["participant_id"], message["request_id"]].add(fingerprint(topic, message))
        self._recent.append((topic, message))
        return Message(topic, participant_key(message), json.dumps(message).encode())

    def _repeat(self, topic: str, message: Json) -> Message:
        """The same once more: when it was received and how it is written out do not matter."""
        self.repeats += 1
        again = dict(reversed(message.items())) if self.random.random() < 0.5 else message
        return Message(topic, participant_key(message), json.dumps(again).encode())


def contract() -> list[Message]:
    """Three funds, Fixed Account 2 and a guaranteed account; what is deposited into it on the first two days matures
    on the third, as its offering has it, and is reinvested on the fourth.
    """
    short, term = (books.guaranteed_term(3, ("0.02", through)) for through in ("2021-01-06", "2024-03-31"))
    return [
        _reference("contract-terms", books.terms(*books.FUNDS, books.fixed_account_2(), books.guaranteed())),
        _reference("credited-rates", books.declared("0.02")),
        _reference("credited-rates", books.one_year_minimum("0.01")),
        _reference("guaranteed-offerings", books.offering("G0", "2021-01-01", "2021-01-05", short)),
        _reference("guaranteed-offerings", books.offering("G1", "2021-01-06", "2021-03-31", term)),
        _reference("market-yields", books.yields("2020-12-31", *_POINTS)),
    ]


def business_days(count: int) -> tuple[date, ...]:
    """The first business days of 2021."""
    days = (_FIRST + timedelta(days=n) for n in range(365))
    return tuple(islice(filter(ExchangeCalendar().is_business_day, days), count))


def _reference(topic: str, message: Json) -> Message:
    return Message(topic, None, json.dumps(message).encode())
