"""A participant's books as they stand: units × index = value at the last closed day. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts_schema.options import FixedOption
from contracts_schema.terms import ContractTerms
from contracts_schema.types import plain
from services.domain.guaranteed import in_window, lot_index, oldest_first
from services.domain.market import Market
from services.domain.numbers import exact
from services.domain.positions import value_at
from services.domain.state import Account, AllocationShare, Applied, Lot, Participant
from services.domain.valuation import Valuation
from services.runtime.cli.formula import trimmed


@dataclass(frozen=True, slots=True)
class Holding:
    """A position or a lot; index and value are None where the last closed day does not tell them.

    `at_maturity` says what the owner elected, what became of a matured lot, or that it may still be left free of
    adjustment; `applied` is the first day of the rate in effect when the money was applied, where that counts.
    """

    account: str
    option: str
    units: Decimal
    index: Decimal | None
    value: Decimal | None
    lot: str | None = None
    years: int | None = None
    deposited: date | None = None
    maturity: date | None = None
    locked_through: date | None = None
    at_maturity: str = ""
    applied: date | None = None


@exact
def holdings(market: Market, participant: Participant) -> list[Holding]:
    """Every position and lot of every account, valued at the last closed day."""
    day = market.head.last_closed
    covered = min((account.opened for account in participant.accounts), default=date.max)
    terms = None if day is None else market.terms_for(participant.contract_id, day, covered)
    at = None if day is None or terms is None else Valuation(market, terms, day)
    found: list[Holding] = []
    for account in participant.accounts:
        found += [_position(account, position.option, position.units, at) for position in account.positions]
        found += [_applied(account, part, at) for part in account.applied]
        found += _lots(account, day, terms, market.head.frozen)
    return found


def _position(account: Account, name: str, units: Decimal, at: Valuation | None) -> Holding:
    option = None if at is None else at.terms.option_named(name)
    try:
        index = None if at is None or option is None else at.index(option, account)
    except KeyError:  # bought for the frozen day, priced first when that closes
        index = None
    return Holding(account.type.value, name, units, index, None if index is None else value_at(units, index))


def _applied(account: Account, part: Applied, at: Valuation | None) -> Holding:
    option = None if at is None else at.terms.option_named(part.option)
    if at is None or not isinstance(option, FixedOption):
        return Holding(account.type.value, part.option, part.units, None, None, applied=part.since)
    index = at.applied_index(option, account, part.since)
    return Holding(account.type.value, part.option, part.units, index, value_at(part.units, index), applied=part.since)


def _lots(account: Account, day: date | None, terms: ContractTerms | None, coming: date | None) -> list[Holding]:
    found = []
    for lot in oldest_first(account.lots):
        index = None if day is None else lot_index(lot, day, 12 if terms is None else terms.scales.index)
        found.append(
            Holding(
                account=account.type.value,
                option=lot.option,
                units=lot.units,
                index=index,
                value=None if index is None else value_at(lot.units, index),
                lot=lot.lot,
                years=lot.years,
                deposited=lot.deposited,
                maturity=lot.maturity,
                locked_through=lot.locked_through,
                at_maturity="; ".join(_at_maturity(lot, coming)),
            )
        )
    return found


def _at_maturity(lot: Lot, coming: date | None) -> Iterator[str]:
    """`coming` is the next business day, on which a request made now would trade."""
    if lot.matured:
        yield "undecided" if lot.undecided else "matured, stays"
    if lot.election is not None:
        shares = ", ".join(share_text(share) for share in lot.election.shares)
        yield f"elected {shares or 'payment'} ({lot.election.request_id})"
    if lot.reinvested is not None and coming is not None and in_window(lot, coming):
        yield f"reinvested {plain(lot.reinvested.amount)}, its first request is free (MAT-4)"


def share_text(share: AllocationShare) -> str:
    """A share for a reader: "GAA/3 40%"."""
    place = share.option if share.term is None else f"{share.option}/{share.term}"
    return f"{place} {trimmed(share.percent)}%"
