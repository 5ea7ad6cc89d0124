"""Withdrawals from one Individual Account: the order of the decision (WDL-1..3, WDL-11, WDL-14, MVA-7, MVA-10)."""

from __future__ import annotations

from contracts_schema.reasons import Reason
from contracts_schema.requests import WithdrawalReason, WithdrawalRequest
from contracts_schema.terms import AccountType
from services.domain.cases import Case, account_in
from services.domain.death_benefit import guarantee
from services.domain.draws import everything
from services.domain.numbers import ZERO
from services.domain.positive import at_par, counts_only_positive, par_stands
from services.domain.selling import Sale, mva_block, sell
from services.domain.sources import View
from services.domain.verdicts import Done, Verdict, finding
from services.domain.window import Attempt, drawn_with_windows
from services.domain.withdrawal_body import Withdrawn, body_of, rules_of
from services.domain.withdrawal_books import Left, kept
from services.domain.withdrawal_checks import refused_as_drawn, refused_as_made, refused_of
from services.domain.withdrawal_first import TakenFirst, taken_first
from services.domain.withdrawal_parts import Part, insufficient, parts_of, taken_of, value_of_part, wanted_of


def withdrawal(case: Case[WithdrawalRequest]) -> Verdict:
    """Decide a withdrawal on its trade date: paid whole, or every reason why nothing is."""
    account = _account(case.request)
    refused = refused_as_made(case, account)
    if refused:
        return refused
    view = _view(case, account)
    refused = refused_of(case, view)
    if refused:
        return refused
    first = taken_first(case, (view,))
    return drawn_with_windows(first.views[0], lambda each: _attempt(case, first, each))


def _account(request: WithdrawalRequest) -> AccountType:
    account = request.account or (request.accounts or (None,))[0]
    assert account is not None, "the form asks for account or accounts"
    return account


def _view(case: Case[WithdrawalRequest], account: AccountType) -> View:
    systematic = case.request.reason == WithdrawalReason.SYSTEMATIC
    return View(case.at, account_in(case.participant, account), mva_waived=systematic)


def _attempt(case: Case[WithdrawalRequest], first: TakenFirst, view: View) -> Attempt:
    parts = parts_of(view, case.request)
    refused = tuple(found for part in parts for found in part.refused)
    return Attempt(refused) if refused else _paid(case, first, view, [part.sources for part in parts])


def _paid(case: Case[WithdrawalRequest], first: TakenFirst, view: View, parts: list[Part]) -> Attempt:
    wanted = wanted_of(case, parts)
    only_positive = counts_only_positive(case.terms, case.request, case.day)
    taken = taken_of(case.request, parts, wanted)
    if only_positive is not None:
        level = [at_par(part) for part in parts]
        taken_at_par = taken_of(case.request, level, wanted)
        short = [d for part, draws in zip(parts, taken, strict=True) if draws is None for d in everything(part)]
        if par_stands(taken, taken_at_par, short):
            parts, taken = level, taken_at_par
    refused = tuple(
        insufficient(parts[at], wanted[at], at if len(parts) > 1 else None)
        for at, draws in enumerate(taken)
        if draws is None
    )
    if refused:
        return Attempt(refused)
    sales = [Sale(draw) for draws in taken for draw in draws or ()]
    refused = refused_as_drawn(case, view, sales)
    if refused:
        return Attempt(refused)
    pays = sum((sale.draw.pays for sale in sales), ZERO)
    added = guarantee(case.terms, case.request, view.account, pays)
    if not pays and not added:
        available = sum((value_of_part(part) for part in parts), ZERO)
        return Attempt((finding(Reason.NOTHING_TO_WITHDRAW, available=available),))
    account, legs = sell(view, sales)
    done = Withdrawn(case, first, view, sales, legs, mva_block(sales, only_positive), added)
    account = kept(case, account, Left(view, sales, done.payable))
    verdict = Done(case.participant.with_account(account), "withdrawal", rules_of(done), body_of(done))
    return Attempt(verdict, [sale.draw for sale in sales])
