"""What an income election takes of an account (INC-1, MVA-7).

It is drawn as a withdrawal for income would be (WDL-1..3), with the charges that such a withdrawal bears by the
contract's terms (WDL-4, DEP-1). Guaranteed terms cannot fund income, so what is taken of them is transferred out of
them by the election itself, with their adjustment: for a lifetime option only a positive aggregate counts, for others
either (MVA-7). GAA-4 bars transfers, not this.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from contracts_schema.figures import Charge
from contracts_schema.income_election import IncomeElection
from contracts_schema.outcomes import Finding
from contracts_schema.requests import AccountInstruction, WithdrawalRequest
from contracts_schema.values import Value
from contracts_schema.withdrawing import WithdrawalReason
from services.domain.cases import Case
from services.domain.choosing import choice_defects, overlapping
from services.domain.draws import Draw
from services.domain.early_withdrawal import charged, takes_off
from services.domain.loans import beyond_loans
from services.domain.netting import left_of
from services.domain.numbers import ZERO
from services.domain.sources import View
from services.domain.verdicts import Refused
from services.domain.withdrawal_filled import filled_at_factors_or_par
from services.domain.withdrawal_parts import altogether, drawn_to_the_cent, insufficient, parts_of


class Drawn(Value, frozen=True):
    """What is drawn, what comes off it, and the rule by which a negative aggregate does not count for it."""

    draws: tuple[Draw, ...]
    charges: tuple[Charge, ...]
    only_positive: str | None

    @property
    def taken(self) -> Decimal:
        """The value taken, before adjustment."""
        return sum((draw.taken for draw in self.draws), ZERO)

    @property
    def adjustment(self) -> Decimal:
        """The aggregate adjustment as it counts (MVA-6, MVA-7)."""
        return sum((draw.pays for draw in self.draws), ZERO) - self.taken

    @property
    def applied(self) -> Decimal:
        """What that comes to, after adjustment and charges."""
        return left_of(self.draws)


def as_withdrawal(case: Case[AccountInstruction], order: IncomeElection) -> Case[WithdrawalRequest]:
    """The election as the withdrawal that it is drawn as."""
    asked, lifetime = case.request, order.annuity == "lifetime"
    request = WithdrawalRequest(
        request_id=asked.request_id,
        contract_id=asked.contract_id,
        participant_id=asked.participant_id,
        submitted_by=asked.submitted_by,
        received_at=asked.received_at,
        account=order.account,
        amount=order.amount,
        percent=order.percent,
        full=order.full,
        from_=order.from_,
        reason=WithdrawalReason.LIFETIME_INCOME if lifetime else WithdrawalReason.NONLIFETIME_INCOME,
    )
    return Case(case.at, case.participant, request, case.received_on)


def leg_defects(case: Case[WithdrawalRequest], view: View) -> Iterator[Finding]:
    """GEN-3, GAA-6, WDL-11: legs of options that the contract has, and that are held."""
    legs = case.request.from_ or ()
    for at, leg in enumerate(legs):
        yield from choice_defects(case.terms, view.account, leg, f"instruction.from[{at}]")
    yield from overlapping(legs)


def drawn(case: Case[WithdrawalRequest], view: View) -> Drawn | Refused:
    """What is taken of an account, or why there is not so much."""
    parts, refused = parts_of(case, (view,))
    if refused:
        return refused
    fills, parts, only_positive = filled_at_factors_or_par(case, parts)
    refused = tuple(insufficient(part) for part, fill in zip(parts, fills, strict=True) if fill is None)
    if refused:
        return refused
    draws = drawn_to_the_cent(parts, [fill for fill in fills if fill is not None])
    if draws is None:
        return (insufficient(altogether(parts)),)
    found = Drawn(tuple(draws), charged(draws) if takes_off(case.terms) else (), only_positive)
    refused = tuple(beyond_loans(case.at, case.participant, {view.account.type: found.taken}))
    return refused or found
