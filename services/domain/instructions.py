"""Instructions: open an account, set an allocation (ACC-1, DEP-2). Cancelling is in `decide`, where the queue is."""

from __future__ import annotations

from collections.abc import Iterator

from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction, ChangeAllocation, OpenAccount
from contracts_schema.values import changed
from services.domain.allocation import allocation_defects, shares_of
from services.domain.cases import Case, account_allowed, account_in, authorised, existing_account
from services.domain.state import Account
from services.domain.verdicts import Done, Verdict, finding


def open_account(case: Case[AccountInstruction], order: OpenAccount) -> Verdict:
    """Open an Individual Account of a type the contract has, once, effective on the trade date (ACC-1)."""
    refused = (*authorised(case), *_can_open(case, order))
    if refused:
        return refused
    account = Account(order.account, case.day, shares_of(order.allocation or ()))
    details = _described(account)
    return Done(
        case.participant.with_account(account),
        "account_opened",
        ("GEN-2", "ACC-1", "DEP-2") if account.allocation else ("GEN-2", "ACC-1"),
        {"account": order.account, "details": details},
    )


def _can_open(case: Case[AccountInstruction], order: OpenAccount) -> Iterator[Finding]:
    yield from account_allowed(case.terms, order.account)
    known = case.participant.account(order.account)
    if known is not None:
        yield finding(Reason.ACCOUNT_ALREADY_OPEN, where="instruction.account", opened=known.opened)
    yield from allocation_defects(case.terms, shares_of(order.allocation or ()), "instruction.allocation")


def change_allocation(case: Case[AccountInstruction], order: ChangeAllocation) -> Verdict:
    """Set the percentages of an account's future deposits: any time, without charge (DEP-2)."""
    shares = shares_of(order.allocation)
    refused = (
        *authorised(case),
        *existing_account(case.participant, order.account),
        *allocation_defects(case.terms, shares, "instruction.allocation"),
    )
    if refused:
        return refused
    account = changed(account_in(case.participant, order.account), allocation=shares)
    return Done(
        case.participant.with_account(account),
        "allocation_changed",
        ("GEN-2", "DEP-2"),
        {"account": order.account, "details": _described(account)},
    )


def _described(account: Account) -> dict[str, str]:
    """An allocation for a reader: "GAA 3y" → "40"."""
    return {
        share.option if share.term is None else f"{share.option} {share.term}y": format(share.percent, "f")
        for share in account.allocation
    }
