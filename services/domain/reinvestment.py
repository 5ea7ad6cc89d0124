"""The reinvestment privilege: a full withdrawal may come back (WDL-10).

The documents say: all or a portion of it, elected within 30 days, received within 60, into the current deposit period,
in the same proportions by classification as before. What they leave open is decided so:
- A full withdrawal is one of everything in an Individual Account. Its trade date is day 0 of both periods, days of
  receipt in New York count, and the last day of each is included.
- A portion is dollars, of what was paid: of an adjustment that was negative nothing comes back. It may come in parts;
  a later election replaces the one before.
- Proportions are those of the values before adjustment, over every option that was held; of terms without
  classifications by their length. What was of a classification goes to its term of shortest maturity, what was of a
  length to that length or the next one, as at a maturity (MAT-3). A reinvestment chooses no allocation of its own.
- It is a deposit like others: premium tax and sales charge are those of deposits (DEP-1).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from contracts_schema.contributions import Source
from contracts_schema.instructions import ReinvestmentElection
from contracts_schema.options import GuaranteedOption
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction, DepositRequest, WithdrawalRequest
from contracts_schema.types import plain
from contracts_schema.values import changed
from services.domain.allocation import Shares
from services.domain.cases import Case, account_in, authorised, existing_account
from services.domain.guaranteed import LONGEST_SHORT_TERM, held_lots
from services.domain.maturity import next_term
from services.domain.numbers import ZERO
from services.domain.rate_lock import current_period
from services.domain.sources import View
from services.domain.state import Account, AllocationShare, FullWithdrawal, HeldBefore
from services.domain.valuation import Valuation
from services.domain.verdicts import Done, Verdict, finding

LONGEST_TERM = 10


def remembered(case: Case[WithdrawalRequest], before: View, after: Account, paid: Decimal) -> Account:
    """The account after a withdrawal, with what a full one may come back as, where the contract lets it. Of an account
    that held nothing, and was paid what a death benefit guarantees, there are no proportions.
    """
    if case.terms.reinvestment is None or not case.request.full or case.request.from_ is not None:
        return after
    held = tuple(HeldBefore(option, years, value) for (option, years), value in _values(before).items())
    withdrawn = FullWithdrawal(case.request.request_id, case.day, paid, held)
    return changed(after, full_withdrawal=withdrawn) if held else after


def _values(view: View) -> dict[tuple[str, int | None], Decimal]:
    """Dollars by option, in the contract's order, and by length of term; of a classification by its longest."""
    found: dict[tuple[str, int | None], Decimal] = {}
    for option in view.at.terms.options:
        if not isinstance(option, GuaranteedOption):
            found[option.option, None] = sum((holding.value for holding in view.position(option)), ZERO)
            continue
        for lot in held_lots(view.account, option.option):
            years = _longest_alike(lot.years) if option.classified else lot.years
            found[option.option, years] = found.get((option.option, years), ZERO) + view.lot_value(lot)
    return {place: value for place, value in found.items() if value}


def _longest_alike(years: int) -> int:
    return LONGEST_SHORT_TERM if years <= LONGEST_SHORT_TERM else LONGEST_TERM


def elect_reinvestment(case: Case[AccountInstruction], order: ReinvestmentElection, received_on: date) -> Verdict:
    """Keep how much of a full withdrawal is to come back."""
    refused = (*authorised(case), *existing_account(case.participant, order.account))
    if refused:
        return refused
    account = account_in(case.participant, order.account)
    withdrawn, privilege = account.full_withdrawal, case.terms.reinvestment
    if privilege is None:
        return (finding(Reason.REINVESTMENT_NOT_GIVEN),)
    if withdrawn is None:
        return (finding(Reason.NOTHING_TO_REINVEST, where="instruction.account", account=order.account.value),)
    amount = order.amount or withdrawn.paid
    refused = (*_late(withdrawn, privilege.elected_within_days, received_on), *_more(withdrawn, amount, withdrawn.paid))
    if refused:
        return refused
    account = changed(account, full_withdrawal=changed(withdrawn, elected=amount))
    last = withdrawn.day + timedelta(days=privilege.received_within_days)
    details = {"withdrawal": withdrawn.request_id, "amount": plain(amount), "to_be_received_by": last.isoformat()}
    books = case.participant.with_account(account)
    return Done(books, "reinvestment_elected", ("GEN-2", "WDL-10"), {"account": order.account, "details": details})


def _late(withdrawn: FullWithdrawal, days: int, received_on: date) -> Iterator[Finding]:
    last = withdrawn.day + timedelta(days=days)
    if received_on > last:
        yield finding(Reason.REINVESTMENT_TOO_LATE, withdrawn_on=withdrawn.day, last_day=last, received_on=received_on)


def _more(withdrawn: FullWithdrawal, amount: Decimal, limit: Decimal) -> Iterator[Finding]:
    available = limit - withdrawn.reinvested
    if amount > limit or amount > available:
        yield finding(Reason.REINVESTMENT_EXCEEDS, requested=amount, withdrawn=withdrawn.paid, available=available)


def reinvestment_defects(case: Case[DepositRequest], received_on: date) -> Iterator[Finding]:
    """Why a deposit cannot be a reinvestment, if that is its source."""
    if case.request.source is not Source.REINVESTMENT:
        return
    account = case.participant.account(case.request.account)
    withdrawn, privilege = None if account is None else account.full_withdrawal, case.terms.reinvestment
    if privilege is None:
        yield finding(Reason.REINVESTMENT_NOT_GIVEN, where="source")
    elif withdrawn is None or not withdrawn.elected:
        yield finding(Reason.NOTHING_TO_REINVEST, where="source", account=case.request.account.value)
    else:
        yield from _late(withdrawn, privilege.received_within_days, received_on)
        yield from _more(withdrawn, case.request.amount, withdrawn.elected)
    if case.request.allocation is not None:
        yield finding(Reason.ALLOCATION_NOT_CHOSEN, where="allocation")


def proportions(at: Valuation, account: Account | None) -> Shares:
    """The shares in which a full withdrawal comes back on a day; none where there was none."""
    if account is None or account.full_withdrawal is None:
        return ()
    held = account.full_withdrawal.held
    total, found = sum((part.value for part in held), ZERO), dict[tuple[str, int | None], Decimal]()
    for part in held:
        place = (part.option, None if part.years is None else _term_now(at, part.option, part.years))
        found[place] = found.get(place, ZERO) + part.value
    return tuple(AllocationShare(option, term, value * 100 / total) for (option, term), value in found.items())


def _term_now(at: Valuation, name: str, years: int) -> int:
    """The length of the term on offer; where nothing fits the length that was held, which is then refused."""
    option = at.terms.option_named(name)
    offering = current_period(at, option, at.day) if isinstance(option, GuaranteedOption) else None
    if offering is None or not isinstance(option, GuaranteedOption):
        return years
    term = next_term(offering, years, classified=option.classified)
    return years if term is None else term.years


def come_back(account: Account, request: DepositRequest) -> Account:
    """The account with a reinvestment counted against what may come back."""
    withdrawn = account.full_withdrawal
    if request.source is not Source.REINVESTMENT or withdrawn is None:
        return account
    return changed(account, full_withdrawal=changed(withdrawn, reinvested=withdrawn.reinvested + request.amount))
