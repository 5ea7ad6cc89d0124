"""Notices of guaranteed terms: that one will mature, and that a matured value stays (MAT-1, MAT-3, NTC-2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from contracts_schema.options import GuaranteedOption
from contracts_schema.reference import GuaranteedOffering
from contracts_schema.types import plain
from contracts_schema.values import changed
from services.domain.emitting import Told, notice
from services.domain.guaranteed import open_offering
from services.domain.market import Market
from services.domain.maturing import Lots, valuation
from services.domain.maturity import rates_of
from services.domain.positions import value_at
from services.domain.state import Account, Lot, Participant
from services.domain.steps import Moment, Step
from services.domain.valuation import Valuation


def told(market: Market, participant: Participant, stay: Lots, moment: Moment) -> Step:
    """The notices of a close: of each lot held whose value stays from now on, or whose maturity is to be announced."""
    assert moment.trade_date is not None, "a closed day is a trade date"
    step = Step(participant)
    for account in participant.accounts:
        for lot in account.lots:
            if (account.type, lot.lot) in stay and not lot.undecided:
                at = valuation(market, participant, moment.trade_date)
                step = _sent(step, _value_stays(at, account, lot), moment)
            elif lot.notice_from is not None and lot.notice_from <= moment.trade_date:
                at = valuation(market, participant, moment.trade_date)
                step = _announced(at, step, (account, lot), moment)
    return step


def _sent(step: Step, content: Told, moment: Moment) -> Step:
    numbered, emission = notice(step.participant, content, moment.decided_at)
    return step.then(Step(numbered, emissions=(emission,)))


def _announced(at: Valuation, step: Step, of: tuple[Account, Lot], moment: Moment) -> Step:
    """The notice of a maturity, if no later close keeps its days too: until then the lot says when to look again."""
    account, lot = of
    option = at.terms.option_named(lot.option)
    assert isinstance(option, GuaranteedOption), "lots are of guaranteed options"
    later = _later(at, lot, option.maturity_notice_days)
    held = step.participant.account(account.type)
    assert held is not None, "the lot is in an account"
    marked = step.participant.with_account(held.with_lot(changed(lot, notice_from=later)))
    step = step.then(Step(marked))
    if later is not None or option.maturity_notice_days == 0:
        return step
    return _sent(step, _will_mature(at, option, account, lot), moment)


def _later(at: Valuation, lot: Lot, days: int) -> date | None:
    """The next business day, where its close keeps the days of the notice too."""
    following, last = at.market.days[at.day].next_day, lot.maturity - timedelta(days=days)
    return following if following is not None and following <= last and days else None


def _value_stays(at: Valuation, account: Account, lot: Lot) -> Told:
    """That a lot matured and its value stays, without instructions or anything to reinvest in (MAT-3)."""
    details = {
        "lot": lot.lot,
        "option": lot.option,
        "term": str(lot.years),
        "deposited": lot.deposited.isoformat(),
        "value_at_maturity": _value_at_maturity(at, lot),
        "rate_from_maturity": plain(lot.after_maturity),
    }
    rules = ("MAT-3", "MAT-5", "MAT-6")
    return Told("matured_value_stays", rules, lot.maturity, account.type, details)


def _will_mature(at: Valuation, option: GuaranteedOption, account: Account, lot: Lot) -> Told:
    """That a lot matures: when, what it will be worth if it is left alone, and what is on offer now and, as far as that
    is announced, then (MAT-1).
    """
    offerings = at.market.offerings_known(option.series, at.day)
    details = {
        "lot": lot.lot,
        "option": lot.option,
        "term": str(lot.years),
        "deposited": lot.deposited.isoformat(),
        "maturity": lot.maturity.isoformat(),
        "projected_value": _value_at_maturity(at, lot),
        **dict(_offered("upcoming", open_offering(offerings, lot.maturity), "not announced yet")),
        **dict(_offered("current", open_offering(offerings, at.day), "none is open")),
    }
    return Told("maturity_approaching", ("MAT-1", "NTC-2"), at.day, account.type, details)


def _offered(when: str, offering: GuaranteedOffering | None, none: str) -> Iterator[tuple[str, str]]:
    """A deposit period's dates, and what each of its terms earns."""
    if offering is None:
        yield f"{when}_deposit_period", none
        return
    yield f"{when}_deposit_period", f"{offering.period_start} to {offering.period_end}"
    for term in offering.terms:
        yield f"{when}_term_{term.years}", f"matures {term.maturity}, {rates_of(term)}"


def _value_at_maturity(at: Valuation, lot: Lot) -> str:
    return plain(value_at(lot.units, changed(at, day=lot.maturity).lot_index(lot)))
