"""Maturities of a close: which lots have reached theirs, and what is done with them (MAT-2..6)."""

from __future__ import annotations

from datetime import date
from functools import reduce

from contracts_schema.options import GuaranteedOption
from contracts_schema.terms import AccountType
from contracts_schema.values import changed
from services.domain.emitting import unasked
from services.domain.market import Market
from services.domain.maturity import Maturing, disposed
from services.domain.state import Account, Lot, Participant
from services.domain.steps import Moment, Step
from services.domain.valuation import Valuation

Lots = frozenset[tuple[AccountType, str]]
"""Lots by account and name."""


def matured(market: Market, participant: Participant, day: date) -> tuple[Participant, Lots]:
    """The books with the lots marked that mature on or before a closed day: from then on nothing of them is adjusted
    (MAT-5, MVA-8). What becomes of them is undecided where the contract reinvests or an election is there; the others,
    which are told, stay.
    """
    stay: set[tuple[AccountType, str]] = set()
    for account in participant.accounts:
        now = [lot for lot in account.lots if not lot.matured and lot.maturity <= day]
        if now:
            at = valuation(market, participant, day)
            marked = [changed(lot, matured=True, undecided=_undecided(at, lot), notice_from=None) for lot in now]
            participant = participant.with_account(reduce(Account.with_lot, marked, account))
            stay |= {(account.type, lot.lot) for lot in marked if not lot.undecided}
    return participant, frozenset(stay)


def _undecided(at: Valuation, lot: Lot) -> bool:
    return lot.election is not None or _option_of(at, lot).at_maturity == "reinvest"


def disposed_of(market: Market, participant: Participant, moment: Moment) -> tuple[Step, Lots]:
    """What becomes of undecided lots at a close, and the ones of which it is decided now that their value stays.

    Elected ones come first, then those that mature first (MAT-6). On the day of maturity itself a lot without an
    election that can be followed is left undecided: one still counts until midnight.
    """
    assert moment.trade_date is not None, "a closed day is a trade date"
    step = Step(participant)
    stay: set[tuple[AccountType, str]] = set()
    undecided = [(account.type, lot) for account in participant.accounts for lot in account.lots if lot.undecided]
    for type_, lot in sorted(undecided, key=lambda each: (each[1].election is None, each[1].maturity)):
        books = step.participant
        at, account = valuation(market, books, moment.trade_date), _account(books, type_)
        done = disposed(Maturing(at, books, account, _option_of(at, lot), lot))
        if done is not None:
            after, emission = unasked(done, at.day, moment.decided_at)
            step = step.then(Step(after, emissions=(emission,)))
        elif lot.maturity < at.day:
            closed = account.with_lot(changed(lot, undecided=False, election=None))
            step = step.then(Step(books.with_account(closed)))
            stay.add((type_, lot.lot))
    return step, frozenset(stay)


def valuation(market: Market, participant: Participant, day: date) -> Valuation:
    """The contract on a day on which the participant holds something in it."""
    covered = min(account.opened for account in participant.accounts)
    terms = market.terms_for(participant.contract_id, day, covered)
    assert terms is not None, "a contract in which something is held has terms"
    return Valuation(market, terms, day)


def _option_of(at: Valuation, lot: Lot) -> GuaranteedOption:
    option = at.terms.option_named(lot.option)
    assert isinstance(option, GuaranteedOption), "lots are of guaranteed options of their contract"
    return option


def _account(participant: Participant, type_: AccountType) -> Account:
    account = participant.account(type_)
    assert account is not None, "the lot is in an account"
    return account
