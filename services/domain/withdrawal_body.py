"""What a withdrawal confirms: its figures, which balance, its details and its rules (WDL-14, GEN-7)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from contracts_schema.figures import Leg, MvaBlock
from contracts_schema.requests import WithdrawalReason, WithdrawalRequest
from contracts_schema.types import plain
from contracts_schema.values import Value
from services.domain.cases import Case
from services.domain.choosing import rules_of_choice
from services.domain.death_benefit import guaranteed
from services.domain.loans import loan_details, loan_rules
from services.domain.numbers import ZERO
from services.domain.selling import Sale
from services.domain.sources import View
from services.domain.verdicts import cited
from services.domain.withdrawal_first import TakenFirst

INCOME = {WithdrawalReason.LIFETIME_INCOME, WithdrawalReason.NONLIFETIME_INCOME}


class Withdrawn(Value, frozen=True):
    """A withdrawal as it was done, after what was taken `first`, of the account of `view`; `guarantee` is what a death
    benefit adds to what was drawn (MVA-10).
    """

    case: Case[WithdrawalRequest]
    first: TakenFirst
    view: View
    sales: list[Sale]
    legs: list[Leg]
    mva: MvaBlock | None
    guarantee: Decimal

    @property
    def taken(self) -> Decimal:
        """The value taken, before adjustment."""
        return sum((sale.draw.taken for sale in self.sales), ZERO)

    @property
    def adjustment(self) -> Decimal:
        """The aggregate adjustment as it counts (MVA-6, MVA-7)."""
        return sum((sale.draw.pays for sale in self.sales), ZERO) - self.taken

    @property
    def payable(self) -> Decimal:
        """What the payee receives, before tax."""
        return self.taken + self.adjustment + self.guarantee


def body_of(done: Withdrawn) -> dict[str, Any]:
    """The figures of the confirmation."""
    mva, legs = done.adjustment, (*done.first.legs, *done.legs)
    return {
        "account": done.view.account.type,
        "gross": done.taken,
        "guarantee": done.guarantee or None,
        "paid": done.payable,
        "legs": legs,
        "charges": done.first.charges,
        "mva": done.mva,
        "rounding": sum((leg.rounding for leg in legs), ZERO),
        "debits": done.first.taken + done.taken + max(mva, ZERO) + done.guarantee,
        "credits": done.payable + done.first.taken + max(-mva, ZERO),
        "details": _details(done),
    }


def _details(done: Withdrawn) -> dict[str, str]:
    request = done.case.request
    details = {"reason": request.reason.value}
    if request.event_date is not None:
        details["event_date"] = request.event_date.isoformat()
    if request.payee is not None:
        details["payee"] = request.payee
    if guaranteed(done.case.terms, request):
        details["adjusted_purchase_total"] = plain(done.view.account.purchases)
    return details | loan_details(done.case, done.view)


def rules_of(done: Withdrawn) -> tuple[str, ...]:
    """The rules it stands on, in the order applied."""
    case, mva = done.case, done.mva
    reckoned = () if mva is None else mva.rules
    choice = rules_of_choice(case.terms, [sale.draw.holding.option for sale in done.sales], case.request.from_ or ())
    charged = (rule for charge in done.first.charges for rule in charge.rules)
    return cited("GEN-2", *charged, "WDL-1", *_of_request(done), *choice, *reckoned, "WDL-14", "GEN-7")


def _of_request(done: Withdrawn) -> tuple[str, ...]:
    """Guaranteed terms cannot fund income: what is taken of them for it is paid out first (INC-1)."""
    request = done.case.request
    income = ("INC-1",) if done.mva is not None and request.reason in INCOME else ()
    loan = loan_rules(done.case, done.view)
    on_death = ("MVA-10",) if guaranteed(done.case.terms, request) else ()
    return (*(() if request.full else ("WDL-3",)), *loan, *income, *on_death)
