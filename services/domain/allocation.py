"""Where money goes: percentages into options, checked and split (DEP-2, DEP-3, DEP-5, GEN-8, ACC-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from contracts_schema.figures import Leg
from contracts_schema.options import GuaranteedOption, Option
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.shares import Share
from contracts_schema.terms import ContractTerms
from services.domain.guaranteed import lot_for
from services.domain.numbers import ZERO, whole_cents
from services.domain.positions import move, move_lot
from services.domain.rate_lock import current_period, offered
from services.domain.state import Account, AllocationShare, RateLock
from services.domain.valuation import Valuation
from services.domain.verdicts import finding

Shares = tuple[AllocationShare, ...]
RULES_OF_KIND = {
    "fund": (),
    "fixed_account": ("FIX-1", "FIX-6", "FIX-7"),
    "fixed_plus_account": ("FIX-2", "FIX-6", "FIX-7"),
    "fixed_plus_account_2": ("FIX-2", "FIX-6", "FIX-7"),
    "fixed_account_2": ("FIX-6", "FIX-7"),
    "guaranteed": ("DEP-5", "GAA-1", "GAA-2"),
}


def rules_of(legs: Iterable[Leg]) -> Iterator[str]:
    """The rules behind what money went into, or came out of."""
    for leg in legs:
        yield from RULES_OF_KIND[leg.kind]
        yield from rules_of_bonus((leg,))


def rules_of_bonus(legs: Iterable[Leg]) -> Iterator[str]:
    """FIX-4 where the account of any leg earns more than the declared rate, FND-5 where services take off of it."""
    if any(leg.bonus_since is not None for leg in legs):
        yield "FIX-4"
    if any(leg.rate_reduction is not None for leg in legs):
        yield "FND-5"


def shares_of(shares: Sequence[Share]) -> Shares:
    """Shares as they are kept on the books."""
    return tuple(AllocationShare(share.option, share.term, share.percent) for share in shares)


def allocation_defects(terms: ContractTerms, shares: Shares, where: str) -> Iterator[Finding]:
    """What is not in good order about an allocation, whatever the day: options and terms it names (GEN-3)."""
    for position, share in enumerate(shares):
        option, field = terms.option_named(share.option), f"{where}[{position}]"
        if option is None:
            yield finding(Reason.UNKNOWN_OPTION, where=field + ".option", option=share.option)
        elif isinstance(option, GuaranteedOption) and share.term is None:
            yield finding(Reason.TERM_NEEDED, where=field + ".term", option=share.option)
        elif not isinstance(option, GuaranteedOption) and share.term is not None:
            yield finding(Reason.TERM_NOT_EXPECTED, where=field + ".term", option=share.option)


def closed_to(at: Valuation, shares: Shares, lock: RateLock | None = None) -> Iterator[Finding]:
    """Options that take nothing on the day, and terms that no open deposit period offers; nor, where a rate lock covers
    the money, the locked one (GAA-7).
    """
    for share in shares:
        option = at.terms.option_named(share.option)
        if option is None:
            continue
        shut = tuple(not_taking(option, at.day))
        yield from shut
        if not shut and isinstance(option, GuaranteedOption) and share.term is not None:
            found = offered(at, option, share.term, lock)
            yield from _not_offered(at, option, share.term) if found is None else ()


def not_taking(option: Option, day: date) -> Iterator[Finding]:
    """That an option takes no money on a day: it is not open yet, or closed (GEN-8, DEP-3)."""
    if option.opens_on is not None and day < option.opens_on:
        yield finding(
            Reason.OPTION_NOT_OPEN,
            possible_from=option.opens_on,
            opens_on=option.opens_on,
            option=option.option,
            trade_date=day,
        )
    elif option.closes_on is not None and day >= option.closes_on:
        yield finding(Reason.OPTION_CLOSED, closed_from=option.closes_on, option=option.option, trade_date=day)


def _not_offered(at: Valuation, option: GuaranteedOption, term: int) -> Iterator[Finding]:
    offering = current_period(at, option, at.day)
    if offering is None:
        yield finding(Reason.NO_DEPOSIT_PERIOD, option=option.option, trade_date=at.day)
    else:
        terms = ", ".join(str(each.years) for each in offering.terms)
        yield finding(
            Reason.TERM_NOT_OFFERED, option=option.option, term=term, offered=terms, offering=offering.offering_id
        )


def split(terms: ContractTerms, shares: Shares, amount: Decimal) -> list[Decimal]:
    """An amount by percentages, in whole cents; what is left over goes to the largest share.

    Of equal shares the one whose option stands first in the contract takes it (DEP-2).
    """
    parts = [whole_cents(amount * share.percent / 100) for share in shares]
    largest = min(range(len(shares)), key=lambda at: (-shares[at].percent, terms.rank[shares[at].option], at))
    parts[largest] += amount - sum(parts, ZERO)
    return parts


def invest(
    account: Account, at: Valuation, shares: Shares, amount: Decimal, lock: RateLock | None = None
) -> tuple[Account, list[Leg]]:
    """Put an amount into the options of checked shares, at the indexes of the day (DEP-4); into guaranteed terms by the
    rate lock that covers it, if one does (GAA-7).
    """
    legs = []
    for share, part in zip(shares, split(at.terms, shares, amount), strict=True):
        if part:
            account, leg = _put(account, at, share, part, lock)
            legs.append(leg)
    return account, legs


def _put(
    account: Account, at: Valuation, share: AllocationShare, part: Decimal, lock: RateLock | None
) -> tuple[Account, Leg]:
    option = at.terms.option_named(share.option)
    assert option is not None, "shares were checked against the terms"
    if not isinstance(option, GuaranteedOption):
        return move(account, at, option, part)
    assert share.term is not None, "shares were checked against the terms"
    found = offered(at, option, share.term, lock)
    assert found is not None, "shares were checked against the offerings"
    return move_lot(account, at, option, lot_for(account, option, found.offering, found.term, at.day), part)
