"""What a withdrawal confirms: its figures, which balance, its details and its rules (WDL-12..14, GEN-7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from contracts_schema.figures import Charge, Leg, MvaBlock
from contracts_schema.requests import WithdrawalRequest
from contracts_schema.types import plain
from contracts_schema.values import Value
from contracts_schema.withdrawing import WithdrawalReason
from services.domain.allocation import rules_of_bonus
from services.domain.cases import Case
from services.domain.choosing import rules_of_choice
from services.domain.death_benefit import guaranteed
from services.domain.draws import Draw
from services.domain.early_withdrawal import INCOME, Leaving
from services.domain.loans import concerns_loans, loan_details, loan_rules
from services.domain.numbers import ZERO
from services.domain.paying import Payout, payout_body
from services.domain.verdicts import cited
from services.domain.withdrawal_books import Left, taken_by_account
from services.domain.withdrawal_first import TakenFirst
from services.domain.withholding import penalty_flagged, withheld


class Withdrawn(Value, frozen=True):
    """A withdrawal as it was done, after what was taken `first`, of the accounts that it `left`, in its order;
    `charges` are what came off its `draws`, `guarantee` what a death benefit added (MVA-10), `payable` what is left for
    the payee, before tax is withheld.
    """

    case: Case[WithdrawalRequest]
    first: TakenFirst
    left: tuple[Left, ...]
    draws: Sequence[Draw]
    payable: Decimal
    legs: tuple[Leg, ...]
    mva: MvaBlock | None
    charges: tuple[Charge, ...]
    guarantee: Decimal


def body_of(done: Withdrawn) -> dict[str, Any]:
    """The figures of the confirmation."""
    taken = sum([draw.taken for draw in done.draws], ZERO)
    mva = sum([draw.pays for draw in done.draws], ZERO) - taken
    withholding = withheld(done.case.request, done.payable)
    legs, charges = (*done.first.legs, *done.legs), (*done.first.charges, *done.charges)
    off = sum([charge.amount for charge in charges], ZERO)
    return {
        **_accounts(done),
        "gross": taken,
        "guarantee": done.guarantee or None,
        **({} if done.case.request.withholding is None else {"payable": done.payable, "withheld": withholding}),
        "paid": done.payable - withholding,
        "legs": legs,
        "charges": charges,
        "mva": done.mva,
        "rounding": sum([leg.rounding for leg in legs], ZERO),
        "debits": done.first.taken + taken + max(mva, ZERO) + done.guarantee,
        "credits": done.payable + off + max(-mva, ZERO),
        "details": _details(done),
        **payout_body(_payouts(done)),
    }


def _payouts(done: Withdrawn) -> list[Payout]:
    return [left.payout for left in done.left if left.payout is not None]


def _accounts(done: Withdrawn) -> dict[str, Any]:
    types = tuple(left.view.account.type for left in done.left)
    return {"account": types[0]} if len(types) == 1 else {"accounts": types}


def _details(done: Withdrawn) -> dict[str, str]:
    request = done.case.request
    details = {"reason": request.reason.value}
    if request.event_date is not None:
        details["event_date"] = request.event_date.isoformat()
    if request.payee is not None:
        details["payee"] = request.payee
    if len(done.left) == 1:
        details |= _details_of(done.case, done.left[0])
    else:
        for left in done.left:
            details |= {f"{left.view.account.type}_payable": plain(left.payable)}
            details |= _details_of(done.case, left, f"{left.view.account.type}_")
    if concerns_loans(done.case):
        details |= loan_details(done.case, taken_by_account(done.left))
    return details | penalty_flagged(request, done.case.day)


def _details_of(case: Case[WithdrawalRequest], left: Left, prefix: str = "") -> dict[str, str]:
    """What is told of one account; of several with its name in front."""
    details = {}
    if case.terms.early_withdrawal_charge is not None:
        leaving = Leaving(case.terms, left.view.account, case.day, case.request.reason)
        details[f"{prefix}early_withdrawal_charge"] = leaving.told
    if guaranteed(case.terms, case.request):
        details[f"{prefix}adjusted_purchase_total"] = plain(left.view.account.purchases)
    return details if left.payout is None else details | left.payout.details(prefix)


def rules_of(done: Withdrawn) -> tuple[str, ...]:
    """The rules it stands on, in the order applied."""
    case, mva = done.case, done.mva
    choice = rules_of_choice(case.terms, {draw.holding.option for draw in done.draws}, case.request.from_ or ())
    first = (rule for charge in done.first.charges for rule in charge.rules)
    reckoned = (*(() if mva is None else mva.rules), *rules_of_bonus(done.legs))
    after = (*_off(done), *_later(done), "WDL-14", "GEN-7")
    return cited("GEN-2", *first, "WDL-1", *_of_request(done), *choice, *reckoned, *after)


def _later(done: Withdrawn) -> Iterator[str]:
    """The rules by which something is paid later than on the trade date."""
    return (rule for each in _payouts(done) for rule in each.rules)


def _of_request(done: Withdrawn) -> tuple[str, ...]:
    """Guaranteed terms cannot fund income: what is taken of them for it is paid out first (INC-1)."""
    request = done.case.request
    holder = ("WDL-13",) if len(done.left) > 1 or request.reason is WithdrawalReason.CONTRACT_SURRENDER else ()
    income = ("INC-1",) if done.mva is not None and request.reason in INCOME else ()
    loan = loan_rules(done.case, taken_by_account(done.left)) if concerns_loans(done.case) else ()
    on_death = ("MVA-10",) if guaranteed(done.case.terms, request) else ()
    return (*holder, *(() if request.full else ("WDL-3",)), *loan, *income, *on_death)


def _off(done: Withdrawn) -> tuple[str, ...]:
    """The rules by which something came off, or did not although the contract has a charge."""
    request = done.case.request
    early = ("WDL-4",) if done.case.terms.early_withdrawal_charge is not None else ()
    taxed = request.withholding is not None or request.birth_date is not None
    charges = (rule for charge in done.charges for rule in charge.rules)
    return (*early, *charges, *(("WDL-12",) if taxed else ()))
