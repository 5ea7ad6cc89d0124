"""What happens in the demo: sixteen quarters of payroll, transfers, withdrawals and closes, and what goes wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.demo import people, witnesses
from deploy.demo.market import (
    FIRST,
    Funds,
    Quarter,
    Rates,
    offering,
    quarters,
    rate_below_floor,
    rates_of_fixed_account,
    terms,
)
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
    stage.publish(stage.write("contract", [terms(), *rates_of_fixed_account(), offering(quarters()[0], rates)]))
    stage.wait_for_terms()
    openings = [*people.openings(persons, FIRST), *witnesses.openings()]
    told.records += stage.publish(stage.write("openings", openings))
    for quarter, following in zip(quarters(), [*quarters()[1:], None], strict=True):
        files = list(_requests(stage, quarter, persons))
        news = list(_news(stage, quarter, following, rates))
        told.records += stage.publish(*news, *files) - len(news)
        _market(stage, quarter, rates, funds)
        stage.wait_closed(quarter.days()[-1])
        if quarter.name == DUPLICATE_IN:
            told.twice = stage.publish(files[0])
            told.records += told.twice
        advance(quarter.name)
    return told


def _news(stage: Stage, quarter: Quarter, following: Quarter | None, rates: Rates) -> Iterator[Path]:
    """The next deposit period, announced before it begins; and once a rate below its floor, which is refused."""
    if following is not None:
        yield stage.write(f"{following.name}-offering", [offering(following, rates)])
    if quarter.name == FAULTY_IN:
        yield stage.write("rate-below-floor", [rate_below_floor(quarter.end)])


def _requests(stage: Stage, quarter: Quarter, persons: list[people.Person]) -> Iterator[Path]:
    """The quarter's remittances, one a month, then everything else that people send."""
    paydays = list({day.month: day for day in quarter.days()}.values())
    for day in paydays:
        text = people.remittance(persons, day, match=day == paydays[-1])
        yield stage.write_remittance(f"{quarter.name}-remittance-{day}", text)
    lines = [*people.movements(persons, quarter, SEED), *witnesses.acts(quarter)]
    yield stage.write(f"{quarter.name}-requests", lines)
    if quarter.name == FAULTY_IN:
        yield stage.write_remittance("faulty", people.faulty_lines(paydays[0]))
        yield stage.write("broken", people.broken_records())


def _market(stage: Stage, quarter: Quarter, rates: Rates, funds: Funds) -> None:
    """The quarter's yields and prices; once, a worker dies while days are being closed, and another takes its place."""
    yields = stage.write(f"{quarter.name}-yields", rates.messages(quarter.start, quarter.end))
    lines = [line for day in quarter.days() for line in funds.messages(day)]
    first = stage.write(f"{quarter.name}-prices-1", lines[: len(lines) // 2])
    second = stage.write(f"{quarter.name}-prices-2", lines[len(lines) // 2 :])
    if quarter.name != KILL_IN:
        stage.publish(yields, first, second)
        return
    stage.publish(yields, first)
    stage.kill_worker()
    stage.start_worker()
    stage.publish(second)
