"""Settling: what a closed day brings a participant, oldest day first, in the order of MAT-6.

It runs in the background and before anything else of the participant is decided; it reads only what the
log held when the day closed, so that it does not matter when it runs.
"""

from __future__ import annotations

from datetime import date, datetime

from contracts_schema.terms import AccountType
from contracts_schema.values import changed
from services.domain.dispatch import verdict
from services.domain.emitting import Asked, matured_notice
from services.domain.guaranteed import lot_index
from services.domain.market import Market
from services.domain.numbers import exact
from services.domain.positions import value_at
from services.domain.reading import ReadOf, read_waiting
from services.domain.state import Lot, Participant
from services.domain.steps import Moment, Step, concluded


def due_date(participant: Participant) -> date | None:
    """The earliest day by whose close something is due: a waiting request, a lot that matures. None if nothing."""
    waiting = [request.trade_date for request in participant.waiting]
    maturing = [lot.maturity for account in participant.accounts for lot in account.lots if not lot.matured]
    return min(waiting + maturing, default=None)


@exact
def settle_all(market: Market, participant: Participant, read_of: ReadOf = read_waiting) -> Step:
    """Settle every closed day on which something of the participant is due."""
    step = Step(participant)
    while (due := due_date(step.participant)) is not None:
        day = market.first_closed_from(due)
        if day is None:
            break
        step = step.then(_settle_day(market, step.participant, day, read_of))
        step = changed(step, settled=(*step.settled, day))
    return step


def _settle_day(market: Market, participant: Participant, day: date, read_of: ReadOf) -> Step:
    """One closed day: maturities, then requests in the order received, then notices (MAT-6)."""
    closed_at = datetime.fromisoformat(market.days[day].closed_at)
    after, matured = _matured(participant, day)
    due = [waiting for waiting in after.waiting if waiting.trade_date <= day]
    step = Step(changed(after, waiting=tuple(waiting for waiting in after.waiting if waiting.trade_date > day)))
    for waiting in sorted(due, key=lambda waiting: (waiting.received, waiting.request_id)):
        entry, request = read_of(waiting.entry)
        found = verdict(market, step.participant, request, day)
        asked = Asked(entry, waiting.request_id)
        step = step.then(concluded(step.participant, asked, found, Moment(day, closed_at)))
    for account, lot in _staying(step.participant, matured):
        step = step.then(_matured_notice(market, step.participant, account, lot, Moment(day, closed_at)))
    return step


def _matured(participant: Participant, day: date) -> tuple[Participant, set[tuple[AccountType, str]]]:
    """Lots that mature on or before the day, marked so: from then on no adjustment applies (MAT-5, MVA-8)."""
    matured = set()
    for account in participant.accounts:
        now = {lot.lot for lot in account.lots if not lot.matured and lot.maturity <= day}
        if now:
            lots = tuple(changed(lot, matured=True) if lot.lot in now else lot for lot in account.lots)
            participant = participant.with_account(changed(account, lots=lots))
            matured |= {(account.type, lot) for lot in now}
    return participant, matured


def _staying(participant: Participant, matured: set[tuple[AccountType, str]]) -> list[tuple[AccountType, Lot]]:
    """What is left of the lots that matured, after the day's requests: its value stays (MAT-3)."""
    return [
        (account.type, lot)
        for account in participant.accounts
        for lot in account.lots
        if (account.type, lot.lot) in matured
    ]


def _matured_notice(market: Market, participant: Participant, account: AccountType, lot: Lot, moment: Moment) -> Step:
    assert moment.trade_date is not None, "a closed day is a trade date"
    terms = market.terms_on(participant.contract_id, moment.trade_date)
    assert terms is not None, "a contract in which something is held has terms"
    value = value_at(lot.units, lot_index(lot, lot.maturity, terms.scales.index))
    numbered, emission = matured_notice(participant, account, lot, value, moment.decided_at)
    return Step(numbered, emissions=(emission,))
