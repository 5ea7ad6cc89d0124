"""`annuity-ledger mva`."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from contracts_schema.types import plain
from services.domain.mva import FACTOR_SHOWN_PLACES, Adjustment, days_remaining
from services.domain.numbers import rounded
from services.runtime.cli.adjusting import Amount, Given, Term, drawn, from_market, from_numbers, line_of
from services.runtime.cli.arguments import day, money, rate
from services.runtime.cli.consoles import print_line
from services.runtime.cli.explaining_mva import reckoning_lines
from services.runtime.cli.failures import WrongUseError
from services.runtime.cli.formula import days_line, formula_lines, taken_lines, trimmed
from services.runtime.cli.rates import market_of_rates

WEEK = timedelta(days=7)
T = TypeVar("T")


class Method(StrEnum):
    """The documents' two formulas."""

    ONE = "one"
    TWO = "two"


Rate = Annotated[Decimal | None, typer.Option(parser=rate, metavar="FRACTION", help="As a fraction: 0.04 is 4%.")]
Days = Annotated[int | None, typer.Option(min=0, help="x, days to maturity.")]
Dollars = Annotated[Decimal | None, typer.Option(parser=money, metavar="DOLLARS")]
Date = Annotated[date | None, typer.Option(parser=day, metavar="YYYY-MM-DD")]
MethodName = Annotated[Method, typer.Option(help="The formula.")]
Places = Annotated[int, typer.Option(min=2, max=12, help="Places that the factor is rounded to.")]
Rates = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="CSV of constant-maturity rates in percent: date,y1,y2,…"),
]
Years = Annotated[int | None, typer.Option("--term", min=1, max=10, help="With --rates: length of the term in years.")]


def mva(  # noqa: PLR0913 -- one option a number of the formula
    *,
    method: MethodName = Method.TWO,
    deposit_yield: Rate = None,
    current_yield: Rate = None,
    days: Days = None,
    net: Dollars = None,
    gross: Dollars = None,
    places: Places = 4,
    maturity: Date = None,
    withdrawal_date: Date = None,
    rates: Rates = None,
    years: Years = None,
    period_start: Date = None,
    period_end: Date = None,
    deposit_date: Date = None,
) -> None:
    """Reckon a market value adjustment and write it out. Needs no broker.

    From numbers: --deposit-yield (i), --current-yield (j) and --days (x); or, for x, --maturity and
    --withdrawal-date, counted from the Wednesday of the withdrawal's week.

    From published rates: --rates, --term, --period-start, --period-end (the deposit period), --maturity and
    --withdrawal-date; --deposit-date is the first day of the period unless given.

    With --net what the payee receives is fixed, with --gross the value that is taken.
    """
    if method is Method.ONE:
        raise WrongUseError("NOT_AVAILABLE: Method One is decided by rule MVA-1, which this version does not have.")
    amount = _amount(net, gross)
    if rates is None:
        numbers = _yields(deposit_yield, current_yield)
        lines = _by_numbers(numbers, places, _days(days, maturity, withdrawal_date), amount)
    else:
        lengths = _needed(years, "--term"), _needed(period_start, "--period-start"), _needed(period_end, "--period-end")
        term = Term(*lengths, deposit_date or lengths[1], _needed(maturity, "--maturity"))
        lines = _by_rates(rates, term, _needed(withdrawal_date, "--withdrawal-date"), places, amount)
    for line in lines:
        print_line(line)


@dataclass(frozen=True, slots=True)
class Counted:
    """x and where it is from."""

    days: int
    told: str


def _by_numbers(yields: tuple[Decimal, Decimal], places: int, counted: Counted, amount: Amount | None) -> list[str]:
    given = Given(*yields, counted.days, places)
    adjustment = from_numbers(given)
    shown = rounded(adjustment.unrounded, FACTOR_SHOWN_PLACES)
    lines = [f"i, deposit period yield {trimmed(yields[0])}", f"j, current yield {trimmed(yields[1])}", counted.told]
    lines += formula_lines(*yields, given.days, shown, adjustment.factor)
    return [*lines, *_amount_lines(adjustment, amount)]


def _by_rates(rates: Path, term: Term, day: date, places: int, amount: Amount | None) -> list[str]:
    adjustment = from_market(market_of_rates(rates, term.period_start - WEEK, day), term, day, places)
    period = f"deposit period {term.period_start} to {term.period_end}, deposited {term.deposited}"
    whose = f"term of {term.years} years, {period}, matures {term.maturity}; withdrawn {day}"
    return [whose, *reckoning_lines(line_of(adjustment)), *_amount_lines(adjustment, amount)]


def _amount_lines(adjustment: Adjustment, amount: Amount | None) -> list[str]:
    if amount is None:
        return []
    draw = drawn(adjustment, amount)
    wanted = f"{'gross' if amount.gross else 'net'} amount {plain(amount.dollars)}   (WDL-3)"
    return [wanted, *taken_lines(draw.taken, adjustment.factor, draw.pays - draw.taken)]


def _amount(net: Decimal | None, gross: Decimal | None) -> Amount | None:
    if net is not None and gross is not None:
        raise WrongUseError("Say --net or --gross, not both.")
    if net is not None:
        return Amount(net)
    return None if gross is None else Amount(gross, gross=True)


def _yields(deposit_yield: Decimal | None, current_yield: Decimal | None) -> tuple[Decimal, Decimal]:
    return _needed(deposit_yield, "--deposit-yield"), _needed(current_yield, "--current-yield")


def _days(days: int | None, maturity: date | None, withdrawal_date: date | None) -> Counted:
    if days is not None:
        return Counted(days, f"x, days to maturity {days}")
    end = _needed(maturity, "--days, or --maturity and --withdrawal-date,")
    count_from, counted = days_remaining(end, _needed(withdrawal_date, "--withdrawal-date"))
    return Counted(counted, days_line(count_from, end, counted))


def _needed(value: T | None, option: str) -> T:
    if value is None:
        raise WrongUseError(f"{option} is needed.")
    return value
