"""The market value adjustment of a confirmation, lot by lot, as an actuary would write it out."""

from collections.abc import Iterator

from contracts_schema.outcomes import MvaBlock, MvaLine, YieldUsed
from contracts_schema.types import plain
from services.runtime.cli.formula import days_line, formula_lines, taken_lines, trimmed


def mva_lines(block: MvaBlock) -> Iterator[str]:
    """Every lot drawn, then the aggregate (MVA-6)."""
    for line in block.lines:
        yield from lot_lines(line)
    sums = " + ".join(_signed(line) for line in block.lines) + " = " if len(block.lines) > 1 else ""
    yield f"aggregate MVA = {sums}{plain(block.aggregate)}   (MVA-6)"


def lot_lines(line: MvaLine) -> Iterator[str]:
    """One lot: whose it is, then its reckoning, indented."""
    yield f"lot {line.lot} of {line.option}: {line.term} years, deposited {line.deposit_date}, matures {line.maturity}"
    yield from (f"  {text}" for text in reckoning_lines(line))
    yield from (f"  {text}" for text in taken_lines(line.taken, line.factor, line.adjustment))


def reckoning_lines(line: MvaLine) -> Iterator[str]:
    """x, both yields with every rate behind them, and the formula."""
    if line.deposit_yield is None or line.current_yield is None or line.days is None:
        yield f"no adjustment applies ({line.rule}): factor {plain(line.factor)}"
        return
    if line.count_from is not None:
        yield days_line(line.count_from, line.maturity, line.days)
    yield "i, the deposit period yield, is the mean of   (MVA-2, MVA-4)"
    yield from (f"  {yield_line(used)}" for used in line.deposit_yields)
    yield f"  i = {trimmed(line.deposit_yield)}"
    yield "j, the current yield, is the mean of   (MVA-2, MVA-4)"
    yield from (f"  {yield_line(used)}" for used in line.current_yields)
    yield f"  j = {trimmed(line.current_yield)}"
    yield from formula_lines(line.deposit_yield, line.current_yield, line.days, line.factor_unrounded, line.factor)


def yield_line(used: YieldUsed) -> str:
    """One yield: the day it is for, where it comes from, and when that was published."""
    published = "published that day" if used.published_on == used.for_date else f"published {used.published_on}"
    return f"{used.for_date}  {trimmed(used.rate)}   {used.series}, {published}: {used.basis}"


def _signed(line: MvaLine) -> str:
    return plain(line.adjustment) if line.adjustment >= 0 else f"({plain(line.adjustment)})"
