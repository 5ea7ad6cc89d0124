"""Instructions: open an account, set an allocation, say what becomes of a term at maturity (ACC-1, DEP-2, MAT-2).

Cancelling is in `decide`, where the queue is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from contracts_schema.instructions import ChangeAllocation, MaturityElection, OpenAccount
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction
from contracts_schema.values import changed
from services.domain.account_closing import reopened
from services.domain.allocation import Shares, allocation_defects, not_taking, shares_of
from services.domain.cases import Case, account_allowed, account_in, authorised, existing_account
from services.domain.fees import with_fee_handed_on
from services.domain.opening import cycle_details, new_account
from services.domain.state import Election, Lot
from services.domain.verdicts import Done, Verdict, finding


def open_account(case: Case[AccountInstruction], order: OpenAccount) -> Verdict:
    """Open an Individual Account of a type the contract has, once, effective on the trade date; one that was closed
    goes on as it was (ACC-1).
    """
    refused = (*authorised(case), *_can_open(case, order))
    if refused:
        return refused
    shares, closed = shares_of(order.allocation or ()), case.participant.account(order.account)
    kind = order.payments == "lump_sum"
    fresh = new_account(case, order.account, shares, lump_sum=kind)
    account = fresh if closed is None else reopened(closed, shares)
    cycles = cycle_details(case.terms, account)
    details, counts = _described(account.allocation) | cycles, (("ACC-3",) if cycles else ())
    books = with_fee_handed_on(case.terms, case.participant.with_account(account), account.type, case.day)
    return Done(
        books,
        "account_opened" if closed is None else "account_reopened",
        ("GEN-2", "ACC-1", *(("DEP-2",) if account.allocation else ()), *counts),
        {"account": order.account, "details": details},
    )


def _can_open(case: Case[AccountInstruction], order: OpenAccount) -> Iterator[Finding]:
    yield from account_allowed(case.terms, order.account)
    known = case.participant.account(order.account)
    if known is not None and known.closed is None:
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
        {"account": order.account, "details": _described(account.allocation)},
    )


def elect_maturity(case: Case[AccountInstruction], order: MaturityElection, received_on: date) -> Verdict:
    """Keep what the owner wants of a lot at its maturity; a later election replaces an earlier (MAT-2).

    It counts where it was received by midnight, New York, of the maturity date (MAT-6), and is followed at the first
    close that is both of the maturity or later and of the election's trade date or later: after the close of the
    maturity date it gets the next close's prices, and comes too late to replace one followed by then. Whether terms
    that it names are offered shows at maturity; where they are not, MAT-3 applies.
    """
    refused = (*authorised(case), *existing_account(case.participant, order.account))
    if refused:
        return refused
    account = account_in(case.participant, order.account)
    lot = next((lot for lot in account.lots if lot.lot == order.lot), None)
    if lot is None:
        return (finding(Reason.LOT_NOT_HELD, where="instruction.lot", lot=order.lot),)
    shares = shares_of(order.to or ())
    refused = (*_too_late(case, lot, received_on), *_not_electable(case, lot, shares))
    if refused:
        return refused
    elected = changed(lot, election=Election(case.request.request_id, shares, order.payee), undecided=lot.matured)
    details = {"lot": lot.lot, "maturity": lot.maturity.isoformat(), **_wanted(shares, order.payee)}
    return Done(
        case.participant.with_account(account.with_lot(elected)),
        "maturity_elected",
        ("GEN-2", "MAT-2"),
        {"account": order.account, "details": details},
    )


def _too_late(case: Case[AccountInstruction], lot: Lot, received_on: date) -> Iterator[Finding]:
    """Received after the maturity date, or on the log only after the close at which it would have been followed."""
    followed = case.at.market.first_closed_from(lot.maturity + timedelta(days=1))
    if received_on > lot.maturity or (followed is not None and followed < case.day):
        yield finding(Reason.ELECTION_TOO_LATE, lot=lot.lot, maturity=lot.maturity, received_on=received_on)


def _not_electable(case: Case[AccountInstruction], lot: Lot, shares: Shares) -> Iterator[Finding]:
    """What the contract does not have, and what will take nothing on the day of the maturity (GEN-8)."""
    yield from allocation_defects(case.terms, shares, "instruction.to")
    for share in shares:
        option = case.terms.option_named(share.option)
        if option is not None:
            yield from not_taking(option, lot.maturity)


def _wanted(shares: Shares, payee: str | None) -> dict[str, str]:
    paid = {"withdrawn": "all"} if payee is None else {"withdrawn": "all", "payee": payee}
    return _described(shares) or paid


def _described(shares: Shares) -> dict[str, str]:
    """Shares for a reader: "GAA 3y" → "40"."""
    return {
        share.option if share.term is None else f"{share.option} {share.term}y": format(share.percent, "f")
        for share in shares
    }
