"""Contributions: which account a source may go to, and the dollar limits of a calendar year (DEP-6, DEP-7).

What counts against a limit is the gross deposit, in the year of its trade date. The ledger knows neither ages nor other
plans: that a participant may catch up is for the sender of the deposit to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from contracts_schema.contributions import ROTH_SOURCES, SALARY_REDUCTIONS, ContributionLimits
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import DepositRequest
from contracts_schema.terms import AccountType
from contracts_schema.types import plain
from contracts_schema.values import changed
from services.domain.cases import Case
from services.domain.numbers import ZERO
from services.domain.particulars import YearTotal
from services.domain.state import Participant
from services.domain.verdicts import finding


def contribution_defects(case: Case[DepositRequest]) -> Iterator[Finding]:
    """Why a deposit's source does not allow it: another account's, or more than the year's limit."""
    yield from _not_for_account(case)
    limits = _limits_of(case)
    if limits is not None:
        yield from _over_limit(case, limits)


def with_contribution(case: Case[DepositRequest], participant: Participant) -> Participant:
    """The participant with an accepted deposit counted, where it counts. A quote may look back at the year before; of
    older years nothing is kept.
    """
    if _limits_of(case) is None:
        return participant
    year = case.day.year
    others = (total for total in participant.contributions if total.year >= year - 1 and total.year != year)
    total = YearTotal(year, contributed(participant, year) + case.request.amount)
    return changed(participant, contributions=(*others, total))


def contributed(participant: Participant, year: int) -> Decimal:
    """Salary reductions accepted so far in a calendar year."""
    return next((total.dollars for total in participant.contributions if total.year == year), ZERO)


def contribution_rules(case: Case[DepositRequest]) -> tuple[str, ...]:
    """The rules that an accepted deposit stands on by its source."""
    of_roth = ("DEP-6",) if case.request.account == AccountType.ROTH else ()
    return of_roth if _limits_of(case) is None else (*of_roth, "DEP-7")


def contribution_details(case: Case[DepositRequest]) -> dict[str, str]:
    """For the confirmation: the year's limit, and what of it is used with this deposit."""
    limits, year = _limits_of(case), case.day.year
    if limits is None:
        return {}
    used = contributed(case.participant, year) + case.request.amount
    return {"contribution_limit": plain(_limit(case, limits, year)), "contributed_this_year": plain(used)}


def _not_for_account(case: Case[DepositRequest]) -> Iterator[Finding]:
    source, account, terms = case.request.source, case.request.account, case.terms
    if source in terms.sources.taken_by(account):
        return
    roth = source in ROTH_SOURCES or account == AccountType.ROTH
    takes = ", ".join(each for each in terms.accounts if source in terms.sources.taken_by(each))
    yield finding(
        Reason.SOURCE_NOT_FOR_ACCOUNT,
        rules=("DEP-6",) if roth else ("ACC-1",),
        where="source",
        source=source.value,
        account=account.value,
        goes_to=takes or "no account of the contract",
    )


def _limits_of(case: Case[DepositRequest]) -> ContributionLimits | None:
    """The contract's limits, where it has some and the deposit counts against them."""
    return case.terms.contribution_limits if case.request.source in SALARY_REDUCTIONS else None


def _over_limit(case: Case[DepositRequest], limits: ContributionLimits) -> Iterator[Finding]:
    """More than is left of the year: the whole deposit is too much. What the next year allows is told by the terms of
    the trade date: later ones may not have been on the log when the day closed.
    """
    amount, year = case.request.amount, case.day.year
    limit, used = _limit(case, limits, year), contributed(case.participant, year)
    available = max(ZERO, limit - used)
    if amount > available:
        fits = amount <= _limit(case, limits, year + 1)
        yield finding(
            Reason.CONTRIBUTION_LIMIT_EXCEEDED,
            where="amount",
            possible_from=date(year + 1, 1, 1) if fits else None,
            requested=amount,
            year=year,
            limit=limit,
            used=used,
            available=available,
        )


def _limit(case: Case[DepositRequest], limits: ContributionLimits, year: int) -> Decimal:
    of_year = limits.of_year(year)
    assert of_year is not None, "limits begin no later than the terms that hold them"
    return of_year.for_deposit(catch_up=case.request.catch_up)
