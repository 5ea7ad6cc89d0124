"""Loans outstanding, and loans taken (WDL-9).

The documents say: loans are not taken of guaranteed terms, whose money must first be transferred, with its adjustment,
to another option; nor of the Roth account, unless the plan permits it. Both count in the value that sizes a loan. What
is outstanding reduces what can be withdrawn of the other accounts. What they leave open is decided so:
- A loan is a withdrawal with the reason `loan`. How much may be borrowed is for the loan system to say: the
  confirmation tells the value that sizes a loan, and what of the account can be lent.
- What must stay is dollars of value before adjustment. A balance of the participant is stood in for by all accounts
  that it may touch, together: what one has less, the others must have.
- The loan system says what is outstanding, after a loan and after a repayment too: neither changes it by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from contracts_schema.contributions import Source
from contracts_schema.options import GuaranteedOption
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import DepositRequest, WithdrawalRequest
from contracts_schema.terms import AccountType, ContractTerms
from contracts_schema.types import plain
from contracts_schema.withdrawing import WithdrawalFrom, WithdrawalReason
from services.domain.cases import Case, account_in
from services.domain.numbers import ZERO
from services.domain.sources import Drawable, View
from services.domain.state import Account, Participant
from services.domain.valuation import Valuation
from services.domain.verdicts import finding

Taken = Mapping[AccountType, Decimal]
"""Dollars of value taken of accounts, in the order in which they are drawn on."""


def bears_loans(terms: ContractTerms, account: AccountType) -> bool:
    """Whether loans may be taken of accounts of a type, and a balance outstanding and a default touch them."""
    return account != AccountType.ROTH or (terms.loans is not None and terms.loans.from_roth)


def touched(terms: ContractTerms, participant: Participant) -> list[Account]:
    """The participant's accounts that loans touch."""
    return [account for account in participant.accounts if bears_loans(terms, account.type)]


def outstanding(participant: Participant, account: AccountType | None) -> Decimal:
    """The balance outstanding of one account; of the participant, apart from those of accounts, where it is None."""
    return next((loan.balance for loan in participant.loans if loan.account == account), ZERO)


def kept_for_loans(at: Valuation, participant: Participant, taken: Taken) -> dict[AccountType, Decimal]:
    """Dollars of value, before adjustment, that a loan outstanding keeps in each account that is drawn on, where it
    keeps any: in their order, for what is taken of one no longer stands in for what another owes.
    """
    kept, gone = dict[AccountType, Decimal](), dict[AccountType, Decimal]()
    for type_, dollars in taken.items():
        must_stay = _must_stay(at, participant, type_, gone)
        kept |= {type_: must_stay} if must_stay else {}
        gone[type_] = dollars
    return kept


def _must_stay(at: Valuation, participant: Participant, type_: AccountType, gone: Taken) -> Decimal:
    if not bears_loans(at.terms, type_):
        return ZERO
    shared = outstanding(participant, None)
    for other in touched(at.terms, participant) if shared else ():
        if other.type != type_:
            there = View(at, other).value() - gone.get(other.type, ZERO) - outstanding(participant, other.type)
            shared -= max(ZERO, there)
    return outstanding(participant, type_) + max(ZERO, shared)


def beyond_loans(at: Valuation, participant: Participant, taken: Taken) -> Iterator[Finding]:
    """That so much value cannot be taken of accounts, because a loan is outstanding."""
    for type_, kept in kept_for_loans(at, participant, taken).items():
        value, needed = View(at, account_in(participant, type_)).value(), taken[type_]
        available = max(ZERO, value - kept)
        if needed > available:
            yield finding(
                Reason.LOAN_OUTSTANDING,
                account=type_.value,
                value=value,
                kept_for_loans=kept,
                available=available,
                needed=needed,
            )


def loan_defects(case: Case[WithdrawalRequest], accounts: Sequence[AccountType]) -> Iterator[Finding]:
    """Why no loan is taken of accounts, or of what was chosen of them, if that is the reason of a withdrawal."""
    if case.request.reason is not WithdrawalReason.LOAN:
        return
    for account in accounts if case.terms.loans is not None else accounts[:1]:
        yield from lending_defects(case.terms, account, "reason")
    yield from _of_guaranteed(case.terms, case.request.from_ or ())


def lending_defects(terms: ContractTerms, account: AccountType | None, where: str) -> Iterator[Finding]:
    """That the contract gives no loans, or none of an account."""
    if terms.loans is None:
        yield finding(Reason.LOANS_NOT_GIVEN, where=where)
    elif account is not None and not bears_loans(terms, account):
        yield finding(Reason.LOAN_NOT_FROM_ROTH, where=where, account=account.value)


def _of_guaranteed(terms: ContractTerms, legs: Sequence[WithdrawalFrom]) -> Iterator[Finding]:
    for at, leg in enumerate(legs):
        if isinstance(terms.option_named(leg.option), GuaranteedOption):
            yield finding(Reason.LOAN_NOT_FROM_GUARANTEED, where=f"from[{at}].option", option=leg.option)


def repayment_defects(case: Case[DepositRequest]) -> Iterator[Finding]:
    """Why a deposit cannot repay a loan, if that is its source. It goes where other deposits of the account go."""
    if case.request.source is Source.LOAN_REPAYMENT:
        yield from lending_defects(case.terms, case.request.account, "source")


def bears_charges(case: Case[DepositRequest]) -> bool:
    """Whether premium tax and sales charge are taken of a deposit: of a repayment only where the terms say so."""
    if case.request.source is not Source.LOAN_REPAYMENT:
        return True
    return case.terms.loans is not None and case.terms.loans.repayments_bear_charges


def lendable(view: View) -> Drawable:
    """What a loan that chooses no options is drawn on: every option held but guaranteed terms."""
    return Drawable(
        tuple(
            view.position(option)
            for option in view.at.terms.options
            if not isinstance(option, GuaranteedOption) and view.account.holds(option.option)
        )
    )


def concerns_loans(case: Case[WithdrawalRequest]) -> bool:
    """Whether a withdrawal has anything to do with loans: it is one, or some are outstanding."""
    return bool(case.participant.loans) or case.request.reason is WithdrawalReason.LOAN


def loan_rules(case: Case[WithdrawalRequest], taken: Taken) -> tuple[str, ...]:
    """WDL-9, of a loan, and of what is withdrawn beside one outstanding."""
    loan = case.request.reason is WithdrawalReason.LOAN
    return ("WDL-9",) if loan or kept_for_loans(case.at, case.participant, taken) else ()


def loan_details(case: Case[WithdrawalRequest], taken: Taken) -> dict[str, str]:
    """What a withdrawal is told with for a loan outstanding, and as a loan: the value of all accounts, guaranteed terms
    and Roth included, which sizes it, and what of the accounts named could be lent before it.
    """
    kept = kept_for_loans(case.at, case.participant, taken)
    several = len(taken) > 1
    told = {f"{type_}_kept_for_loans" if several else "kept_for_loans": plain(kept[type_]) for type_ in kept}
    if case.request.reason is not WithdrawalReason.LOAN:
        return told
    sizing = sum((View(case.at, account).value() for account in case.participant.accounts), ZERO)
    available = sum((_available(case, type_, kept.get(type_, ZERO)) for type_ in taken), ZERO)
    return {**told, "value_that_sizes_loans": plain(sizing), "available_for_loans": plain(available)}


def _available(case: Case[WithdrawalRequest], type_: AccountType, kept: Decimal) -> Decimal:
    view = View(case.at, account_in(case.participant, type_))
    held = sum((holding.value for source in lendable(view).sources for holding in source), ZERO)
    return max(ZERO, min(held, view.value() - kept))
