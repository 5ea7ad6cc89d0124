"""The market value adjustment of a confirmation, lot by lot, as an actuary would write it out."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from contracts_schema.figures import MvaBlock, MvaLine, YieldUsed
from contracts_schema.types import plain
from services.runtime.cli.formula import days_line, formula_lines, taken_lines, trimmed, years_text


def mva_lines(block: MvaBlock) -> Iterator[str]:
    """Every lot drawn, then the aggregate (MVA-6), and why it does not count where it does not (MVA-7, LIM-4)."""
    counts = block.not_applied_by is None
    for line in block.lines:
        yield from lot_lines(line, counts=counts)
    sums = " + ".join(_signed(line) for line in block.lines) + " = " if len(block.lines) > 1 else ""
    yield f"aggregate MVA {'=' if counts else 'would be'} {sums}{plain(block.aggregate)}   (MVA-6)"
    if not counts:
        yield f"it does not count: only a positive aggregate does here   ({block.not_applied_by})"


def lot_lines(line: MvaLine, *, counts: bool = True) -> Iterator[str]:
    """One lot: whose it is, then its reckoning, indented."""
    term = years_text(line.term)
    whose = "" if line.account is None else f"{line.account.value}: "
    yield f"{whose}lot {line.lot} of {line.option}: {term}, deposited {line.deposit_date}, matures {line.maturity}"
    yield from (f"  {text}" for text in reckoning_lines(line))
    yield from (f"  {text}" for text in taken_lines(line.taken, line.factor, line.adjustment, counts=counts))


def reckoning_lines(line: MvaLine) -> Iterator[str]:
    """Whose reckoning it is where it is another lot's, x, every rate behind the yields, and the formula."""
    if line.deposit_yield is None or line.current_yield is None or line.days is None:
        yield f"no adjustment applies ({line.rule}): factor {plain(line.factor)}"
        return
    if line.favoured_lot is not None:
        yield f"equal terms: the factor of lot {line.favoured_lot} is the most favourable and counts for all   (MVA-9)"
    if line.count_from is not None:
        yield days_line(line.count_from, line.maturity, line.days)
    deposit: tuple[Decimal, ...] = (line.deposit_yield,)
    current: tuple[Decimal, ...] = (line.current_yield,)
    if line.deposit_spread is None or line.current_spread is None:
        yield from _mean("i, the deposit period yield,", line.deposit_yields, line.deposit_yield, "MVA-2")
        yield from _mean("j, the current yield,", line.current_yields, line.current_yield, "MVA-2")
    else:
        deposit, current = (*deposit, line.deposit_spread), (*current, line.current_spread)
        yield from _mean("a, the Treasury rate of the month of deposit,", line.deposit_yields, deposit[0], "MVA-1")
        yield from _mean("i, the spread over it,", line.deposit_spreads or (), deposit[1], "MVA-1")
        yield from _mean("b, the current Treasury rate for the remainder,", line.current_yields, current[0], "MVA-1")
        yield from _mean("j, the spread over it,", line.current_spreads or (), current[1], "MVA-1")
    yield from formula_lines(deposit, current, line.days, line.factor_unrounded, line.factor)


def _mean(what: str, yields: Sequence[YieldUsed], average: Decimal, rule: str) -> Iterator[str]:
    yield f"{what} is the mean of   ({rule}, MVA-4)"
    yield from (f"  {yield_line(used)}" for used in yields)
    yield f"  {what[0]} = {trimmed(average)}"


def yield_line(used: YieldUsed) -> str:
    """One yield: the day it is for, where it comes from, and when that was published."""
    published = "published that day" if used.published_on == used.for_date else f"published {used.published_on}"
    return f"{used.for_date}  {trimmed(used.rate)}   {used.series}, {published}: {used.basis}"


def _signed(line: MvaLine) -> str:
    return plain(line.adjustment) if line.adjustment >= 0 else f"({plain(line.adjustment)})"
