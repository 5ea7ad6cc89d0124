"""The maturity value transfer provision: what was reinvested by itself may go once, free of adjustment (MAT-4).

Of a lot in its window as much is free as was reinvested, barred by GAA-4 or not; the interest on it too, where the
lot goes as a whole. Its first transfer or withdrawal that is accepted uses the provision up, whatever it takes of the
lot; fees, quotes and rejections do not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import reduce

from contracts_schema.reasons import Reason
from contracts_schema.terms import AccountType
from contracts_schema.values import Value, changed
from services.domain.draws import Draw
from services.domain.guaranteed import in_window
from services.domain.numbers import ZERO
from services.domain.sources import View
from services.domain.state import Account
from services.domain.verdicts import Done, Verdict


class Attempt(Value, frozen=True):
    """What a request comes to if certain lots go as a whole; `draws` is None where it is refused before anything is
    drawn.
    """

    found: Verdict
    draws: Sequence[Draw] | None = None

    @property
    def short(self) -> bool:
        """Whether it is refused for lack of value and for nothing else."""
        return not isinstance(self.found, Done) and all(found.code is Reason.INSUFFICIENT_VALUE for found in self.found)


Lots = frozenset[tuple[AccountType, str]]
"""Lots by account and name."""
Views = tuple[View, ...]


def drawn_with_windows(view: View, attempt: Callable[[View], Attempt]) -> Verdict:
    """Decide a request on one account, as `drawn_over_windows` does."""
    return drawn_over_windows((view,), lambda views: attempt(views[0]))


def drawn_over_windows(views: Views, attempt: Callable[[Views], Attempt]) -> Verdict:
    """Decide a request on accounts so that just those lots in their windows go free with all their interest that go as
    a whole.

    All are tried as whole ones, then those that went so, and again, until they are the same. Dollars between what a
    lot pays in part and what it pays as a whole are paid as of a whole one; and a part may pay more than the whole,
    where the adjustment is positive.
    """
    windows = frozenset(
        (view.account.type, lot.lot) for view in views for lot in view.account.lots if in_window(lot, view.at.day)
    )
    if not windows:
        return attempt(views).found
    whole, found = windows, attempt(_going(views, windows))
    if found.draws is None:
        in_part = attempt(views)
        return found.found if in_part.draws is None or _gone(views, windows, in_part.draws) else in_part.found
    while (gone := _gone(views, windows, found.draws)) != whole:
        fewer = attempt(_going(views, gone))
        if fewer.draws is None and not fewer.short:
            return fewer.found
        if fewer.draws is None or not _gone(views, windows, fewer.draws) <= gone:
            break
        whole, found = gone, fewer
    return found.found


def _going(views: Views, lots: Lots) -> Views:
    """The accounts, of which these lots are taken to go with all their value."""
    return tuple(
        changed(view, whole=frozenset(name for type_, name in lots if type_ == view.account.type)) for view in views
    )


def used_up(account: Account, draws: Sequence[Draw]) -> Account:
    """The account when a request is accepted that draws so: each lot that it takes from has had its one request."""
    drawn = {draw.holding.adjustment.lot.lot for draw in draws if draw.taken and draw.holding.adjustment is not None}
    used = [lot for lot in account.lots if lot.reinvested is not None and lot.lot in drawn]
    return reduce(Account.with_lot, [changed(lot, reinvested=None) for lot in used], account)


def _gone(views: Views, windows: Collection[tuple[AccountType, str]], draws: Sequence[Draw]) -> Lots:
    """Which of the lots in their windows the draws take all of."""
    taken = dict.fromkeys(windows, ZERO)
    for draw in draws:
        holding = draw.holding
        if holding.adjustment is not None and holding.account is not None:
            lot = (holding.account, holding.adjustment.lot.lot)
            taken[lot] = taken.get(lot, ZERO) + draw.taken
    values = {(view.account.type, lot.lot): view.lot_value(lot) for view in views for lot in view.account.lots}
    return frozenset(lot for lot in windows if taken[lot] == values[lot])
