"""What a participant holds and what it is worth as of a closed day: the record that statements are made of.

The ledger writes one for every participant that a batch, or a slice of settling, changed. Which intermediate records
there are depends on where batches end; the last one of each participant does not. For the day it is as of is not the
last that is closed when it is written, but the one of the change: the last closed day in the log before the request,
or the day that was settled, which comes to the same whenever that is done. All it reads besides the books belongs to
that day, or to the one frozen by it, and no later entry of the log changes it. So a replay ends with the same bytes.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_schema.account_rows import AccountRow, LoanRow, LotRow, OptionRow, ValuesRow
from contracts_schema.headers import cloud_event
from contracts_schema.types import plain
from services.domain.account_payments import incomes_of, owed_of
from services.domain.account_prices import Prices, prices_on
from services.domain.market import Market
from services.domain.numbers import ZERO, exact
from services.domain.positions import value_at
from services.domain.state import Account, Emission, Lot, Participant

TOPIC = "account-values"


@exact
def account_values(market: Market, participant: Participant, as_of: date) -> Emission:
    """The record of a participant, as of a closed day that everything in the books was decided on or, at once, for the
    business day after it; that one must be frozen still.
    """
    key, total, rows = participant.key, ZERO, []
    for account in participant.accounts:
        value, row = _account(account, prices_on(market, participant.contract_id, as_of))
        total += value
        rows.append(row)
    waiting, held = len(participant.waiting), len(participant.held)
    message = ValuesRow(
        version=1,
        kind="account_values",
        contract_id=participant.contract_id,
        participant_id=participant.participant_id,
        sequence=participant.sequence,
        as_of=as_of,
        waiting=waiting,
        held=held or None,
        value=plain(total),
        accounts=tuple(rows),
        loans=_loans(participant) if participant.loans else None,
    )
    # A change that is not counted is a request that waits, or what a day brings.
    event_id = f"{key}|account_values|{as_of}|{participant.sequence}|{waiting + held}"
    headers = cloud_event("account_values", event_id, key, market.days[as_of].closed_at)
    return Emission(TOPIC, key, message.written(), headers)


def _account(account: Account, prices: Prices) -> tuple[Decimal, AccountRow]:
    total, options, lots = ZERO, [], []
    for position in account.positions:
        value, option = _option(account, position.option, position.units, prices)
        total += value
        options.append(option)
    for part in account.applied:
        value, option = _option(account, part.option, part.units, prices, part.since)
        total += value
        options.append(option)
    for each in account.lots:
        value, lot = _lot(each, prices)
        total += value
        lots.append(lot)
    return total, AccountRow(
        account=account.type,
        opened=account.opened,
        closed=account.closed,
        value=plain(total),
        options=tuple(options),
        lots=tuple(lots),
        incomes=incomes_of(account, prices) if account.incomes else None,
        owed=owed_of(account.payable) if account.payable is not None else None,
    )


def _option(
    account: Account, name: str, units: Decimal, prices: Prices, since: date | None = None
) -> tuple[Decimal, OptionRow]:
    price = prices.of(account, name, since)
    value = value_at(units, price.index)
    return value, OptionRow(
        option=name,
        kind=price.kind,
        applied_since=since,
        bonus_since=price.bonus_since,
        units=plain(units),
        index=price.text,
        index_date=price.index_date,
        value=plain(value),
        rate=price.rate,
    )


def _lot(lot: Lot, prices: Prices) -> tuple[Decimal, LotRow]:
    """A lot at its own index; one of the business day after has earned nothing yet."""
    price = prices.of_lot(lot)
    value = value_at(lot.units, price.index)
    return value, LotRow(
        option=lot.option,
        lot=lot.lot,
        term=lot.years,
        deposited=lot.deposited,
        maturity=lot.maturity,
        matured=lot.matured or None,
        units=plain(lot.units),
        index=price.text,
        value=plain(value),
        rate=price.rate,
    )


def _loans(participant: Participant) -> tuple[LoanRow, ...]:
    return tuple(LoanRow(account=loan.account, balance=plain(loan.balance), day=loan.day) for loan in participant.loans)
