"""What participants ask for in twelve years, at random: some of it late, some of it held by orders for years."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from contracts_schema.entries import RequestEntry, write_entry
from services.domain.receiving import Door, Raw, receive
from services.runtime.calendar import ExchangeCalendar
from services.runtime.records import OutputRecord
from tests.domain.books import Json, allocating, deposit, opening, request, transfer, withdrawal
from tests.domain.books_income import election
from tests.domain.books_orders import hold, release
from tests.domain.maturities import electing
from tests.domain.years import LENGTHS, market_log

TARGETS: tuple[Json, ...] = (
    *({"option": option} for option in ("F1", "F2", "FA", "FP", "FA2")),
    *({"option": option, "term": years} for option in ("GAA", "GAB") for years in LENGTHS),
)
LAST = date(2021, 12, 31)
_calendar = ExchangeCalendar()
_DOOR = Door(_calendar.trade_date, _calendar.local_day)


def life(seed: int, often: float = 0.6) -> list[OutputRecord]:
    """The log of twelve years in which something is asked for that often between two closes."""
    chance, log, made = Random(seed), list[OutputRecord](), 0  # noqa: S311 -- a life to be lived again, no secret
    for day, entry in market_log():
        if day > LAST:
            break
        while entry.key == b"day_closed" and chance.random() < often:
            made += 1
            log.append(_logged(*_asked(chance, f"r{made}", day), made))
        log.append(entry)
    return log


def _logged(topic: str, message: Json, recorded: datetime, offset: int) -> OutputRecord:
    entry = receive(Raw(topic, 0, offset, json.dumps(message).encode(), recorded), _DOOR)
    assert isinstance(entry, RequestEntry)
    return OutputRecord("ledger-log", 0, f"C1|{message['participant_id']}".encode(), write_entry(entry))


def _asked(chance: Random, name: str, day: date) -> tuple[str, Json, datetime]:
    """A request of the morning of a day; received long before by a sender who is trusted, now and then, and once in a
    while stamped so by a broker whose clock is years behind.
    """
    morning = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    received = morning - timedelta(days=chance.choice([0, 0, 0, 0, 0, 1, 5, 40, 200, 395]))
    recorded = morning if chance.random() < 0.99 else morning - timedelta(days=chance.choice([450, 1500, 3300]))
    who, by = chance.choice(["P1", "P2", "P3", "P4"]), chance.choice(["acme", "acme", "plain"])
    topic, message = _request(chance, name, min(received, recorded).isoformat(), (who, day))
    return topic, {**message, "participant_id": who, "submitted_by": by}, recorded


def _request(chance: Random, name: str, received: str, of: tuple[str, date]) -> tuple[str, Json]:
    """P4 is the one who elects annuities, P3 and P4 are those whom orders block."""
    kind, (who, day) = chance.randrange(100), of
    if who == "P4" and kind < 3:
        return "account-instructions", _income(chance, name, received, day)
    if who in ("P3", "P4") and kind < 6:
        return "account-instructions", chance.choice([hold, release, release])(name, received)
    if kind < 34:
        source = chance.choice(["salary_reduction", "external_transfer", "reinvestment"])
        amount = (
            f"{chance.choice([500, 3_000, 3_000, 60_000, 60_000, 60_000, 60_000, 400_000])}.{chance.randrange(100):02}"
        )
        share = {} if source == "reinvestment" else {"allocation": _shares(chance)}
        return "deposit-requests", deposit(name, received, amount, source=source, **share)
    mode = {"mode": "quote"} if chance.random() < 0.15 else {}
    if kind < 56:
        to = chance.choice(["F1", "F2", "FA2"])
        leg = {"option": chance.choice(["F1", "FA", "FP", "FA2", "GAA", "GAB"]), **_quantity(chance)}
        return "transfer-requests", transfer(name, received, [leg], [{"option": to, "percent": "100"}], **mode)
    if kind < 74:
        everything: Json = {"full": True} if chance.random() < 0.06 else {**_quantity(chance)}
        return "withdrawal-requests", withdrawal(name, received, **everything, **mode)
    return "account-instructions", _instruction(chance, name, received)


def _income(chance: Random, name: str, received: str, day: date) -> Json:
    variable: Json = {"payments": "variable", "funds": [{"option": "F1", "percent": "100"}]}
    first = (day + timedelta(days=chance.choice([0, 31, 90]))).isoformat()
    return election(name, received, years=3, percent="5", first_payment=first, **chance.choice([{}, variable]))


def _instruction(chance: Random, name: str, received: str) -> Json:
    kind = chance.randrange(20)
    if kind < 6:
        lot = f"{chance.choice(['GAA', 'GAB'])}-{chance.randrange(1, 30)}"
        wish: Json = {"to": _shares(chance)} if chance.random() < 0.8 else {"withdraw": True}
        return electing(name, received, lot, **wish)
    if kind < 10:
        return request(name, received, instruction={"kind": "rate_lock_election"})
    if kind < 12:
        return request(name, received, instruction={"kind": "reinvestment_election", "account": "pretax"})
    return opening(name, received) if kind < 14 else allocating(name, received, _shares(chance))


def _quantity(chance: Random) -> Json:
    return chance.choice([{"percent": "10"}, {"amount": "800.00"}, {"amount": "2500.00"}, {"percent": "55"}])


def _shares(chance: Random) -> list[Json]:
    chosen = chance.sample(TARGETS, chance.choice([1, 2, 4]))
    return [{**target, "percent": str(100 // len(chosen))} for target in chosen]


def stretches(seed: int) -> Iterator[bool]:
    """Whether a ledger settles between two entries: for weeks it does, and then for up to years it does not."""
    chance = Random(seed)  # noqa: S311 -- as above
    while True:
        settles = chance.random() < 0.5
        for _ in range(chance.choice([1, 10, 100, 500])):
            yield settles
