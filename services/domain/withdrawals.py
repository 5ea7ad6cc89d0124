"""Withdrawals from one Individual Account (WDL-1..3, WDL-11, MVA-7, MVA-10, WDL-14 without charge and tax)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from contracts_schema.figures import Leg, MvaBlock
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import WithdrawalFrom, WithdrawalReason, WithdrawalRequest
from contracts_schema.terms import AccountType
from contracts_schema.types import plain
from services.domain.allocation import rules_of_bonus, split
from services.domain.cases import Case, account_allowed, account_in, authorised, existing_account
from services.domain.choosing import choice_defects, overlapping, rules_of_choice
from services.domain.death_benefit import guarantee, guaranteed, less_withdrawn
from services.domain.draws import Draw, Source, draw_gross, draw_net, everything, value_of
from services.domain.numbers import ZERO, cents
from services.domain.positive import Draws, at_par, counts_only_positive, event_defects, par_stands
from services.domain.reinvestment import remembered
from services.domain.selling import Sale, mva_block, sell
from services.domain.sources import (
    Drawable,
    View,
    by_guaranteed_term,
    option_sources,
    whole_account,
)
from services.domain.state import AllocationShare
from services.domain.verdicts import Done, Verdict, cited, finding
from services.domain.window import Attempt, drawn_with_windows

INCOME = {WithdrawalReason.LIFETIME_INCOME, WithdrawalReason.NONLIFETIME_INCOME}


def withdrawal(case: Case[WithdrawalRequest]) -> Verdict:
    """Decide a withdrawal on its trade date: paid whole, or every reason why nothing is."""
    account = _account(case.request)
    refused = (
        *authorised(case),
        *account_allowed(case.terms, account),
        *existing_account(case.participant, account),
        *event_defects(case.request, case.day),
    )
    if refused:
        return refused
    view = _view(case, account)
    refused = tuple(_leg_defects(view, case.request.from_ or ()))
    if refused:
        return refused
    return drawn_with_windows(view, lambda each: _attempt(case, each))


def _attempt(case: Case[WithdrawalRequest], view: View) -> Attempt:
    parts = _parts(view, case.request)
    refused = tuple(found for part in parts for found in part.refused)
    return Attempt(refused) if refused else _paid(case, view, [part.sources for part in parts])


def _account(request: WithdrawalRequest) -> AccountType:
    account = request.account or (request.accounts or (None,))[0]
    assert account is not None, "the form asks for account or accounts"
    return account


def _view(case: Case[WithdrawalRequest], account: AccountType) -> View:
    systematic = case.request.reason == WithdrawalReason.SYSTEMATIC
    return View(case.at, account_in(case.participant, account), mva_waived=systematic)


def _leg_defects(view: View, legs: Sequence[WithdrawalFrom]) -> Iterator[Finding]:
    for at, leg in enumerate(legs):
        yield from choice_defects(view.at.terms, view.account, leg, f"from[{at}]")
    yield from overlapping(legs)


def _parts(view: View, request: WithdrawalRequest) -> list[Drawable]:
    """What is drawn separately: each leg with a percentage of its own, else all that was chosen together.

    Together they stand in the contract's order, whatever the request's: cents left over follow it (DEP-2).
    """
    if request.from_ is None:
        return [whole_account(view)]
    if request.from_[0].percent is not None:
        return [_leg_sources(view, leg) for leg in request.from_]
    rank = view.at.terms.rank
    together = Drawable()
    for leg in sorted(request.from_, key=lambda leg: (rank[leg.option], leg.term or 0, leg.classification != "short")):
        together = together.and_also(_leg_sources(view, leg))
    return [together]


def _leg_sources(view: View, leg: WithdrawalFrom) -> Drawable:
    option = view.at.terms.option_named(leg.option)
    assert option is not None, "legs were checked against the terms"
    return option_sources(view, option, leg, by_guaranteed_term)


def _paid(case: Case[WithdrawalRequest], view: View, parts: list[tuple[Source, ...]]) -> Attempt:
    wanted = _wanted(case, parts)
    only_positive = counts_only_positive(case.terms, case.request, case.day)
    taken = _taken(case.request, parts, wanted)
    if only_positive is not None:
        level = [at_par(part) for part in parts]
        taken_at_par = _taken(case.request, level, wanted)
        short = [d for part, draws in zip(parts, taken, strict=True) if draws is None for d in everything(part)]
        if par_stands(taken, taken_at_par, short):
            parts, taken = level, taken_at_par
    refused = tuple(
        _insufficient(parts[at], wanted[at], at if len(parts) > 1 else None)
        for at, draws in enumerate(taken)
        if draws is None
    )
    if refused:
        return Attempt(refused)
    sales = [Sale(draw) for draws in taken for draw in draws or ()]
    pays = sum((sale.draw.pays for sale in sales), ZERO)
    added = guarantee(case.terms, case.request, view.account, pays)
    if not pays and not added:
        available = sum((_value(part) for part in parts), ZERO)
        return Attempt((finding(Reason.NOTHING_TO_WITHDRAW, available=available),))
    return Attempt(_sold(case, view, sales, only_positive, added), [sale.draw for sale in sales])


def _sold(
    case: Case[WithdrawalRequest], view: View, sales: list[Sale], only_positive: str | None, added: Decimal
) -> Verdict:
    """What is drawn, sold; `added` is what a death benefit guarantees beyond what that pays (MVA-10)."""
    account, legs = sell(view, sales)
    account = less_withdrawn(account, sum((sale.draw.taken for sale in sales), ZERO), view.value())
    mva = mva_block(sales, only_positive)
    reckoned = () if mva is None else mva.rules
    choice = rules_of_choice(case.terms, [sale.draw.holding.option for sale in sales], case.request.from_ or ())
    rules = cited("GEN-2", "WDL-1", *_rules(case, mva), *choice, *reckoned, *rules_of_bonus(legs), "WDL-14", "GEN-7")
    body = _body(case.request, sales, legs, mva, added)
    if guaranteed(case.terms, case.request):
        body["details"]["adjusted_purchase_total"] = plain(view.account.purchases)
    account = remembered(case, view, account, body["paid"])
    return Done(case.participant.with_account(account), "withdrawal", rules, body)


def _wanted(case: Case[WithdrawalRequest], parts: list[tuple[Source, ...]]) -> list[Decimal]:
    """Dollars wanted of each part; for a percentage, of the value of what was chosen (WDL-3).

    Cents left over by the legs' percentages go to the largest, ties to the first in the contract's order (DEP-2).
    """
    request, values = case.request, [_value(part) for part in parts]
    if request.full:
        return values
    total = request.amount if request.amount is not None else cents(sum(values, ZERO) * (request.percent or 0) / 100)
    shares = tuple(
        AllocationShare(leg.option, leg.term, leg.percent) for leg in request.from_ or () if leg.percent is not None
    )
    return split(case.terms, shares, total) if shares else [total]


def _taken(request: WithdrawalRequest, parts: list[tuple[Source, ...]], wanted: list[Decimal]) -> Draws:
    return [_take(request, sources, dollars) for sources, dollars in zip(parts, wanted, strict=True)]


def _take(request: WithdrawalRequest, sources: tuple[Source, ...], wanted: Decimal) -> list[Draw] | None:
    """Net fixes what is paid, gross and percent what is taken, full takes all (WDL-3, WDL-14)."""
    if request.amount is not None and request.amount_type == "net":
        return draw_net(sources, wanted)
    return draw_gross(sources, wanted)


def _insufficient(sources: tuple[Source, ...], wanted: Decimal, leg: int | None) -> Finding:
    payable = sum((draw.pays for draw in everything(sources)), ZERO)
    return finding(
        Reason.INSUFFICIENT_VALUE,
        where=None if leg is None else f"from[{leg}]",
        requested=wanted,
        available=_value(sources),
        available_after_mva=payable,
    )


def _value(sources: tuple[Source, ...]) -> Decimal:
    return sum((value_of(source) for source in sources), ZERO)


def _rules(case: Case[WithdrawalRequest], mva: MvaBlock | None) -> tuple[str, ...]:
    """Guaranteed terms cannot fund income: what is taken of them for it is paid out first (INC-1)."""
    income = ("INC-1",) if mva is not None and case.request.reason in INCOME else ()
    on_death = ("MVA-10",) if guaranteed(case.terms, case.request) else ()
    return (*(() if case.request.full else ("WDL-3",)), *income, *on_death)


def _body(
    request: WithdrawalRequest, sales: list[Sale], legs: list[Leg], block: MvaBlock | None, added: Decimal
) -> dict[str, Any]:
    taken = sum((sale.draw.taken for sale in sales), ZERO)
    mva = sum((sale.draw.pays for sale in sales), ZERO) - taken
    paid = taken + mva + added
    details = {"reason": request.reason.value}
    if request.event_date is not None:
        details["event_date"] = request.event_date.isoformat()
    if request.payee is not None:
        details["payee"] = request.payee
    return {
        "account": _account(request),
        "gross": taken,
        "guarantee": added or None,
        "paid": paid,
        "legs": tuple(legs),
        "mva": block,
        "rounding": sum((leg.rounding for leg in legs), ZERO),
        "debits": taken + max(mva, ZERO) + added,
        "credits": paid + max(-mva, ZERO),
        "details": details,
    }
