"""When a negative aggregate adjustment does not count (MVA-7, MVA-10, LIM-4), and what is drawn then."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from contracts_schema.options import GuaranteedOption, MvaTerms
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import WithdrawalRequest
from contracts_schema.terms import ContractTerms
from contracts_schema.values import changed
from contracts_schema.withdrawing import WithdrawalReason
from services.domain.death_benefit import ON_DEATH, guaranteed
from services.domain.draws import Draw, Source
from services.domain.numbers import ZERO
from services.domain.verdicts import finding

MONTHS = 6
DATED = {*ON_DEATH, WithdrawalReason.DISABILITY}
SPARED = {*DATED, WithdrawalReason.LIFETIME_INCOME}
"""Reasons for which a negative aggregate may not count."""

Draws = list[list[Draw] | None]
"""What is drawn of each part of a request; None of a part that has less than was asked for."""


def event_defects(request: WithdrawalRequest, day: date) -> Iterator[Finding]:
    """A death or a disability has a date, and lies behind (MVA-7)."""
    if request.reason not in DATED:
        return
    if request.event_date is None:
        yield finding(Reason.EVENT_DATE_NEEDED, where="event_date", withdrawn_for=request.reason.value)
    elif request.event_date > day:
        yield finding(Reason.EVENT_IN_FUTURE, where="event_date", event_date=request.event_date, trade_date=day)


def counts_only_positive(terms: ContractTerms, request: WithdrawalRequest, day: date) -> str | None:
    """The rule by which a negative aggregate does not count for a withdrawal on a trade date, or None.

    That of a guaranteed death benefit never counts, whenever it is paid (MVA-10), unless its deferral restores it.
    """
    if request.reason not in SPARED:
        return None
    if guaranteed(terms, request):
        restored = terms.deferral_restores_mva and request.reason == WithdrawalReason.DEATH_DEFERRED
        return None if restored else "MVA-10"
    adjusted = [option.mva for option in terms.options if isinstance(option, GuaranteedOption)]
    return "MVA-7" if adjusted and all(_only_positive(mva, request, day) for mva in adjusted) else None


def _only_positive(mva: MvaTerms, request: WithdrawalRequest, day: date) -> bool:
    if request.reason == WithdrawalReason.LIFETIME_INCOME:
        return True
    within = request.event_date is not None and day <= months_after(request.event_date, MONTHS)
    if request.reason in ON_DEATH:
        return within or mva.positive_only_death == "always"
    return within and mva.positive_only_disability


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def waived(terms: ContractTerms, day: date) -> str | None:
    """The rule by which a negative aggregate is waived for transfers on a trade date, or None (LIM-4)."""
    return "LIM-4" if any(waiver.from_day <= day <= waiver.through for waiver in terms.mva_waivers) else None


def at_par(sources: Sequence[Source]) -> tuple[Source, ...]:
    """The same sources, paid as if every factor were 1."""
    return tuple(tuple(changed(holding, at_par=True) for holding in source) for source in sources)


def par_stands(adjusted: Draws, par: Draws, short: Iterable[Draw]) -> bool:
    """Whether a request is filled at par, where its aggregate counts only when positive.

    Filled once with factors and once at par, the smaller total taken stands: at par, that is, where the aggregate
    would be negative or the factors leave less than was asked for. A negative aggregate never counts, not even where
    a part has too little at par: then there is less than was asked for. Where there is so either way, that stands
    which leaves more of `short`, all there is of the parts that have too little.
    """
    if None not in adjusted:
        return _aggregate(draw for part in adjusted for draw in part or ()) < 0
    return None not in par or _aggregate(short) < 0


def _aggregate(draws: Iterable[Draw]) -> Decimal:
    """The sum of all adjustments (MVA-6)."""
    return sum((draw.pays - draw.taken for draw in draws), ZERO)
