"""Remittances on a real broker: every line counted once and every submitter told once, though workers die."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from contracts_schema.topics import REQUEST_TOPICS
from tests.domain import books
from tests.pipeline.installation import Installation, Line

DAYS = [date(2021, 1, n) for n in (4, 5, 6, 7)]
REMITTANCES, LINES = 25, 20
"""A day; every fifth of the remittances lacks its last line until the next day."""

Told = list[tuple[str, str, int]]
"""Kind, day and lines received of each notice of a remittance, in order."""


@pytest.mark.timeout(280)
def test_every_remittance_is_told_of_once_though_workers_die(
    bootstrap_servers: str, topic_prefix: str, tmp_path: Path
) -> None:
    chance = Random(7)  # noqa: S311 -- a test's choices
    with Installation(bootstrap_servers, topic_prefix, tmp_path) as service:
        workers = {name: [service.start(name), service.start(name)] for name in ("intake", "remittances")}
        service.start("reference")
        service.send([("contract-terms", books.terms(books.fund("F1")))])
        service.wait_logged("terms")
        for at, day in enumerate(DAYS):
            service.send(_shuffled([*_late(day), *_lines(day)], chance))
            if at == 1:
                service.kill(workers["remittances"][0])
            if at == 2:
                service.kill(workers["intake"][0])
                service.start("remittances")
            service.wait_read("intake", REQUEST_TOPICS)
            service.send([("fund-values", books.fund_value("F1", str(day)))])
            _wait_closed(service, day)
        found: dict[str, Told] = defaultdict(list)
        for notice in service.messages("remittance-notices"):
            found[notice["remittance_id"]].append((notice["kind"], notice["date"], notice["lines_received"]))
    assert dict(found) == dict(_expected())


def _lines(day: date) -> Iterator[Line]:
    """The day's remittances, but for the last lines that come late."""
    for number in range(REMITTANCES):
        for line in range(LINES - (number % 5 == 0)):
            yield _line(day, number, line)


def _late(day: date) -> Iterator[Line]:
    """The last lines that were lacking the day before, stamped as received on this one."""
    if day != DAYS[0]:
        for number in range(0, REMITTANCES, 5):
            yield _line(DAYS[DAYS.index(day) - 1], number, LINES - 1, received=day)


def _line(day: date, number: int, line: int, received: date | None = None) -> Line:
    remittance = f"{day}-{number}"
    return "deposit-requests", books.deposit(
        f"{remittance}-{line}",
        str(received or day),
        "12.34",
        participant_id=f"P{line}",
        remittance_id=remittance,
        remittance_count=LINES,
        remittance_total="246.80",  # 20 × 12.34
    )


def _shuffled(lines: list[Line], chance: Random) -> list[Line]:
    """In any order, a tenth of them twice."""
    sent = [*lines, *chance.sample(lines, len(lines) // 10)]
    chance.shuffle(sent)
    return sent


def _wait_closed(service: Installation, day: date) -> None:
    def closed() -> bool:
        notes = service.notes("remittances").values()
        return len(notes) == service.partitions and {note.get("last_closed") for note in notes} == {str(day)}

    service.wait(closed, f"the close of {day}", 90)


def _expected() -> Iterator[tuple[str, Told]]:
    for at, day in enumerate(DAYS):
        for number in range(REMITTANCES):
            complete = "remittance_complete"
            told: Told = [(complete, str(day), LINES)]
            if number % 5 == 0:
                told = [("remittance_out_of_balance", str(day), LINES - 1)]
                told += [(complete, str(following), LINES) for following in DAYS[at + 1 : at + 2]]
            yield f"{day}-{number}", told
