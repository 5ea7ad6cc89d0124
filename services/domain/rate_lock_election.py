"""Electing a rate lock, and its end (GAA-7, NTC-6, GEN-8).

A participant has one lock at a time under the contract. It is of the day on which the election was received, New York,
whatever its trade date: so are the rates that it locks and the days that it lasts, the last one included. It locks
every guaranteed option that gives rate locks and has a deposit period open on that day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from contracts_schema.options import GuaranteedOption
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction
from contracts_schema.types import plain
from contracts_schema.values import changed
from services.domain.allocation import not_taking
from services.domain.cases import Case, authorised
from services.domain.emitting import Told, notice
from services.domain.maturity import rates_of
from services.domain.numbers import rounded
from services.domain.rate_lock import SHOWN_PLACES, Offered, current_period
from services.domain.state import Participant, RateLock
from services.domain.steps import Moment, Step
from services.domain.verdicts import Done, Verdict, finding


def elect_rate_lock(case: Case[AccountInstruction], received_on: date) -> Verdict:
    """Lock the rates of the day of receipt, unless a lock is in force."""
    options = [each for each in case.terms.options if isinstance(each, GuaranteedOption) and each.rate_lock]
    refused = (*authorised(case), *_known(case), *_one_at_a_time(case, received_on), *_none(case, options, received_on))
    if refused:
        return refused
    locked = [option for option in options if not any(_closed(case, option, received_on))]
    days = max(option.rate_lock_days for option in locked)
    through = received_on + timedelta(days=days)
    names = tuple(option.option for option in locked)
    lock = RateLock(case.request.request_id, received_on, through, names)
    details = {"elected": received_on.isoformat(), "covers_through": through.isoformat()}
    for option in locked:
        details |= dict(_described(case, option, received_on))
    granted = changed(case.participant, rate_lock=lock)
    return Done(granted, "rate_lock_granted", ("GEN-2", "GAA-7", "NTC-6"), {"details": details})


def _known(case: Case[AccountInstruction]) -> Iterator[Finding]:
    if not case.participant.accounts:
        participant_id = case.participant.participant_id
        yield finding(Reason.UNKNOWN_PARTICIPANT, where="participant_id", participant_id=participant_id)


def _one_at_a_time(case: Case[AccountInstruction], received_on: date) -> Iterator[Finding]:
    lock = case.participant.rate_lock
    if lock is not None and received_on <= lock.through:
        yield finding(
            Reason.RATE_LOCK_IN_FORCE,
            possible_from=lock.through + timedelta(days=1),
            elected=lock.elected,
            covers_through=lock.through,
            received_on=received_on,
        )


def _none(case: Case[AccountInstruction], options: list[GuaranteedOption], received_on: date) -> Iterator[Finding]:
    """Why there is nothing to lock, where no option can be."""
    if not options:
        yield finding(Reason.RATE_LOCK_NOT_GIVEN)
    closed = [list(_closed(case, option, received_on)) for option in options]
    if all(closed):
        yield from (found for each in closed for found in each)


def _closed(case: Case[AccountInstruction], option: GuaranteedOption, day: date) -> Iterator[Finding]:
    shut = tuple(not_taking(option, day))
    yield from shut
    if not shut and current_period(case.at, option, day) is None:
        yield finding(Reason.NO_DEPOSIT_PERIOD, option=option.option, trade_date=day)


def _described(case: Case[AccountInstruction], option: GuaranteedOption, day: date) -> Iterator[tuple[str, str]]:
    """The deposit period that is locked, and what each of its terms earns."""
    offering = current_period(case.at, option, day)
    assert offering is not None, "options without an open deposit period are not locked"
    yield f"{option.option}_deposit_period", f"{offering.period_start} to {offering.period_end}"
    for term in offering.terms:
        level = rounded(Offered(offering, term).level, SHOWN_PLACES)
        yield f"{option.option}_term_{term.years}", f"{rates_of(term)}; level {plain(level)}"


def ended(participant: Participant, moment: Moment) -> Step:
    """The notice, at the first close after its last day, of a lock that no external transfer was received under.

    The lock stays on the books until another is elected: a transfer that was received in time and comes to the log
    later is still covered.
    """
    lock = participant.rate_lock
    if lock is None or not lock.unused or moment.trade_date is None or moment.trade_date <= lock.through:
        return Step(participant)
    told = {"elected": lock.elected.isoformat(), "covered_through": lock.through.isoformat()}
    content = Told("rate_lock_ended", ("GAA-7", "NTC-6"), lock.through, None, {"elected_by": lock.request_id, **told})
    marked = changed(participant, rate_lock=changed(lock, unused=False))
    numbered, emission = notice(marked, content, moment.decided_at)
    return Step(numbered, emissions=(emission,))
