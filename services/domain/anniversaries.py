"""Anniversaries of a close: the maintenance fees of Individual Accounts, and who bears them (WDL-5, MAT-6).

Decided beyond the documents: an anniversary that is no business day is taken at the next close, at its values; an
account (or participant) that holds nothing owes nothing, until money comes in again; each account that bears a part has
a confirmation of its own.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from contracts_schema.fees import MaintenanceFee
from contracts_schema.terms import AccountType
from contracts_schema.types import plain
from contracts_schema.values import Value, changed
from services.domain.draws import Holding, draw_gross
from services.domain.emitting import unasked
from services.domain.fee_dates import FeeDates
from services.domain.fees import FeeTaken, holds, next_anniversary, owing, take_fee
from services.domain.market import Market
from services.domain.maturing import valuation
from services.domain.numbers import ZERO, cents
from services.domain.sources import View
from services.domain.state import Account, Participant
from services.domain.steps import Moment, Step
from services.domain.valuation import Valuation
from services.domain.verdicts import Done, cited

Borne = dict[AccountType, Decimal]
"""Dollars by the account that bears them."""


class Anniversary(Value, frozen=True):
    """The fee that an account owes on its anniversary `on`, at a close."""

    at: Valuation
    fee: MaintenanceFee
    account: Account
    on: date


def fees_taken(market: Market, participant: Participant, moment: Moment) -> Step:
    """The fees of all anniversaries up to a close, each once; nothing is looked at where none is due."""
    assert moment.trade_date is not None, "a closed day is a trade date"
    step = Step(participant)
    for account in participant.accounts:
        due = None if account.fee is None else account.fee.due
        if due is not None and due <= moment.trade_date:
            at = valuation(market, participant, moment.trade_date)
            step = step.then(_taken(at, step.participant, account.type, moment))
    return step


def _taken(at: Valuation, participant: Participant, type_: AccountType, moment: Moment) -> Step:
    """The fee of one account, and its next date; none where the contract has no fee any more, or another pays it."""
    account = participant.account(type_)
    assert account is not None, "the account has an anniversary"
    assert account.fee is not None, "the account has an anniversary"
    assert account.fee.due is not None, "the account has an anniversary"
    fee = at.terms.maintenance_fee
    if fee is None or owing(fee, participant, type_).type != type_:
        return Step(participant.with_account(changed(account, fee=changed(account.fee, due=None))))
    step = _collected(Anniversary(at, fee, account, account.fee.due), participant, moment)
    due = next_anniversary(account.opened, at.day, fee) if _owes(fee, step.participant, type_) else None
    held = step.participant.account(type_)
    assert held is not None, "the account has an anniversary"
    taken = at.day if step.emissions else account.fee.taken
    return step.then(Step(step.participant.with_account(changed(held, fee=FeeDates(due, taken)))))


def _owes(fee: MaintenanceFee, participant: Participant, type_: AccountType) -> bool:
    """Whether there is anything that a fee is for: in the account, or in any of a participant's."""
    return any(holds(account) for account in participant.accounts if fee.per == "participant" or account.type == type_)


def _collected(of: Anniversary, participant: Participant, moment: Moment) -> Step:
    step = Step(participant)
    if not _owes(of.fee, participant, of.account.type):
        return step
    for type_, dollars in borne(of, participant).items():
        account = step.participant.account(type_)
        assert account is not None, "the account bears a part"
        basis = f"{plain(of.fee.amount)} a year, {of.fee.per} since {of.account.opened}"
        taken = take_fee(View(of.at, account), dollars, basis, adjusted=of.fee.adjusted)
        if taken is not None:
            done = _confirmed(of, step.participant, taken)
            after, emission = unasked(done, of.at.day, moment.decided_at)
            step = step.then(Step(after, emissions=(emission,)))
    return step


def borne(of: Anniversary, participant: Participant) -> Borne:
    """Who bears a fee: the Roth account its percentage, the others the rest in proportion to their values. What one
    side lacks the other pays, as far as it reaches.
    """
    values = {account.type: View(of.at, account).value() for account in participant.accounts}
    of_participant = of.fee.per == "participant"
    home = {type_: value for type_, value in values.items() if of_participant or type_ == of.account.type}
    if of.fee.roth_percent is None or AccountType.ROTH not in values:
        return _shared(home, of.fee.amount)
    roth: Borne = {AccountType.ROTH: values.pop(AccountType.ROTH)}
    others: Borne = {type_: value for type_, value in home.items() if type_ in values} or values
    from_roth = min(cents(of.fee.amount * of.fee.roth_percent / 100), roth[AccountType.ROTH])
    from_others = min(of.fee.amount - from_roth, sum(others.values(), ZERO))
    return _shared(others, from_others) | _shared(roth, of.fee.amount - from_others)


def _shared(values: Borne, dollars: Decimal) -> Borne:
    """Dollars, or what there is, in proportion to values; cents left over go to the largest."""
    sources = [(Holding(type_, value),) for type_, value in values.items()]
    draws = draw_gross(sources, min(dollars, sum(values.values(), ZERO))) or []
    return {AccountType(draw.holding.option): draw.taken for draw in draws if draw.taken}


def _confirmed(of: Anniversary, participant: Participant, taken: FeeTaken) -> Done:
    mva = taken.charge.amount - taken.taken
    details = {"anniversary": of.on.isoformat(), "owed_by": of.account.type.value, "fee": plain(of.fee.amount)}
    reckoned = () if taken.mva is None else taken.mva.rules
    body: dict[str, Any] = {
        "account": taken.account.type,
        "gross": taken.taken,
        "legs": tuple(taken.legs),
        "charges": (taken.charge,),
        "mva": taken.mva,
        "rounding": sum((leg.rounding for leg in taken.legs), ZERO),
        "debits": taken.taken + max(mva, ZERO),
        "credits": taken.charge.amount + max(-mva, ZERO),
        "details": details,
    }
    rules = cited("WDL-5", "MAT-6", "WDL-1", *reckoned, "GEN-7")
    return Done(participant.with_account(taken.account), "maintenance_fee", rules, body)
