"""What happens in the demo: sixteen quarters of payroll, transfers, withdrawals and closes, and what goes wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from deploy.demo import people, witnesses
from deploy.demo.market import FIRST, Funds, Quarter, Rates, offering, quarters, rates_of_fixed_account, terms
from deploy.demo.stage import Stage

SEED = 20210104
DUPLICATE_IN, KILL_IN, FAULTY_IN = "2021-Q3", "2022-Q2", "2021-Q2"


@dataclass
class Told:
    """What was published, for the checks at the end."""

    records: int = 0
    twice: int = 0


def play(stage: Stage, advance: Callable[[str], None]) -> Told:
    """Play every quarter; `advance` is told what is going on, once a quarter."""
    told, rates, funds, persons = Told(), Rates(), Funds(SEED), people.people(SEED)
    stage.publish("contract", [terms(), *rates_of_fixed_account(), offering(quarters()[0], rates)])
    stage.wait_for_terms()
    told.records += stage.publish("openings", [*people.openings(persons, FIRST), *witnesses.openings()])
    for quarter, following in zip(quarters(), [*quarters()[1:], None], strict=True):
        if following is not None:
            stage.publish(f"{following.name}-offering", [offering(following, rates)])
        told.records += sum(_requests(stage, quarter, persons))
        _market(stage, quarter, rates, funds)
        stage.wait_closed(quarter.days()[-1])
        if quarter.name == DUPLICATE_IN:
            told.twice = stage.publish_file(_remittance_file(stage, quarter))
            told.records += told.twice
        advance(quarter.name)
    return told


def _requests(stage: Stage, quarter: Quarter, persons: list[people.Person]) -> Iterator[int]:
    """The quarter's remittances, one a month, then everything else that people send."""
    paydays = _paydays(quarter)
    for day in paydays:
        text = people.remittance(persons, day, match=day == paydays[-1])
        yield stage.publish_remittance(f"{quarter.name}-remittance-{day}", text)
    lines = [*people.movements(persons, quarter, SEED), *witnesses.acts(quarter)]
    yield stage.publish(f"{quarter.name}-requests", lines)
    if quarter.name == FAULTY_IN:
        yield stage.publish_remittance("faulty", people.faulty_lines(paydays[0]))
        yield stage.publish("broken", people.broken_records())


def _paydays(quarter: Quarter) -> list[date]:
    """The last business day of each month."""
    return list({day.month: day for day in quarter.days()}.values())


def _remittance_file(stage: Stage, quarter: Quarter) -> Path:
    return stage.folder / f"{quarter.name}-remittance-{_paydays(quarter)[0]}.csv"


def _market(stage: Stage, quarter: Quarter, rates: Rates, funds: Funds) -> None:
    """The quarter's yields and prices; once, a worker dies while days are being closed, and another takes its place."""
    stage.publish(f"{quarter.name}-yields", rates.messages(quarter.start, quarter.end))
    lines = [line for day in quarter.days() for line in funds.messages(day)]
    half = len(lines) // 2
    stage.publish(f"{quarter.name}-prices-1", lines[:half])
    if quarter.name == KILL_IN:
        stage.kill_worker()
        stage.start_worker()
    stage.publish(f"{quarter.name}-prices-2", lines[half:])
