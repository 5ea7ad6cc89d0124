"""The demo's people: a few hundred participants, their payroll remittances, transfers and withdrawals.

Four more, the witnesses, do so little that their totals can be worked out by hand (`witnesses.py`).
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random

from deploy.demo.market import CONTRACT, Line, Quarter
from services.runtime.calendar import NEW_YORK

SUBMITTER = "acme-payroll"
PARTICIPANTS = 300
ALLOCATIONS: tuple[tuple[tuple[str, int | None, str], ...], ...] = (
    (("GROWTH", None, "60"), ("INDEX", None, "40")),
    (("FA2", None, "30"), ("INDEX", None, "40"), ("BOND", None, "30")),
    (("GAA", 5, "40"), ("INDEX", None, "30"), ("FA2", None, "30")),
    (("GAA", 7, "33.33"), ("GROWTH", None, "33.33"), ("BOND", None, "33.34")),
    (("GAA", 5, "25"), ("GAA", 10, "25"), ("INDEX", None, "50")),
    (("GAA", 1, "30"), ("GROWTH", None, "40"), ("BOND", None, "30")),
)
REMITTANCE_COLUMNS = (
    *("contract_id", "remittance_id", "line", "participant_id", "account", "source", "amount"),
    *("submitted_by", "received_at"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A participant with a monthly salary reduction, in cents."""

    name: str
    kind: int
    cents: int


def people(seed: int) -> list[Person]:
    """Everybody but the witnesses."""
    random = Random(seed)  # noqa: S311 -- a demo's salaries
    return [
        Person(f"P{n:04d}", n % len(ALLOCATIONS), random.randint(5_000, 90_000)) for n in range(1, PARTICIPANTS + 1)
    ]


def received(day: date, hour: int = 10, minute: int = 30) -> str:
    """A time of day in New York, as a sender writes it."""
    return datetime.combine(day, time(hour, minute), NEW_YORK).isoformat()


def request(topic: str, request_id: str, participant: str, day: date, **content: object) -> Line:
    """A request line for `publish`."""
    value = {
        "request_id": request_id,
        "contract_id": CONTRACT,
        "participant_id": participant,
        "submitted_by": SUBMITTER,
        "received_at": received(day),
        **content,
    }
    return {"topic": topic, "value": value}


def openings(persons: list[Person], day: date) -> Iterator[Line]:
    """Every participant's accounts, with the allocation of their deposits."""
    for person in persons:
        shares = [
            {"option": option, "percent": percent} | ({} if term is None else {"term": term})
            for option, term, percent in ALLOCATIONS[person.kind]
        ]
        for account in ("pretax", "employer"):
            order = {"kind": "open_account", "account": account, "allocation": shares}
            yield request("account-instructions", f"open-{account}", person.name, day, instruction=order)


def remittance(persons: list[Person], day: date, *, match: bool) -> str:
    """A payroll remittance as the payroll system writes it: CSV, one line per contribution."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(REMITTANCE_COLUMNS)
    name, line = f"PAY-{day}", 0
    for person in persons:
        amounts = [("pretax", "salary_reduction", person.cents)]
        if match:
            amounts.append(("employer", "employer", person.cents // 2))
        for account, source, cents in amounts:
            line += 1
            amount = f"{cents // 100}.{cents % 100:02d}"
            writer.writerow((CONTRACT, name, line, person.name, account, source, amount, SUBMITTER, received(day)))
    return text.getvalue()


def faulty_lines(day: date) -> str:
    """What goes wrong in real remittances: a comma for a point, a word, nothing, nobody, somebody unknown."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(REMITTANCE_COLUMNS)
    name = f"BAD-{day}"
    rows = (
        ("P0001", "pretax", "salary_reduction", "12,50"),
        ("P0002", "pretax", "salary_reduction", "NaN"),
        ("P0003", "pretax", "salary_reduction", "-5.00"),
        ("P0004", "pretax", "salary_reduction", "0.00"),
        ("P0005", "pretax", "salary_reduction", "100.001"),
        ("P0006", "roth", "salary_reduction", "100.00"),
        ("P0007", "pension", "bonus", "ten"),
        ("", "pretax", "salary_reduction", "100.00"),
        ("X9999", "pretax", "salary_reduction", "100.00"),
    )
    for line, (person, account, source, amount) in enumerate(rows, 1):
        writer.writerow((CONTRACT, name, line, person, account, source, amount, SUBMITTER, received(day)))
    return text.getvalue()


def broken_records() -> Iterator[Line]:
    """Bytes that are no requests at all."""
    yield {"topic": "deposit-requests", "key": "?", "value": '{"request_id": "r1", "contract_id": '}
    yield {"topic": "deposit-requests", "key": "?", "value": "contribution;P0001;100"}
    yield {"topic": "withdrawal-requests", "key": "?", "value": "[1, 2, 3]"}


def movements(persons: list[Person], quarter: Quarter, seed: int) -> Iterator[Line]:
    """A quarter's transfers and withdrawals; some ask for more than there is, or for what is locked in."""
    random = Random(f"{seed}-{quarter.name}")  # noqa: S311 -- a demo's choices
    days = quarter.days()[5:-5]
    for n, person in enumerate(random.sample(persons, 30)):
        day = random.choice(days)
        yield _transfer(person, n, quarter, day, random) if n % 2 else _withdrawal(person, n, quarter, day, random)


def _transfer(person: Person, n: int, quarter: Quarter, day: date, random: Random) -> Line:
    shares = [share for share in ALLOCATIONS[person.kind] if share[0] != "FA2"]
    option, term, _ = shares[n // 2 % len(shares)]
    leg: Line = {"option": option} | ({} if term is None else {"term": term})
    leg |= random.choice(({"percent": "25"}, {"amount": f"{random.randint(50, 900)}.00"}, {"all": True}))
    target = "BOND" if option != "BOND" else "FA2"
    content = {"account": "pretax", "from": [leg], "to": [{"option": target, "percent": "100"}]}
    return request("transfer-requests", f"{quarter.name}-T{n}", person.name, day, **content)


def _withdrawal(person: Person, n: int, quarter: Quarter, day: date, random: Random) -> Line:
    content: Line = {"account": "pretax", "reason": random.choice(("in_service", "hardship", "separation"))}
    content |= random.choice(({"amount": f"{random.randint(100, 2500)}.00"}, {"percent": "10"}, {"full": True}))
    return request("withdrawal-requests", f"{quarter.name}-W{n}", person.name, day, **content)
