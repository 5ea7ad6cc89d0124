"""The maturity value transfer provision: what was reinvested by itself may go once, free of adjustment (MAT-4).

Of a lot in its window as much is free as was reinvested, barred by GAA-4 or not; the interest on it too, where the
lot goes as a whole. Its first transfer or withdrawal that is accepted uses the provision up, whatever it takes of the
lot; fees, quotes and rejections do not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import reduce

from contracts_schema.reasons import Reason
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


def drawn_with_windows(view: View, attempt: Callable[[View], Attempt]) -> Verdict:
    """Decide a request so that just those lots in their windows go free with all their interest that go as a whole.

    All are tried as whole ones, then those that went so, and again, until they are the same. Dollars between what a
    lot pays in part and what it pays as a whole are paid as of a whole one; and a part may pay more than the whole,
    where the adjustment is positive.
    """
    windows = frozenset(lot.lot for lot in view.account.lots if in_window(lot, view.at.day))
    whole, found = windows, attempt(changed(view, whole=windows))
    if windows and found.draws is None:
        in_part = attempt(view)
        return found.found if in_part.draws is None or _gone(view, windows, in_part.draws) else in_part.found
    while found.draws is not None and (gone := _gone(view, windows, found.draws)) != whole:
        fewer = attempt(changed(view, whole=gone))
        if fewer.draws is None and not fewer.short:
            return fewer.found
        if fewer.draws is None or not _gone(view, windows, fewer.draws) <= gone:
            break
        whole, found = gone, fewer
    return found.found


def used_up(account: Account, draws: Sequence[Draw]) -> Account:
    """The account when a request is accepted that draws so: each lot that it takes from has had its one request."""
    drawn = {draw.holding.adjustment.lot.lot for draw in draws if draw.taken and draw.holding.adjustment is not None}
    used = [lot for lot in account.lots if lot.reinvested is not None and lot.lot in drawn]
    return reduce(Account.with_lot, [changed(lot, reinvested=None) for lot in used], account)


def _gone(view: View, windows: Collection[str], draws: Sequence[Draw]) -> frozenset[str]:
    """Which of the lots in their windows the draws take all of."""
    taken = dict.fromkeys(windows, ZERO)
    for draw in draws:
        name = draw.holding.adjustment.lot.lot if draw.holding.adjustment is not None else ""
        if name in taken:
            taken[name] += draw.taken
    values = {lot.lot: view.lot_value(lot) for lot in view.account.lots if lot.lot in windows}
    return frozenset(name for name, dollars in taken.items() if dollars == values[name])
