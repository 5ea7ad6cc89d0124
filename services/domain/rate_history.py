"""What a fixed option has earned since it began, by the days at the same rates (FIX-4, FIX-6, FIX-7, GEN-5).

Kept only of options where an account may earn otherwise than the portfolio does: since its tenth anniversary, or at the
rate of the day on which its money was applied. It grows when a rate or a floor changes, not with every day, and is the
same for all participants.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from operator import attrgetter

from contracts_schema.options import FixedOption
from contracts_schema.values import Value
from services.domain.guaranteed import anniversary
from services.domain.numbers import ONE, growth

_since = attrgetter("since")


class Segment(Value, frozen=True):
    """Days from `since` on at one declared rate and one floor: the greatest of all in force (FIX-6).

    `index` is what the portfolio had grown to on `since`, `raised` the same if all of it had always earned the bonus
    of FIX-4 as well; both unrounded.
    """

    since: date
    declared: Decimal
    floor: Decimal
    index: Decimal
    raised: Decimal

    @property
    def rate(self) -> Decimal:
        """The rate credited to the portfolio (FIX-6)."""
        return max(self.declared, self.floor)


History = tuple[Segment, ...]


def keeps_history(option: FixedOption) -> bool:
    """Whether an account may earn otherwise than the portfolio does."""
    return option.anniversary is not None or option.rate_basis == "when_applied"


def bonus_of(option: FixedOption) -> Decimal:
    """What is credited beyond the declared rate from the anniversary on (FIX-4)."""
    return Decimal(0) if option.anniversary is None else option.anniversary.bonus


def bonus_since(option: FixedOption, opened: date) -> date:
    """The first day on which an Individual Account of an effective date earns the bonus (FIX-4).

    The anniversary of a 29 February is the 28th in a year that has no 29th; the latest date of all where there is
    no bonus.
    """
    if option.anniversary is None:
        return date.max
    return max(anniversary(opened, option.anniversary.years), option.anniversary.not_before)


def extended(history: History, rates: tuple[Decimal, Decimal], day: date, index: Decimal, bonus: Decimal) -> History:
    """The history with the rates in force from a day on, declared and floor; `index` is the portfolio's that day."""
    if history and (history[-1].declared, history[-1].floor) == rates:
        return history
    raised = raised_on(history[-1], day, bonus) if history else ONE
    return (*history, Segment(day, *rates, index, raised))


def raised_on(segment: Segment, day: date, bonus: Decimal) -> Decimal:
    """What the portfolio would have grown to with the bonus always, on a day of a segment."""
    return segment.raised * growth(segment.rate + bonus, (day - segment.since).days)


def at_day(history: History, day: date) -> int:
    """The place of the segment that a day lies in; of the first for days before it."""
    return max(bisect_right(history, day, key=_since) - 1, 0)


def raised_index(history: History, since: date, bonus: Decimal, day: date) -> Decimal:
    """The index, on a day, of an account that earns the bonus since one not after it (FIX-4); unrounded. An option that
    has not begun is at 1.
    """
    if not history:
        return ONE
    start, now = history[at_day(history, since)], history[at_day(history, day)]
    since = max(since, start.since)
    before = start.index * growth(start.rate, (since - start.since).days)
    return before * raised_on(now, day, bonus) / raised_on(start, since, bonus)


def declared_since(history: History, day: date) -> date:
    """The first day of the declared rate in effect on a day: money applied while it is earns alike (FIX-7)."""
    at = at_day(history, day)
    while at and history[at - 1].declared == history[at].declared:
        at -= 1
    return history[at].since


def rate_on(history: History, day: date, declared_on: date) -> Decimal:
    """The rate credited on a day, before any bonus, to money that earns the declared rate of one (FIX-6, FIX-7)."""
    return max(history[at_day(history, declared_on)].declared, history[at_day(history, day)].floor)


def applied_index(history: History, since: date, bonus: tuple[date, Decimal], day: date) -> Decimal:
    """The index, on a day, of money that earns the declared rate in effect on `since`, 1 on that day; unrounded.

    Floors count each day as they are then (FIX-6), and the bonus from its day on (FIX-4).
    """
    index, start, rate = ONE, since, None
    for change, next_rate in _rates(history, since, bonus):
        if change >= day:
            break
        if rate is not None and next_rate != rate:
            index, start = index * growth(rate, (change - start).days), change
        rate = next_rate
    return index if rate is None else index * growth(rate, (day - start).days)


def _rates(history: History, since: date, bonus: tuple[date, Decimal]) -> Iterator[tuple[date, Decimal]]:
    """The days from which money applied on a day earns a rate, and the rate; in order."""
    first, (raised_from, more) = at_day(history, since), bonus
    declared = history[first].declared
    for at in range(first, len(history)):
        start = max(history[at].since, since)
        end = history[at + 1].since if at + 1 < len(history) else date.max
        rate = max(declared, history[at].floor)
        yield start, rate + more if start >= raised_from else rate
        if start < raised_from < end:
            yield raised_from, rate + more
