"""The rate lock of external transfers: the deposit period with the greater rate (GAA-7).

It compares the deposit period that was open when the election was received with the one that is open on the deposit's
trade date, each by its term of the length asked for; what only one of them offers is had from that one. A tie goes to
the current period. Stepped rates compare by level equivalent: the one rate that makes the same of a dollar from the
end of the deposit period, where the calendar of the steps begins, to maturity. Interest runs from the deposit only, at
the steps and to the maturity of the period that it goes to, and the lot is one of that period in every other respect.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from contracts_schema.contributions import EXTERNAL_TRANSFERS, Source
from contracts_schema.options import GuaranteedOption
from contracts_schema.reference import GuaranteedOffering, GuaranteedTerm
from contracts_schema.types import plain
from services.domain.guaranteed import accrual_days, offered_term, open_offering
from services.domain.numbers import ONE, YEAR, growth, rounded
from services.domain.state import AllocationShare, Participant, RateLock
from services.domain.valuation import Valuation

SHOWN_PLACES = 6
LEVEL_PLACES = 12
"""Rates that differ by less are the same rate: a level equivalent is a power, and has no exact decimal."""


class Offered(NamedTuple):
    """A term and the deposit period that offers it."""

    offering: GuaranteedOffering
    term: GuaranteedTerm

    @property
    def level(self) -> Decimal:
        """The level equivalent of the term's rates, as an annual effective yield."""
        start, value = self.offering.period_end, ONE
        for step in self.term.steps:
            value *= growth(step.rate, accrual_days(start, step.through))
            start = step.through
        days = accrual_days(self.offering.period_end, self.term.maturity)
        return rounded(value ** (YEAR / days) - 1, LEVEL_PLACES)


def covering(participant: Participant, source: Source, received_on: date) -> RateLock | None:
    """The participant's lock, where it covers a deposit: an external transfer received from the day of the election to
    its last day, both included.
    """
    lock = participant.rate_lock
    covered = lock is not None and source in EXTERNAL_TRANSFERS and lock.elected <= received_on <= lock.through
    return lock if covered else None


def offered(at: Valuation, option: GuaranteedOption, years: int, lock: RateLock | None) -> Offered | None:
    """What a deposit of the day into a length of term is given, None where nobody offers it."""
    current = _on(at, option, years, at.day)
    locked = locked_in_period(at, option, years, lock)
    if locked is None or (current is not None and current.level >= locked.level):
        return current
    return locked


def locked_in_period(at: Valuation, option: GuaranteedOption, years: int, lock: RateLock | None) -> Offered | None:
    """The same as it was when the lock was elected, if there is one for the option and the term still runs."""
    if lock is None or option.option not in lock.options:
        return None
    found = _on(at, option, years, lock.elected)
    return found if found is not None and found.term.maturity > at.day else None


def comparison(at: Valuation, share: AllocationShare, lock: RateLock) -> Iterator[tuple[str, str]]:
    """What was compared for a share of a covered deposit, for a reader; nothing where its option is not locked."""
    option = at.terms.option_named(share.option)
    if not isinstance(option, GuaranteedOption) or share.option not in lock.options or share.term is None:
        return
    periods = (
        ("locked", locked_in_period(at, option, share.term, lock)),
        ("current", _on(at, option, share.term, at.day)),
    )
    for which, found in periods:
        told = "not offered"
        if found is not None:
            level = plain(rounded(found.level, SHOWN_PLACES))
            told = f"level {level}, deposit period {found.offering.period_start} to {found.offering.period_end}"
        yield f"{share.option}_term_{share.term}_{which}", told


def current_period(at: Valuation, option: GuaranteedOption, day: date) -> GuaranteedOffering | None:
    """The deposit period of an option that is open on a day, or None."""
    return open_offering(at.market.offerings.get(option.series, ()), day)


def _on(at: Valuation, option: GuaranteedOption, years: int, day: date) -> Offered | None:
    offering = current_period(at, option, day)
    term = None if offering is None else offered_term(offering, years)
    return None if offering is None or term is None else Offered(offering, term)
