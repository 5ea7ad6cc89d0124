"""Withdrawals: the order of the decision (WDL-1..4, WDL-11..14, MVA-7, MVA-10).

Of one Individual Account, or of several in the order that the request names them (WDL-13): then all of it is one
transaction, with one aggregate adjustment, and a charge of one percentage is reckoned of the entire amount withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from contracts_schema.figures import Leg, LimitLine
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import WithdrawalRequest
from contracts_schema.terms import AccountType
from contracts_schema.withdrawing import WithdrawalReason
from services.domain.cases import Case, account_in
from services.domain.death_benefit import guarantee
from services.domain.draws import Draw
from services.domain.early_withdrawal import charged, takes_off
from services.domain.loans import beyond_loans
from services.domain.netting import left_of
from services.domain.numbers import ZERO
from services.domain.selling import Sale, mva_block, sell
from services.domain.sources import View
from services.domain.verdicts import Done, Verdict, cited, finding
from services.domain.window import Attempt, Views, drawn_over_windows
from services.domain.withdrawal_body import Withdrawn, body_of, rules_of
from services.domain.withdrawal_books import Left, kept, taken_by_account, with_payouts
from services.domain.withdrawal_checks import refused_as_drawn, refused_as_made, refused_of
from services.domain.withdrawal_filled import filled_at_factors_or_par
from services.domain.withdrawal_first import TakenFirst, taken_first
from services.domain.withdrawal_limits import limit_rules, lines_of
from services.domain.withdrawal_parts import Part, altogether, drawn_to_the_cent, insufficient, parts_of
from services.domain.withholding import withholding_defects


def withdrawal(case: Case[WithdrawalRequest]) -> Verdict:
    """Decide a withdrawal on its trade date: paid whole, or every reason why nothing is."""
    accounts = _accounts(case.request)
    refused = refused_as_made(case, accounts)
    if refused:
        return refused
    views = tuple(_view(case, account) for account in accounts)
    refused = refused_of(case, views)
    if refused:
        return refused
    first = taken_first(case, views)
    return drawn_over_windows(first.views, lambda each: _attempt(case, first, each))


def _accounts(request: WithdrawalRequest) -> tuple[AccountType, ...]:
    return request.accounts or tuple(filter(None, [request.account]))


def _view(case: Case[WithdrawalRequest], account: AccountType) -> View:
    systematic = case.request.reason == WithdrawalReason.SYSTEMATIC
    return View(case.at, account_in(case.participant, account), mva_waived=systematic)


def _attempt(case: Case[WithdrawalRequest], first: TakenFirst, views: Views) -> Attempt:
    parts, refused = parts_of(case, views)
    if refused:
        return Attempt(refused)
    fills, parts, only_positive = filled_at_factors_or_par(case, parts)
    given = [fill for fill in fills if fill is not None]
    if len(given) < len(fills):
        return Attempt(tuple(insufficient(part) for part, fill in zip(parts, fills, strict=True) if fill is None))
    draws = drawn_to_the_cent(parts, given)
    if draws is None:
        return Attempt((insufficient(altogether(parts)),))
    left = tuple(_left(case, views, draws))
    payable = sum([each.payable for each in left], ZERO)
    refused = (
        *[found for each in left for found in refused_as_drawn(case, each.view, each.sales)],
        *(beyond_loans(case.at, case.participant, taken_by_account(left)) if case.participant.loans else ()),
        *_unpayable(case, parts, payable),
    )
    if refused:
        return Attempt(refused)
    return Attempt(_paid(case, first, with_payouts(case, left), payable, only_positive), draws)


def _unpayable(case: Case[WithdrawalRequest], parts: Sequence[Part], payable: Decimal) -> Iterator[Finding]:
    """Nothing to pay, or less than is to be withheld."""
    if payable <= 0:
        yield finding(Reason.NOTHING_TO_WITHDRAW, available=sum((part.value for part in parts), ZERO))
    else:
        yield from withholding_defects(case.request, payable)


def _left(case: Case[WithdrawalRequest], views: Views, draws: list[Draw]) -> Iterator[Left]:
    """What each account gives, and pays: what comes off all accounts together is shared in their order, to the cent."""
    if len(views) == 1:
        yield _left_of(case, views[0], draws, left_of(draws))
        return
    before, so_far = ZERO, list[Draw]()
    for view in views:
        here = [draw for draw in draws if draw.holding.account == view.account.type]
        so_far += here
        now = left_of(so_far)
        yield _left_of(case, view, here, now - before)
        before = now


def _left_of(case: Case[WithdrawalRequest], view: View, draws: list[Draw], pays: Decimal) -> Left:
    added = guarantee(case.terms, case.request, view.account, pays)
    return Left(view, [Sale(draw) for draw in draws], pays + added, added)


def _paid(
    case: Case[WithdrawalRequest],
    first: TakenFirst,
    left: tuple[Left, ...],
    payable: Decimal,
    only_positive: str | None,
) -> Done:
    several, participant, legs, limits = len(left) > 1, case.participant, list[Leg](), list[LimitLine]()
    for each in left:
        account, sold = sell(each.view, each.sales)
        account = kept(case, account, each)
        participant = participant.with_account(account)
        limits += lines_of(case, account, each.view, each.sales)
        legs += [leg.model_copy(update={"account": account.type}) for leg in sold] if several else sold
    sales = [sale for each in left for sale in each.sales]
    draws = [sale.draw for sale in sales]
    done = Withdrawn(
        case=case,
        first=first,
        left=left,
        draws=draws,
        payable=payable,
        legs=tuple(legs),
        mva=mva_block(sales, only_positive, with_accounts=several),
        charges=charged(draws) if takes_off(case.terms) else (),
        guarantee=sum([each.guarantee for each in left], ZERO),
    )
    rules = cited(*rules_of(done), *limit_rules(case, limits, sales))
    return Done(participant, "withdrawal", rules, body_of(done) | {"limits": tuple(limits) or None})
