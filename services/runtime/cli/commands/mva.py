"""`annuity-ledger mva`."""

from collections.abc import Mapping
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
from services.runtime.cli.rates import SERIES, SPREADS, market_of_rates

WEEK = timedelta(days=7)
T = TypeVar("T")
Pair = tuple[Decimal, Decimal]
"""Of the deposit, and of the withdrawal."""


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
Spreads = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="CSV of corporate spreads in percent, for Method One.")
]
Years = Annotated[int | None, typer.Option("--term", min=1, max=10, help="With --rates: length of the term in years.")]


def mva(  # noqa: PLR0913 -- one option a number of the formula
    *,
    method: MethodName = Method.TWO,
    deposit_yield: Rate = None,
    deposit_spread: Rate = None,
    current_yield: Rate = None,
    current_spread: Rate = None,
    days: Days = None,
    net: Dollars = None,
    gross: Dollars = None,
    places: Places = 4,
    maturity: Date = None,
    withdrawal_date: Date = None,
    rates: Rates = None,
    spreads: Spreads = None,
    years: Years = None,
    period_start: Date = None,
    period_end: Date = None,
    deposit_date: Date = None,
) -> None:
    """Reckon a market value adjustment and write it out. Needs no broker.

    From numbers: --deposit-yield (i), --current-yield (j) and --days (x); or, for x, --maturity and
    --withdrawal-date, counted from the Wednesday of the withdrawal's week. For Method One the yields are Treasury
    rates (a and b), and --deposit-spread (i) and --current-spread (j) are added to them.

    From published rates: --rates, --term, --period-start, --period-end (the deposit period), --maturity and
    --withdrawal-date; --deposit-date is the first day of the period unless given. For Method One --spreads too,
    and --deposit-date instead of the period.

    With --net what the payee receives is fixed, with --gross the value that is taken.
    """
    amount = _amount(net, gross)
    _check_spreads(method, deposit_spread, current_spread, spreads)
    if rates is None:
        numbers = _yields(deposit_yield, current_yield)
        added = None if method is Method.TWO else _spreads(deposit_spread, current_spread)
        lines = _by_numbers(numbers, added, places, _days(days, maturity, withdrawal_date), amount)
    else:
        dates = _dates(method, period_start, period_end, deposit_date)
        term = Term(_needed(years, "--term"), *dates, _needed(maturity, "--maturity"))
        files = {SERIES: rates} if method is Method.TWO else {SERIES: rates, SPREADS: _needed(spreads, "--spreads")}
        lines = _by_rates(files, term, _needed(withdrawal_date, "--withdrawal-date"), places, amount)
    for line in lines:
        print_line(line)


@dataclass(frozen=True, slots=True)
class Counted:
    """x and where it is from."""

    days: int
    told: str


def _by_numbers(yields: Pair, spreads: Pair | None, places: int, counted: Counted, amount: Amount | None) -> list[str]:
    if spreads is None:
        given = Given(yields[:1], yields[1:], counted.days, places)
        lines = [f"i, deposit period yield {trimmed(yields[0])}", f"j, current yield {trimmed(yields[1])}"]
    else:
        given = Given((yields[0], spreads[0]), (yields[1], spreads[1]), counted.days, places)
        lines = [f"a, Treasury rate of the month of deposit {trimmed(yields[0])}", f"i, spread {trimmed(spreads[0])}"]
        lines += [f"b, current Treasury rate {trimmed(yields[1])}", f"j, spread {trimmed(spreads[1])}"]
    adjustment = from_numbers(given)
    shown = rounded(adjustment.unrounded, FACTOR_SHOWN_PLACES)
    lines += [counted.told, *formula_lines(given.deposit, given.current, given.days, shown, adjustment.factor)]
    return [*lines, *_amount_lines(adjustment, amount)]


def _by_rates(files: Mapping[str, Path], term: Term, day: date, places: int, amount: Amount | None) -> list[str]:
    adjustment = from_market(market_of_rates(files, term.period_start - WEEK, day), term, day, places)
    period = "" if SPREADS in files else f"deposit period {term.period_start} to {term.period_end}, "
    whose = f"term of {term.years} years, {period}deposited {term.deposited}, matures {term.maturity}; withdrawn {day}"
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


def _yields(deposit_yield: Decimal | None, current_yield: Decimal | None) -> Pair:
    return _needed(deposit_yield, "--deposit-yield"), _needed(current_yield, "--current-yield")


def _spreads(deposit_spread: Decimal | None, current_spread: Decimal | None) -> Pair:
    return _needed(deposit_spread, "--deposit-spread"), _needed(current_spread, "--current-spread")


def _check_spreads(method: Method, *given: Decimal | Path | None) -> None:
    if method is Method.TWO and any(each is not None for each in given):
        raise WrongUseError("Spreads belong to --method one.")


def _dates(method: Method, start: date | None, end: date | None, deposited: date | None) -> tuple[date, date, date]:
    """Deposit period and day of deposit; Method One needs the day alone."""
    if method is Method.ONE:
        on = _needed(deposited, "--deposit-date")
        return start or on, end or on, on
    start, end = _needed(start, "--period-start"), _needed(end, "--period-end")
    return start, end, deposited or start


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
