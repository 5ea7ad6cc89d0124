"""The annual notice written out: what each account holds, and what that is worth. Pure."""

from collections.abc import Iterator

from contracts_schema.statements import AccountStatement, OptionTotal, Statement, StatementLine
from contracts_schema.types import plain


def statement_lines(statement: Statement) -> Iterator[str]:
    """Every holding by account, then each option in all, and the sum."""
    for account in statement.accounts:
        yield f"\nAccount {account.account.value}"
        yield from _account(account)
    yield f"\nIn all, as of {statement.as_of}"
    yield from map(_total, statement.totals)
    yield f"  value {plain(statement.value)}"


def _account(account: AccountStatement) -> Iterator[str]:
    for line in account.lines:
        yield f"  {_place(line)}: {plain(line.units)} units × {plain(line.index)} = {plain(line.value)} dollars"
    for units in account.annuity_units or ():
        yield f"  {units.option}: {plain(units.units)} annuity units, one worth {plain(units.unit_value)}   (INC-4)"
    yield f"  value {plain(account.value)}"


def _place(line: StatementLine) -> str:
    if line.lot is not None:
        return f"{line.option} lot {line.lot}, term of {line.term} years, matures {line.maturity}"
    since = "" if line.applied_since is None else f", at the rate declared from {line.applied_since}"
    return f"{line.option} ({line.kind.replace('_', ' ')}){since}"


def _total(total: OptionTotal) -> str:
    units = "" if total.units is None or total.unit_value is None else f"{plain(total.units)} units, one worth "
    value = "" if total.unit_value is None else f"{plain(total.unit_value)}: "
    return f"  {total.option}: {units}{value}{plain(total.value)} dollars"
