"""Costs of additional services, deducted from an Individual Account (FND-6, DAC §1.17).

The company and the contract holder agree on them in writing; what is deducted of which account, and when, is told by
an instruction. What the agreement leaves open is decided so: a cost is taken pro rata over all options of the account,
guaranteed terms included, at the values of its trade date, and bears no adjustment and no early withdrawal charge. It
is no request of the owner's, as a maintenance fee is none: the maturity value transfer provision stays unused (MAT-4),
no limit and no adjusted purchase total is touched, and no loan keeps anything back. A cost of more than the account
holds is refused whole: the agreement says who pays it then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from contracts_schema.figures import Charge, Leg
from contracts_schema.orders import ServiceCost
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction
from services.domain.cases import Case, account_in, authorised, existing_account
from services.domain.draws import Draw, draw_gross, value_of
from services.domain.fees import unadjusted
from services.domain.numbers import ZERO
from services.domain.selling import Sale, taken_out
from services.domain.sources import View
from services.domain.verdicts import Done, Verdict, cited, finding


def deduct_cost(case: Case[AccountInstruction], order: ServiceCost) -> Verdict:
    """Deduct a cost from an account on its trade date."""
    refused = (*authorised(case), *_agreed(case), *existing_account(case.participant, order.account))
    if refused:
        return refused
    view = View(case.at, account_in(case.participant, order.account))
    sources = unadjusted(view)
    draws = draw_gross(sources, order.amount)
    if draws is None:
        return (_insufficient(order, sum(map(value_of, sources), ZERO)),)
    return _done(case, order, view, draws)


def _agreed(case: Case[AccountInstruction]) -> Iterator[Finding]:
    services, submitter = case.terms.additional_services, case.request.submitted_by
    if services is None:
        yield finding(Reason.SERVICE_COSTS_NOT_AGREED)
    elif services.submitters and submitter not in services.submitters:
        rules = ("GEN-3", "FND-6")
        yield finding(Reason.SUBMITTER_NOT_AUTHORISED, rules=rules, where="submitted_by", submitted_by=submitter)


def _insufficient(order: ServiceCost, available: Decimal) -> Finding:
    return finding(
        Reason.INSUFFICIENT_VALUE,
        rules=("FND-6", "WDL-11"),
        where="instruction.amount",
        account=order.account.value,
        requested=order.amount,
        available=available,
    )


def _done(case: Case[AccountInstruction], order: ServiceCost, view: View, draws: Sequence[Draw]) -> Done:
    account, legs = taken_out(view, view.account, [Sale(draw) for draw in draws if draw.taken])
    rules = cited("GEN-2", "FND-6", "WDL-1", "GEN-7")
    return Done(case.participant.with_account(account), "service_cost_deducted", rules, _body(order, legs))


def _body(order: ServiceCost, legs: Sequence[Leg]) -> dict[str, Any]:
    charge = Charge(what="service_cost", amount=order.amount, basis=order.service, rules=("FND-6",))
    return {
        "account": order.account,
        "gross": order.amount,
        "legs": tuple(legs),
        "charges": (charge,),
        "rounding": sum((leg.rounding for leg in legs), ZERO),
        "debits": order.amount,
        "credits": order.amount,
        "details": {"service": order.service},
    }
