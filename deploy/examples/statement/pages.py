"""A participant's statement as a page of HTML: what is held, its value over time, what happened, and every adjustment
written out.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contracts_schema.rules import clauses
from deploy.examples.statement.chart import value_chart
from deploy.examples.statement.holders import Holder
from deploy.examples.statement.records import Json, dollars

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def page(holder: Holder, first: date, last: date) -> str:
    """The statement of a period, first and last day included; holdings are those of the last record there is."""
    return _ENVIRONMENT.get_template("statement.html").render(
        holder=holder,
        values=holder.values,
        first=first,
        last=last,
        chart=value_chart(holder.points),
        confirmations=holder.between(first, last),
        notices=holder.told_between(first, last),
    )


def money(text: str) -> str:
    """Dollars for a reader: "-1234.50" is "-$1,234.50"."""
    amount = dollars(text)
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def percent(fraction: str) -> str:
    """A rate for a reader, to seven places: "0.0425" is "4.25%"."""
    return f"{_short(Decimal(fraction) * 100, 7)}%"


def _short(number: Decimal, places: int) -> str:
    """Rounded to at most so many places: averages of yields are written to all their digits."""
    return f"{number.quantize(Decimal(1).scaleb(-places)).normalize():f}"


def yields(line: Json) -> str:
    """The yields behind an adjustment, by the letters that the contract gives them under its method."""
    if "deposit_spread" in line:
        then = f"a = {percent(line['deposit_yield'])}, i = {percent(line['deposit_spread'])} of the month of deposit"
        now = f"b = {percent(line['current_yield'])}, j = {percent(line['current_spread'])} of the time left"
    else:
        then = f"i = {percent(line['deposit_yield'])} of the deposit period"
        now = f"j = {percent(line['current_yield'])} of the time left"
    return f"{then}; {now}; x = {line['days']} days to maturity"


def formula(line: Json) -> str:
    """The adjustment factor of a lot, with its numbers; a line without yields says by its rule why there is none."""
    if "deposit_yield" not in line:
        return f"no adjustment ({line['rule']}): factor {line['factor']}"
    deposit, current = _sum(line, "deposit"), _sum(line, "current")
    power = f"((1 + {deposit}) / (1 + {current}))^({line['days']}/365)"
    return f"{power} = {_short(Decimal(line['factor_unrounded']), 7)}, rounded {line['factor']}"


def _sum(line: Json, which: str) -> str:
    parts = (line[name] for name in (f"{which}_yield", f"{which}_spread") if name in line)
    return " + ".join(_short(Decimal(part), 9) for part in parts)


def clause(rules: list[str]) -> str:
    """The clauses of the contract behind rule ids."""
    return clauses(tuple(rules))


_ENVIRONMENT.filters.update(money=money, percent=percent, yields=yields, formula=formula, clause=clause)
