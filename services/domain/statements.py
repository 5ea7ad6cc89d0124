"""The annual notice of a participant: what it holds, in numbers and values (NTC-1).

It is the last thing of its close: the day's fees, maturities, requests and payments are in it (MAT-6). Whoever holds
nothing at all, neither value nor annuity units, is told nothing. An order that blocks a participant keeps no notice
back, for nothing is moved by it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter

from contracts_schema.figures import AnnuityUnitsLine
from contracts_schema.options import FixedOption, FundOption, GuaranteedOption, Option
from contracts_schema.statements import AccountStatement, OptionTotal, Statement, StatementLine
from contracts_schema.values import changed
from services.domain.annuity_values import annuity_unit_value
from services.domain.emitting import Told, notice
from services.domain.guaranteed import held_lots
from services.domain.market import Market
from services.domain.maturing import valuation
from services.domain.numbers import ZERO, cents
from services.domain.positions import value_at
from services.domain.state import Account, Participant
from services.domain.statement_dates import StatementClose
from services.domain.steps import Moment, Step
from services.domain.valuation import Valuation
from services.domain.verdicts import cited

_day = attrgetter("day")


def statement_due(market: Market, participant: Participant) -> date | None:
    """The closed day whose annual notice the participant is still to have; None where there is none.

    Unlike what else is due it follows from the contract and not from the participant's books, which keep only the last
    one: so it is right for everybody whenever the terms came, and costs a look into a dict where there is none.
    """
    closes = market.statements.get(participant.contract_id)
    if closes is None or participant.stated == closes[-1].day or not participant.accounts:
        return None
    covered = min(account.opened for account in participant.accounts)
    first = covered if participant.stated is None else participant.stated + timedelta(days=1)
    at = bisect_left(closes, first, key=_day)
    return closes[at].day if at < len(closes) else None


def stated(market: Market, participant: Participant, moment: Moment) -> Step:
    """The annual notice of a close, where it is due there and there is anything to tell."""
    assert moment.trade_date is not None, "a closed day is a trade date"
    if statement_due(market, participant) != moment.trade_date:
        return Step(participant)
    books = changed(participant, stated=moment.trade_date)
    closes = market.statements[books.contract_id]
    close = closes[bisect_left(closes, moment.trade_date, key=_day)]
    statement = _statement(valuation(market, books, close.day), books, close)
    if not statement.accounts:
        return Step(books)
    units = any(account.annuity_units for account in statement.accounts)
    rules = cited("NTC-1", "MAT-6", *(("INC-4",) if units else ()))
    details = {"statement_date": close.dated.isoformat()}
    told = Told("annual_statement", rules, max(close.dated, close.day), None, details, statement)
    numbered, emission = notice(books, told, moment.decided_at)
    return Step(numbered, emissions=(emission,))


def _statement(at: Valuation, participant: Participant, close: StatementClose) -> Statement:
    every = [_account_statement(at, account) for account in participant.accounts]
    accounts = tuple(account for account in every if account.lines or account.annuity_units)
    totals = tuple(_totals(at, accounts))
    value = sum((total.value for total in totals), ZERO)
    return Statement(statement_date=close.dated, as_of=close.day, accounts=accounts, totals=totals, value=value)


def _account_statement(at: Valuation, account: Account) -> AccountStatement:
    lines = tuple(line for option in at.terms.options for line in _lines(at, account, option))
    return AccountStatement(
        account=account.type,
        lines=lines,
        annuity_units=tuple(_annuity_units(at, account)) or None,
        value=sum((line.value for line in lines), ZERO),
    )


def _lines(at: Valuation, account: Account, option: Option) -> Iterator[StatementLine]:
    """What an account holds in an option, each part at its own index."""
    if isinstance(option, GuaranteedOption):
        yield from _lots(at, account, option)
    elif isinstance(option, FixedOption) and option.rate_basis == "when_applied":
        for part in account.applied_to(option.option):
            yield StatementLine(
                option=option.option,
                kind=option.kind,
                applied_since=part.since,
                bonus_since=at.bonus_since(option, account),
                **_worth(part.units, at.applied_index(option, account, part.since)),
            )
    elif units := account.units_of(option.option):
        yield StatementLine(
            option=option.option,
            kind=option.kind,
            bonus_since=at.bonus_since(option, account),
            **_worth(units, at.index(option, account)),
        )


def _lots(at: Valuation, account: Account, option: GuaranteedOption) -> Iterator[StatementLine]:
    for lot in held_lots(account, option.option):
        yield StatementLine(
            option=option.option,
            kind=option.kind,
            lot=lot.lot,
            term=lot.years,
            deposited=lot.deposited,
            maturity=lot.maturity,
            **_worth(lot.units, at.lot_index(lot)),
        )


def _worth(units: Decimal, index: Decimal) -> dict[str, Decimal]:
    return {"units": units, "index": index, "value": value_at(units, index)}


def _annuity_units(at: Valuation, account: Account) -> Iterator[AnnuityUnitsLine]:
    """How many annuity units each payment is worth, by fund and charge class, over all annuities that still pay."""
    held: dict[tuple[str, str], Decimal] = {}
    for income in account.incomes:
        for part in income.units:
            assert income.charge_class is not None, "annuity units have a class"
            key = part.option, income.charge_class
            held[key] = held.get(key, Decimal(0)) + part.units
    for (option, charge_class), units in held.items():
        value = annuity_unit_value(at, option, charge_class)
        yield AnnuityUnitsLine(
            option=option, units=units, unit_value=value, unit_value_date=at.day, dollars=cents(units * value)
        )


def _totals(at: Valuation, accounts: tuple[AccountStatement, ...]) -> Iterator[OptionTotal]:
    """Each option's lines of all accounts together, in the contract's order."""
    for option in at.terms.options:
        lines = [line for account in accounts for line in account.lines if line.option == option.option]
        if lines:
            fund = isinstance(option, FundOption)
            yield OptionTotal(
                option=option.option,
                kind=option.kind,
                units=sum((line.units for line in lines), Decimal(0)) if fund else None,
                unit_value=lines[0].index if fund else None,
                value=sum((line.value for line in lines), ZERO),
            )
